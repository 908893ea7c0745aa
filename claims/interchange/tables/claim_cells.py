"""A claim on record as a row of the claims table: reading the row again says the same."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from claims.domain.notation import write_path
from claims.domain.numbers import write_number
from claims.interchange.tables.rows import Row
from claims.models import ClaimState
from claims.queries.claim_table import TableClaim, TablePassage, claims_in_batches

Fields = Mapping[str, Any]


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
    claim = found.fields
    cells = {
        "id": claim["external_id"] or str(claim["uid"]),
        **(_question(claim) if claim["question"] else {}),
        "stance": claim["stance"],
        "certainty": claim["certainty"],
        "inferred": "yes" if claim["inferred"] else "",
        "answer": found.answer,
        "as_of": claim["as_of"],
        **_attribution(claim, found.relays),
        **{f"statement@{language}": text for language, text in found.wordings},
        **(_passage(found.passage) if found.passage else {}),
        "review": claim["review"],
    }
    return {name: text for name, text in cells.items() if text}


def _question(claim: Fields) -> dict[str, str]:
    window, tolerance = claim["question__window_hours"], claim["question__tolerance"]
    return {
        "topic": claim["question__topic__name"],
        "question": claim["question__text"],
        "answer_kind": claim["question__kind"],
        "unit": claim["question__unit"],
        "several": "yes" if claim["question__several"] else "",
        "over_time": claim["question__over_time"],
        "window_hours": "" if window is None else write_number(window),
        "tolerance": "" if tolerance is None else write_number(tolerance),
        "rounding": write_number(claim["question__rounding"]) if claim["question__rounding"] else "",
    }


def _attribution(claim: Fields, relays: Sequence[str]) -> dict[str, str]:
    of = {name.removeprefix("attribution__"): value for name, value in claim.items()}
    return {
        "speaker": of["speaker__name"],
        "speaker_id": str(of["speaker__uid"]),
        "speaker_kind": of["speaker__kind"],
        "speaker_role": of["role"],
        "side": of["side__name"] or of["speaker__side__name"],
        "speaks_for": of["on_behalf_of__name"] or of["speaker__speaks_for__name"],
        "via": write_path(relays),
        "cue": of["cue"],
        "manner": of["manner"],
        "said_on": of["said_on"],
        "source": of["source__title"],
        "source_url": of["source__url"],
        "publisher": of["source__publisher__name"],
        "published_on": of["source__published_on"],
        "language": of["source__language"],
    }


def _passage(passage: TablePassage) -> dict[str, str]:
    return {
        "quote": passage.exact,
        "prefix": passage.prefix,
        "suffix": passage.suffix,
        "start": "" if passage.start is None else str(passage.start),
        "text_sha256": passage.sha256,
    }
