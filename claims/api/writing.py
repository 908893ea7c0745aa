"""How each kind of record is written: what a body says is handed to the service that records or changes such."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from claims.api import resources
from claims.api.claim_records import NewAttributionSerializer
from claims.api.judgement_records import WithdrawalSerializer
from claims.api.problems import Places
from claims.api.resources import Resource
from claims.models import Agent, AgentName, Attribution, Claim, Option, Record, User
from claims.permissions import Capability
from claims.services.editing import change_attribution, keep
from claims.services.findings import withdraw_findings
from claims.services.links import withdraw_links
from claims.services.notices import withdraw_notices
from claims.services.question_options import TypedOption, keep_question
from claims.services.recording import LinesRefused, NewAttribution, NewClaim, NewPassage, NewRelay, add_claims
from claims.services.recording import record as record_attributions
from claims.services.texts import attach_pasted

Values = dict[str, Any]
# What services call otherwise than bodies do.
QUOTED = {"quote": "exact"}


@dataclass(frozen=True)
class Acting:
    """Who writes, and why."""

    by: User
    reason: str


Create = Callable[[Values, Acting, UUID | None], Record]
Change = Callable[[Any, Values, Acting], None]


@dataclass(frozen=True, eq=False)
class Writer:
    """How records of a kind are written; what is None is not done at their addresses.

    `new` is the body that records one with all that belongs to it, `changed` the one that changes it; both are the
    record's own where None. Where `by_put`, one is changed as a whole, too, and, where `new` is None, recorded under an
    identifier of the program's own choice. `places` says where the parts of a service's refusal stand in the body.
    """

    create: Create | None = None
    change: Change | None = None
    new: Any = None
    changed: Any = None
    records: Capability = Capability.RECORD
    changes: Capability = Capability.REVISE
    places: Places = field(default_factory=lambda: Places({"records": "", "attribution": "", "claims": ""}, QUOTED))
    by_put: bool = True


def _assign(record: Record, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def _made(model: type[Record], values: Mapping[str, Any], uid: UUID | None) -> Record:
    record = model(**({} if uid is None else {"uid": uid}))
    _assign(record, values)
    return record


def _kept(resource: Resource) -> Writer:
    """Records that are kept as they are said to be."""

    def create(values: Values, acting: Acting, uid: UUID | None) -> Record:
        record = _made(resource.model, values, uid)
        keep(records=[record], by=acting.by, reason=acting.reason)
        return record

    def change(record: Record, values: Values, acting: Acting) -> None:
        _assign(record, values)
        keep(records=[record], by=acting.by, reason=acting.reason)

    return Writer(create, change)


# --- agents -----------------------------------------------------------------------------------------------------------


def _create_agent(values: Values, acting: Acting, uid: UUID | None) -> Record:
    names = values.pop("names", [])
    agent = Agent(**({} if uid is None else {"uid": uid}))
    _assign(agent, values)
    _keep_agent(agent, _names(agent, names), acting)
    return agent


def _change_agent(agent: Agent, values: Values, acting: Acting) -> None:
    names = values.pop("names", None)
    _assign(agent, values)
    _keep_agent(agent, [] if names is None else _names(agent, names), acting)


def _keep_agent(agent: Agent, names: Sequence[AgentName], acting: Acting) -> None:
    """Keep both; what is refused of a name is told of its place in the list of names."""
    try:
        keep(records=[agent, *names], by=acting.by, reason=acting.reason)
    except LinesRefused as refused:
        parts = {(0, "names", part[2] - 1) if part[2] else part: error for part, error in refused.parts.items()}
        raise LinesRefused(parts) from None


def _names(agent: Agent, names: Sequence[Values]) -> list[AgentName]:
    """The names as they should be; those that are left out are withdrawn."""
    known = () if agent._state.adding else AgentName.objects.filter(agent=agent)
    stored = {(row.language, row.text): row for row in known}
    rows = []
    for given in names:
        row = stored.pop((given["language"], given["text"].strip()), None) or AgentName(agent=agent)
        _assign(row, {**given, "withdrawn": False})
        rows.append(row)
    for left in stored.values():
        left.withdrawn = True
    return [*rows, *stored.values()]


# --- options ----------------------------------------------------------------------------------------------------------


def _create_option(values: Values, acting: Acting, uid: UUID | None) -> Record:
    under = values.pop("under", "")
    option = Option(**values, **({} if uid is None else {"uid": uid}))
    typed = [TypedOption(option=option, under=under)]
    keep_question(question=option.question, options=typed, by=acting.by, reason=acting.reason)
    return option


def _change_option(option: Option, values: Values, acting: Acting) -> None:
    under = values.pop("under", None)
    _assign(option, values)
    if under is None:
        keep(records=[option], by=acting.by, reason=acting.reason)
    else:
        typed = [TypedOption(option=option, under=under)]
        keep_question(question=option.question, options=typed, by=acting.by, reason=acting.reason)


# --- attributions and their claims ------------------------------------------------------------------------------------


def _create_attribution(values: Values, acting: Acting, uid: UUID | None) -> Record:
    relays, passages, claims = (values.pop(name, []) for name in ("relays", "passages", "claims"))
    new = NewAttribution(
        attribution=_made(Attribution, values, uid),  # type: ignore[arg-type]
        relays=[NewRelay(**each) for each in relays],
        passages=[NewPassage(**each) for each in passages],
        claims=[_new_claim(each) for each in claims],
    )
    return record_attributions(attributions=[new], by=acting.by, reason=acting.reason)[0]


def _change_attribution(attribution: Attribution, values: Values, acting: Acting) -> None:
    relays = values.pop("relays", None)
    _assign(attribution, values)
    chain = None if relays is None else [NewRelay(**each) for each in relays]
    change_attribution(attribution=attribution, relays=chain, by=acting.by, reason=acting.reason)


def _new_claim(values: Values, claim: Claim | None = None) -> NewClaim:
    wordings, make_options = values.pop("wordings", {}), values.pop("make_options", False)
    claim = claim or Claim()
    _assign(claim, values)
    return NewClaim(claim=claim, wordings=wordings, make_options=make_options)


def _create_claim(values: Values, acting: Acting, uid: UUID | None) -> Record:
    attribution = values.pop("attribution")
    new = _new_claim(values, Claim(**({} if uid is None else {"uid": uid})))
    return add_claims(attribution=attribution, claims=[new], by=acting.by, reason=acting.reason)[0]


def _change_claim(claim: Claim, values: Values, acting: Acting) -> None:
    attribution = claim.attribution
    new = _new_claim(values, claim)
    change_attribution(attribution=attribution, claims=[new], by=acting.by, reason=acting.reason)


# --- texts, and what is taken back ------------------------------------------------------------------------------------


def _attach(values: Values, acting: Acting, _uid: UUID | None) -> Record:
    return attach_pasted(**values, by=acting.by, reason=acting.reason).snapshot


def _withdrawal(withdraw: Callable[[Record, Acting], object], changes: Capability) -> Writer:
    """Judgements are taken back, and nothing else of them is changed."""

    def change(record: Record, _values: Values, acting: Acting) -> None:
        withdraw(record, acting)

    return Writer(change=change, changed=WithdrawalSerializer, changes=changes, by_put=False)


def _finding(record: Any, acting: Acting) -> object:
    return withdraw_findings(findings=[record], by=acting.by, reason=acting.reason)


def _notice(record: Any, acting: Acting) -> object:
    return withdraw_notices(notices=[record], by=acting.by, reason=acting.reason)


def _link(record: Any, acting: Acting) -> object:
    return withdraw_links(links=[record], by=acting.by, reason=acting.reason)


_ATTRIBUTED = Places(
    {"attribution": "", "relays": "/relays/{}", "passages": "/passages/{}", "claims": "/claims/{}"}, QUOTED
)
WRITERS: Mapping[Resource, Writer] = {
    **{each: _kept(each) for each in (resources.TOPIC, resources.SIDE, resources.SOURCE, resources.QUESTION)},
    resources.PASSAGE: _kept(resources.PASSAGE),
    resources.AGENT: Writer(_create_agent, _change_agent, places=Places({"records": "", "names": "/names/{}"})),
    resources.OPTION: Writer(
        _create_option, _change_option, places=Places({"records": "", "question": "/question", "options": ""})
    ),
    resources.ATTRIBUTION: Writer(
        _create_attribution,
        _change_attribution,
        new=NewAttributionSerializer,
        places=_ATTRIBUTED,
    ),
    resources.CLAIM: Writer(_create_claim, _change_claim),
    resources.SNAPSHOT: Writer(_attach, records=Capability.ATTACH_TEXTS, by_put=False),
    resources.FINDING: _withdrawal(_finding, Capability.SETTLE),
    resources.RETRACTION: _withdrawal(_notice, Capability.REVISE),
    resources.CORRECTION: _withdrawal(_notice, Capability.REVISE),
    resources.LINK: _withdrawal(_link, Capability.REVISE),
}
