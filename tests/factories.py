"""Small functions that put records into the test database through the one door, filling in what a test leaves open.

Records only: derived state comes from whatever the change itself does. Dates are given as written.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import Group

from claims.domain.vocabulary import AgentKind, AnswerKind
from claims.models import (
    Agent,
    Attribution,
    Claim,
    ClaimLink,
    ClaimOption,
    ClaimWording,
    Import,
    Option,
    OptionBroader,
    Passage,
    Question,
    Record,
    Relay,
    Side,
    Snapshot,
    Source,
    Topic,
    User,
)
from claims.permissions import Role
from claims.queries.dates import date_of
from claims.services.transaction import add_batch, add_import, change, save

R = TypeVar("R", bound=Record)
Made = TypeVar("Made")
Given = ParamSpec("Given")
PASSWORD = "a password for tests"

_numbers = count(1)


def together(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Everything that this makes is one change, and derived once."""

    @wraps(make)
    def made(*given: Given.args, **named: Given.kwargs) -> Made:
        with change(by=None, reason="A test needs it", command="test"):
            return make(*given, **named)

    return made


def record(first: R, *others: Record) -> R:
    """Save the records in one change; returns the first."""
    with change(by=None, reason="A test needs it", command="test") as this:
        save(this, [first, *others])
    return first


def make_user(role: Role | None = None, **fields: Any) -> User:
    """A user who can sign in with `PASSWORD`, in the group of the role."""
    user: User = User.objects.create_user(
        **{"username": f"user{next(_numbers)}", "password": PASSWORD, "is_staff": True, **fields}
    )
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_side(**fields: Any) -> Side:
    return record(Side(**{"name": f"Side {next(_numbers)}", **fields}))


def make_agent(**fields: Any) -> Agent:
    return record(Agent(**{"name": f"Agent {next(_numbers)}", "kind": AgentKind.PERSON, **fields}))


def make_source(*, published_on: str = "", **fields: Any) -> Source:
    given = {"title": f"Source {next(_numbers)}", **_dated("published_on", published_on), **fields}
    return record(Source(**given))


@together
def make_snapshot(source: Source | None = None, **fields: Any) -> Snapshot:
    given = {"sha256": f"{next(_numbers):064x}", **fields}
    return record(Snapshot(source=source or make_source(), **given))


def make_topic(**fields: Any) -> Topic:
    return record(Topic(**{"name": f"Topic {next(_numbers)}", **fields}))


def make_question(**fields: Any) -> Question:
    return record(Question(**{"text": f"Question {next(_numbers)}?", **fields}))


def make_option(question: Question, label: str = "", *, broader: Sequence[Option] = ()) -> Option:
    option = Option(question=question, label=label or f"Option {next(_numbers)}")
    return record(option, *(OptionBroader(option=option, broader=above) for above in broader))


@together
def make_attribution(*, said_on: str = "", relays: Sequence[Agent] = (), **fields: Any) -> Attribution:
    """An attribution; `relays` begins with the agent nearest to the speaker."""
    attribution = Attribution(
        **{
            "source": fields.pop("source", None) or make_source(),
            "speaker": fields.pop("speaker", None) or make_agent(),
            **_dated("said_on", said_on),
            **fields,
        }
    )
    hops = [Relay(attribution=attribution, position=place, agent=agent) for place, agent in enumerate(relays)]
    return record(attribution, *hops)


@together
def make_passage(attribution: Attribution, snapshot: Snapshot | None = None, **fields: Any) -> Passage:
    found = snapshot or make_snapshot(attribution.source)
    return record(Passage(attribution=attribution, snapshot=found, **{"exact": "words", **fields}))


@together
def make_claim(
    question: Question | None = None,
    *,
    attribution: Attribution | None = None,
    options: Sequence[Option] = (),
    statement: str = "",
    as_of: str = "",
    **fields: Any,
) -> Claim:
    """A claim; the answer to a choice question is given by its options, to others as written and as understood."""
    answer = " | ".join(option.label for option in options) or "an answer"
    claim = Claim(
        question=question,
        attribution=attribution or make_attribution(),
        **{"answer": answer, **_dated("as_of", as_of), **fields},
    )
    parts: list[Record] = [ClaimOption(claim=claim, option=option) for option in options]
    if statement:
        parts.append(ClaimWording(claim=claim, language="en", text=statement))
    return record(claim, *parts)


def make_quantity(question: Question, number: int, **fields: Any) -> Claim:
    """A claim that gives this number."""
    return make_claim(question, answer=str(number), quantity_low=number, quantity_high=number, **fields)


def make_quantity_question(**fields: Any) -> Question:
    return make_question(kind=AnswerKind.QUANTITY, **fields)


def make_import(name: str = "claims.csv") -> Import:
    """An import on record, of one batch."""
    with change(by=None, reason="A test needs it", command="test") as this:
        imported = add_import(this, files=[{"name": name, "format": "csv", "sha256": "0" * 64}])
        add_batch(this, imported, new=1)
    return imported


def make_link(claim: Claim, other: Claim, kind: str) -> ClaimLink:
    return record(ClaimLink(claim=claim, other=other, kind=kind))


def _dated(written: str, text: str) -> dict[str, Any]:
    """The three fields of a date: as written, and its bounds."""
    stem = written.removesuffix("_on")
    begin, end = date_of(text).bounds() if text else (None, None)
    return {written: text, f"{stem}_from": begin, f"{stem}_until": end}
