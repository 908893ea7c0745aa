"""A question's comparison as `comparison.html` and the fragments beside it read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from claims.domain.notation import read_choice
from claims.domain.reasons import Reason
from claims.domain.refusals import Refusal
from claims.domain.vocabulary import AnswerKind, Stance, Standing
from claims.models import Finding, Question, QuestionState
from claims.queries.claim_rows import claim_rows
from claims.queries.comparison_names import PageNames, names_for, paths_of
from claims.queries.comparisons import Reading, ReadPosition, Some
from claims.queries.intervals import stretches_of
from claims.queries.overview import supported_by
from claims.views.links import Link, question_link, topic_link
from claims.views.shown import ShownClaim, leading_wording, shown_claim
from claims.wording import letter_of, word_answer, word_reason

EXCLUSIONS_ABOVE = 5
"""How many exclusions stand above the positions; the others are in the list below them."""

Shown = Mapping[int, ShownClaim]


@dataclass(frozen=True, slots=True)
class ShownSide:
    """A side's claims within a position."""

    name: str
    language: str
    party: bool
    claims: list[ShownClaim]


@dataclass(frozen=True, slots=True)
class ShownPosition:
    """One position in its column; `rest` is how many of its claims are not shown, `rest_url` the list of them all."""

    index: int
    answer: str
    answer_path: tuple[str, ...]
    language: str
    claims_count: int
    fewest: int
    most: int
    sources_count: int
    sides: list[ShownSide]
    rest: int
    rest_url: str


def compared(question: Question, reading: Reading | None) -> dict[str, Any]:
    """What the page of a question shows; without a reading only the question itself."""
    context: dict[str, Any] = {"question": question, "link": question_link(question), **_about(question)}
    if reading is None:
        return context
    names = names_for(question, reading)
    shown = _claims(reading)
    state = QuestionState(question=question, reasons=list(reading.reasons))
    exclusions = [{"positions": e["positions"], "reason": _worded(e["reason"], names)} for e in reading.exclusions]
    return context | {
        "reading": reading,
        "supported": supported_by(state),
        "positions": _positions(question, reading, names, shown),
        "exclusions": exclusions,
        "exclusions_above": exclusions[:EXCLUSIONS_ABOVE],
        "reasons": [_worded(reason, names) for reason in reading.reasons if reason["code"] != "excluded"],
        "tentative": _listed(reading.tentative, shown),
        "tentative_rest": reading.tentative.total - len(reading.tentative.shown),
        "fallen": _listed(reading.fallen, shown),
        "intervals": _intervals(question, reading, names),
        "is_date": question.kind == AnswerKind.DATE,
        "findings": _findings(question, names),
    }


def _about(question: Question) -> dict[str, Any]:
    """The question in other languages, its topic and the question of which it asks the outcome."""
    own = question_link(question).text
    texts = {"": question.text, **question.translations}
    return {
        "other_texts": [(language, text) for language, text in texts.items() if text and text != own],
        "topic": topic_link(question.topic) if question.topic else None,
        "outcome_of": question_link(question.outcome_of) if question.outcome_of else None,
        "outcomes": [question_link(each) for each in question.outcomes.all() if not each.withdrawn],
        "claims_url": f"{reverse('claim_list')}?question={question.uid}",
    }


def _worded(reason: Mapping[str, Any], names: PageNames) -> str:
    return word_reason(Reason(reason["code"], reason["values"]), names)


def _claims(reading: Reading) -> dict[int, ShownClaim]:
    """The claims shown, with the position and standing that this reading gives them."""
    index = {key: position.index for position in reading.positions for key in position.shown}
    rows = claim_rows([*reading.shown, *reading.revised_by.values()])
    shown: dict[int, ShownClaim] = {}
    for row in rows:
        key = row.claim.pk
        standing = reading.standing.get(key, Standing.STANDING)
        place = index.get(key)
        url = f"#position-{place}" if place is not None else ""
        shown[key] = shown_claim(row, index=place, standing=standing.value, position_url=url)
    for reason in reading.reasons:
        if reason["code"] == "retreated":
            _retreat(shown, reason["values"]["claim"], reason["values"]["other"])
    for key, by in reading.revised_by.items():
        if key in shown and by in shown:
            shown[key] = replace(shown[key], revised_by=leading_wording(shown[by]))
    return shown


