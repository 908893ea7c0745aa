"""A claim on record as a row of the claims table: reading the row again says the same."""

from collections.abc import Iterator

from django.db.models import QuerySet

from claims.domain.notation import WrittenChoice, read_choice, write_choice, write_path
from claims.domain.numbers import write_number
from claims.domain.refusals import Refusal
from claims.interchange.tables.rows import Row
from claims.models import Attribution, Claim, ClaimState, Passage, Question
from claims.queries.claim_table import Path, TableClaim, claims_in_batches


def claims_as_rows(rows: QuerySet[ClaimState] | None = None) -> Iterator[Row]:
    """The claims of these rows (all that are not withdrawn, where none are given), in the order of recording."""
    chosen = ClaimState.objects.all() if rows is None else rows
    number = 0
    for batch in claims_in_batches(chosen):
        for found in batch:
            number += 1
            yield Row(number, claim_cells(found), number)


def claim_cells(found: TableClaim) -> dict[str, str]:
    """What the table says of a claim, by column in the table's order; what is not stated is left out.

    The words that have a default are written out, so that each row can be read alone.
    """
    claim = found.claim
    cells = {
        "id": claim.external_id or str(claim.uid),
        **(_question(claim.question) if claim.question else {}),
        "stance": claim.stance,
        "certainty": claim.certainty,
        "inferred": "yes" if claim.inferred else "",
        "answer": _answer(claim, found.paths),
        "as_of": claim.as_of,
        **_attribution(claim.attribution),
        **{f"statement@{wording.language}": wording.text for wording in claim.wordings.all()},
        **_passage(next(iter(claim.attribution.passages.all()), None)),
        "review": claim.review,
    }
    return {name: text for name, text in cells.items() if text}


def _question(question: Question) -> dict[str, str]:
    return {
        "topic": question.topic.name if question.topic else "",
        "question": question.text,
        "answer_kind": question.kind,
        "unit": question.unit,
        "several": "yes" if question.several else "",
        "over_time": question.over_time,
        "window_hours": "" if question.window_hours is None else write_number(question.window_hours),
        "tolerance": "" if question.tolerance is None else write_number(question.tolerance),
        "rounding": write_number(question.rounding) if question.rounding else "",
    }


def _answer(claim: Claim, paths: tuple[Path, ...]) -> str:
    """The answer as written; where the options it names are called otherwise, or lie deeper, as they are now."""
    if not paths:
        return claim.answer
    try:
        written = read_choice(claim.answer)
    except Refusal:
        written = WrittenChoice(())
    if set(written.paths) == set(paths) and written.only == claim.only:
        return claim.answer
    return write_choice(WrittenChoice(paths, claim.only))


def _attribution(attribution: Attribution) -> dict[str, str]:
    speaker, source = attribution.speaker, attribution.source
    side = attribution.side or speaker.side
    spoken_for = attribution.on_behalf_of or speaker.speaks_for
    return {
        "speaker": speaker.name,
        "speaker_id": str(speaker.uid),
        "speaker_kind": speaker.kind,
        "speaker_role": attribution.role,
        "side": side.name if side else "",
        "speaks_for": spoken_for.name if spoken_for else "",
        "via": write_path([relay.agent.name for relay in attribution.relays.all()]),
        "cue": attribution.cue,
        "manner": attribution.manner,
        "said_on": attribution.said_on,
        "source": source.title,
        "source_url": source.url,
        "publisher": source.publisher.name if source.publisher else "",
        "published_on": source.published_on,
        "language": source.language,
    }


def _passage(passage: Passage | None) -> dict[str, str]:
    """The first passage; the table has room for one."""
    if passage is None:
        return {}
    return {
        "quote": passage.exact,
        "prefix": passage.prefix,
        "suffix": passage.suffix,
        "start": "" if passage.start is None else str(passage.start),
        "text_sha256": passage.snapshot.sha256,
    }
