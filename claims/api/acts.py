"""What is done about a record, at an address beneath its own: reviews, retractions, corrections, links, findings.

Each asks, as a change would, for the version of the record that was seen: `If-Match` names that of claim or question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from claims.api import resources
from claims.api.answers import asked_version, version_needed
from claims.api.base import ApiView
from claims.api.claim_items import ClaimItem
from claims.api.items import Item, in_the_body, read_body, recorded, stale
from claims.api.judgement_records import FindingSerializer, LinkSerializer, NoticeSerializer, ReviewSerializer
from claims.api.problems import Places
from claims.api.resources import Resource
from claims.api.schema import CHANGE_REASON, CHANGING, IF_MATCH, WRITING, Operation
from claims.api.writing import QUOTED, Acting, Values
from claims.domain.vocabulary import LinkKind, Review
from claims.models import Claim, Question, Record
from claims.permissions import Capability
from claims.services.findings import Settlement, settle
from claims.services.links import disown, let_both_stand, revise
from claims.services.notices import Notice, correct, retract
from claims.services.refusals import Stale
from claims.services.review import check, discard, reopen
from claims.services.seen import require_version
from claims.services.transaction import change


@dataclass(frozen=True)
class Act:
    """Something that is done about a record: by which method, who may, what it takes, and what comes of it.

    `perform` is given the record, what the body says, and who acts; it returns the record that is answered.
    """

    name: str
    summary: str
    method: str
    capability: Capability
    body: Any
    about: Resource
    answers: Resource
    perform: Callable[[Any, Values, Acting], Record]
    places: Places
    description: str = ""


def _review(claim: Claim, values: Values, acting: Acting) -> Record:
    service = {Review.CHECKED: check, Review.DISCARDED: discard, Review.PENDING: reopen}[Review(values["review"])]
    service(claims=[claim], by=acting.by, reason=acting.reason)
    return claim


def _notice(claim: Claim, values: Values) -> Notice:
    return Notice(claim=claim, quote=values.pop("exact", ""), **values)


def _retract(claim: Claim, values: Values, acting: Acting) -> Record:
    return retract(notices=[_notice(claim, values)], by=acting.by, reason=acting.reason)[0]


def _correct(claim: Claim, values: Values, acting: Acting) -> Record:
    return correct(notices=[_notice(claim, values)], by=acting.by, reason=acting.reason)[0]


def _link(claim: Claim, values: Values, acting: Acting) -> Record:
    services = {LinkKind.REVISES: revise, LinkKind.BOTH_STAND: let_both_stand, LinkKind.DISOWNS: disown}
    service = services[LinkKind(values.get("kind", LinkKind.REVISES))]
    return service(pairs=[(claim, values["other"])], by=acting.by, reason=acting.reason)[0]


def _settle(question: Question, values: Values, acting: Acting) -> Record:
    return settle(settlements=[Settlement(question=question, **values)], by=acting.by, reason=acting.reason)[0]


REVIEW = Act(
    "review_claim", "Review a claim", "PUT", Capability.REVIEW, ReviewSerializer, resources.CLAIM, resources.CLAIM,
    _review, Places(names={"claims": "review"}),
)  # fmt: skip
RETRACT = Act(
    "retract_claim", "Put on record that the speaker took a claim back", "POST", Capability.REVISE, NoticeSerializer,
    resources.CLAIM, resources.RETRACTION, _retract, Places(names=QUOTED),
)  # fmt: skip
CORRECT = Act(
    "correct_claim", "Put on record that the publisher corrected a claim", "POST", Capability.REVISE, NoticeSerializer,
    resources.CLAIM, resources.CORRECTION, _correct, Places(names=QUOTED),
)  # fmt: skip
LINK = Act(
    "link_claim", "Link a claim to another", "POST", Capability.REVISE, LinkSerializer,
    resources.CLAIM, resources.LINK, _link, Places(),
)  # fmt: skip
SETTLE = Act(
    "settle_question", "Settle a question", "POST", Capability.SETTLE, FindingSerializer,
    resources.QUESTION, resources.FINDING, _settle, Places(),
    "In the name of whoever asks, with grounds. The state of the question stays what it is.",
)  # fmt: skip


class ActView(ApiView):
    """The address of an act."""

    # `as_view` gives each address its own, and takes only what a class has.
    act: Act = REVIEW

    @property
    def item(self) -> Item:
        """How the record is found that the act is about."""
        return ClaimItem() if self.act.about is resources.CLAIM else Item(resource=self.act.about)

    def operation(self, method: str) -> Operation | None:
        """The one method."""
        act = self.act
        if method != act.method:
            return None
        return Operation(
            name=act.name,
            summary=act.summary,
            description=f"{act.description} `If-Match` names the version of the {act.about.one} that was seen.".strip(),
            tag=act.about.many,
            capability=act.capability,
            parameters=[self.item.key, IF_MATCH, CHANGE_REASON],
            body=act.body,
            answers={200 if act.method == "PUT" else 201: act.answers.serializer},
            problems=[*WRITING, *CHANGING],
        )

    def put(self, request: Any, uid: Any) -> HttpResponse:
        """Do it; again it changes nothing."""
        return self.done(request, uid, status=200)

    def post(self, request: Any, uid: Any) -> HttpResponse:
        """Do it."""
        return self.done(request, uid, status=201)

    def done(self, request: Any, uid: Any, *, status: int) -> HttpResponse:
        """Do it, to the version that was seen. Raises `Problem`."""
        act, record, seen = self.act, self.item.sought(uid), asked_version(request)
        if record is None:
            raise Http404(_("There is no record of this identifier here."))
        if seen is None:
            raise version_needed()
        if seen != record.version:
            stale(act.about, record)
        values, reason = read_body(request, act.body)
        by = self.acting(request)
        try:
            with in_the_body(act.places), change(by=by, reason=reason) as this:
                require_version(this, record, seen)
                made = act.perform(record, values, Acting(by, reason))
        except Stale:
            stale(act.about, record)
        return recorded(request, act.answers, made, status=status)
