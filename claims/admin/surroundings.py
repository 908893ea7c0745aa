"""What a page of the admin shows around a claim: what it excludes and why, who agrees, links, passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from claims.admin.claim_list import ordered
from claims.models import Claim, ClaimState
from claims.queries.claim_pages import claim_states, read_claim
from claims.queries.claim_rows import ClaimRow, claim_rows
from claims.queries.reviews import out_of_date_since


def surroundings_of(claim: Claim) -> dict[str, Any]:
    """What a page shows around a claim: its row, its reading, and the rows of the claims that this names.

    A withdrawn claim has none.
    """
    state: ClaimState | None = claim_states().filter(pk=claim.pk).first()
    if state is None:
        return {}
    reading = read_claim(state)
    rows = {row.claim.pk: row for row in claim_rows([claim.pk, *reading.claims])}
    return {
        "row": rows[claim.pk],
        "wordings": ordered(rows[claim.pk]),
        "state": state,
        "reading": reading,
        "against": _rows(rows, reading.against),
        "agreeing": _rows(rows, reading.same),
        "copies": _rows(rows, [*([reading.copied_from] if reading.copied_from else []), *reading.copies]),
        "links": [(link, rows[link.claim]) for link in reading.links if link.claim in rows],
        "revised_by": state.revised_by_id,
        "out_of_date": out_of_date_since(claim),
    }


def _rows(rows: Mapping[int, ClaimRow], keys: Sequence[int]) -> list[ClaimRow]:
    return [rows[key] for key in keys if key in rows]