def _retreat(shown: dict[int, ShownClaim], claim: int, other: int) -> None:
    """Beside the earlier claim stands the speaker's later doubt or possible."""
    if claim in shown and other in shown:
        shown[other] = replace(shown[other], retreat=leading_wording(shown[claim]))


def _listed(some: Some, shown: Shown) -> list[ShownClaim]:
    return [shown[key] for key in some.shown if key in shown]


def _positions(question: Question, reading: Reading, names: PageNames, shown: Shown) -> list[ShownPosition]:
    paths = paths_of(question) if question.kind == AnswerKind.CHOICE else {}
    return [_position(question, position, names, paths, shown) for position in reading.positions]


def _position(
    question: Question,
    position: ReadPosition,
    names: PageNames,
    paths: Mapping[str, tuple[str, ...]],
    shown: Shown,
) -> ShownPosition:
    claims = [shown[key] for key in position.shown if key in shown]
    return ShownPosition(
        index=position.index,
        answer=word_answer(names.question, position.answer, stance=position.stance),
        answer_path=_path(position, paths),
        language="",
        claims_count=position.claims,
        fewest=position.origins.fewest,
        most=position.origins.most,
        sources_count=position.sources,
        sides=_by_side(claims),
        rest=position.claims - len(claims),
        rest_url=f"{reverse('claim_list')}?question={question.uid}&position={letter_of(position.index)}",
    )


def _path(position: ReadPosition, paths: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The labels of an affirmed single option, the broadest first; nothing where the answer is more than a label."""
    if position.stance is not Stance.AFFIRMS or not paths:
        return ()
    try:
        written = read_choice(position.answer)
    except Refusal:
        return ()
    if len(written.paths) != 1 or written.only:
        return ()
    return paths.get(written.paths[0][-1], ())


def _by_side(claims: Iterable[ShownClaim]) -> list[ShownSide]:
    """The claims by the speaker's side, parties to the events first, those without a side last."""
    sides: dict[str, ShownSide] = {}
    for claim in claims:
        side = claim.side or Link("")
        sides.setdefault(side.text, ShownSide(side.text, side.language, claim.party, [])).claims.append(claim)
    return sorted(sides.values(), key=lambda side: (not side.name, not side.party))


def _intervals(question: Question, reading: Reading, names: PageNames) -> list[dict[str, Any]]:
    """The stretches of the positions for the picture, each with its answer in words."""
    answers = {each.index: word_answer(names.question, each.answer, stance=each.stance) for each in reading.positions}
    return [
        {"index": each.index, "answer": answers[each.index], "low": each.low, "high": each.high}
        for each in stretches_of(question, reading)
    ]


def _findings(question: Question, names: PageNames) -> list[dict[str, Any]]:
    """The editors' settlements, the newest first; one is out of date when a claim came in after it."""
    latest = QuestionState.objects.filter(question=question).values_list("latest_claim_at", flat=True).first()
    findings = Finding.objects.current().filter(question=question).select_related("settled_by").order_by("-settled_on")
    return [
        {
            "answer": word_answer(names.question, finding.answer),
            "statement": finding.statement,
            "grounds": finding.grounds,
            "language": "",
            "settled_on": date_format(localtime(finding.settled_on), "DATETIME_FORMAT"),
            "settled_by": finding.settled_by.get_full_name() or finding.settled_by.get_username(),
            "out_of_date": latest is not None and latest > finding.settled_on,
        }
        for finding in findings
    ]
