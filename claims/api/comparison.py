"""The comparison of a question at its own address: now, as known on a date, as recorded on a moment."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from claims.api.answers import answer, moment
from claims.api.base import ApiView
from claims.api.compared import ComparisonSerializer, compared
from claims.api.items import UID
from claims.api.parameters import Faults, refuse_repeated, stated
from claims.api.problems import Fault, Kind, Problem
from claims.api.schema import IF_NONE_MATCH, NAMING, READING, Operation
from claims.domain.refusals import Refusal
from claims.domain.values import Moment
from claims.models import Question
from claims.permissions import Capability
from claims.queries.comparisons import reading_now, reading_then
from claims.queries.dates import date_of, recorded_by
from claims.queries.recorded import as_recorded_on, past
from claims.wording import isolated, word_refusal

KNOWN, RECORDED = "as_known_on", "as_recorded_on"
EDTF = {"type": "string", "minLength": 1, "maxLength": 100}
PARAMETERS = (
    OpenApiParameter(KNOWN, EDTF, description="Only what had been said or published by the end of this date (EDTF)."),
    OpenApiParameter(
        RECORDED,
        EDTF,
        description="Only what had been recorded by the end of this day, minute or second: `2016-09-20T14:30`.",
    ),
)


class Comparison(ApiView):
    """What the rules make of a question."""

    def known(self) -> Collection[str]:
        """The two axes of time."""
        return {KNOWN, RECORDED}

    def operation(self, method: str) -> Operation | None:
        """Reading; the past needs more."""
        if method not in {"GET", "HEAD"}:
            return None
        return Operation(
            name="compare_question",
            summary="Compare the claims on a question",
            description=(
                "Positions, what excludes what and why, and the claims that are named; nothing grows with the number "
                "of claims. All claims of a position: `/api/v1/claims/?question=…&position=A`."
            ),
            tag="questions",
            asking={RECORDED: Capability.READ_HISTORY},
            parameters=[UID, *PARAMETERS, IF_NONE_MATCH],
            answers={200: ComparisonSerializer, 304: None},
            problems=[*READING, *NAMING],
        )

    def get(self, request: Any, uid: UUID) -> HttpResponse:
        """The comparison."""
        known_on, until = _asked(request.GET)
        written = {"known_on": request.GET.get(KNOWN, ""), "recorded_on": request.GET.get(RECORDED, "")}
        with as_recorded_on(until, written=written["recorded_on"]) if until else nullcontext():
            question = Question.objects.current().filter(uid=uid).first()
            if question is not None:
                reading = reading_then(question, known_on=known_on) if known_on or past() else reading_now(question)
                return answer(request, compared(question, reading, **written))
        raise _missing(uid, until, written["recorded_on"])


def _missing(uid: UUID, until: datetime | None, recorded_on: str) -> Exception:
    """Why there is no such question: none at all, one that is withdrawn, or one that was recorded after that moment."""
    question = Question.objects.filter(uid=uid).first()
    if question is None or until is None or question.recorded_at < until:
        return Http404()
    sentence = _(
        "This question was not on record by %(moment)s: it was recorded at %(recorded)s. Ask for a later moment."
    )
    values = {"moment": isolated(recorded_on), "recorded": isolated(moment(question.recorded_at))}
    return Problem(Kind.NOT_FOUND, sentence % values, faults=[Fault(sentence % values, parameter=RECORDED)])


def _asked(query: QueryDict) -> tuple[Moment | None, datetime | None]:
    """The date and the moment asked for. Raises `Problem` (400) for what is neither."""
    faults = Faults()
    refuse_repeated(query, faults)
    known_on, until = None, None
    try:
        known_on = date_of(stated(query, KNOWN)).moment if KNOWN in query else None
    except Refusal as refusal:
        faults.add(KNOWN, word_refusal(refusal))
    try:
        until = recorded_by(stated(query, RECORDED)) if RECORDED in query else None
    except ValidationError as error:
        faults.add(RECORDED, error.messages[0])
    faults.refuse()
    return known_on, until
