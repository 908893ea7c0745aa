"""What an entry says, as the bytes that the tree holds: one spelling, for the sweeper, the export and every check."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_TABLE = re.compile(r"[a-z0-9_]{1,63}")
_CHANGE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OPERATIONS = frozenset("IUDA")
_LARGEST = 10**19 - 1
HASH = 32


class Malformed(ValueError):  # noqa: N818 - it names what an entry is
    """An entry is not as the triggers write it; says in a sentence which one, and in what."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as the database has it. `at` is UTC with six digits and a Z; a redacted one has no salt and no body."""

    id: int
    at: str
    table: str
    key: str
    operation: str
    change: str | None
    user: Any
    salt: bytes | None
    body: bytes | None

    @property
    def payload(self) -> dict[str, Any] | None:
        """What the entry says of its row: {"before", "after", "secrets"}; None where that is no JSON, or redacted."""
        with suppress(ValueError, RecursionError):
            found = json.loads(self.body or b"null", parse_float=Decimal)
            if type(found) is dict and found.keys() >= {"before", "after"}:
                return found
        return None


def commitment(row: EntryRow) -> bytes:
    """The 32 bytes that stand for the payload in the leaf; raises `Malformed` where there is none to stand for."""
    if row.salt is None or row.body is None or len(row.salt) != HASH:
        raise Malformed(f"Entry {row.id} has no content, or lacks the salt that belongs to it.")
    return sha256(row.salt + row.body).digest()


def refuse_malformed(row: EntryRow) -> None:
    """Raise `Malformed` for what no trigger writes: an export with it in could be read by no verifier."""
    if row.payload is None or b"\n" in (row.body or b""):
        raise Malformed(f"The content of entry {row.id} is not JSON in UTF-8 with “before” and “after”, on one line.")
    leaf_bytes(0, row, b"")


def leaf_bytes(number: int, row: EntryRow, payload: bytes) -> bytes:
    """The bytes of a leaf; `payload` is the commitment. Raises `Malformed`."""
    _refuse_misspelt(row)
    told = {
        "n": number,
        "id": row.id,
        "at": row.at,
        "table": row.table,
        "key": row.key,
        "op": row.operation,
        "change": row.change,
        "user": row.user,
        "payload": payload.hex(),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def line_bytes(leaf: bytes, row: EntryRow) -> bytes:
    """The line of an export, with its end: the leaf and the payload are in it byte for byte."""
    if row.salt is None or row.body is None:
        return b'{"leaf":' + leaf + b',"salt":null,"payload":null}\n'
    return b'{"leaf":' + leaf + b',"salt":"' + row.salt.hex().encode() + b'","payload":' + row.body + b"}\n"


def _refuse_misspelt(row: EntryRow) -> None:
    """The verifier knows this one spelling: what somebody put into the journal by hand must not get past it."""
    sound = (
        0 <= row.id <= _LARGEST
        and (row.user is None or (isinstance(row.user, int) and 0 <= row.user <= _LARGEST))
        and row.operation in _OPERATIONS
        and _AT.fullmatch(row.at)
        and _TABLE.fullmatch(row.table)
        and (row.change is None or _CHANGE.fullmatch(row.change))
    )
    if not sound:
        raise Malformed(
            f"Entry {row.id} is not as the triggers write entries ({row.at} {row.table} {row.operation}): "
            "somebody put it into the journal by hand."
        )
