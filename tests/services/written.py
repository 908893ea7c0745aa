"""What is in the database, for tests that say what a service wrote, or that it wrote nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import (
    RECORDS,
    ClaimState,
    ClaimToken,
    MatchKey,
    NameToken,
    PassageLocation,
    Position,
    QuestionState,
    Record,
    SnapshotContent,
    SuspectedPair,
    TextFingerprint,
    User,
)

TABLES = (
    *RECORDS,
    *(model.history.model for model in RECORDS),  # type: ignore[attr-defined]
    SnapshotContent,
    PassageLocation,
    Position,
    QuestionState,
    ClaimState,
    ClaimToken,
    NameToken,
    MatchKey,
    TextFingerprint,
    SuspectedPair,
)


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    found = {}
    with connection.cursor() as cursor:
        for model in TABLES:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608
            found[model.__name__] = sorted(cursor.fetchall(), key=repr)
    return found


@contextmanager
def nothing_written() -> Iterator[None]:
    """What happens inside leaves the database as it was."""
    before = rows()
    yield
    changed = {name: after for name, after in rows().items() if after != before[name]}
    assert changed == {}, changed


def savepoints(queries: CaptureQueriesContext) -> int:
    """How many savepoints were made."""
    return sum(query["sql"].startswith("SAVEPOINT") for query in queries)


def why(record: Record) -> tuple[str, User | None]:
    """The reason and the user of the newest version."""
    version = record.history.order_by("history_date", "history_id").last()  # type: ignore[attr-defined]
    return version.history_change_reason, version.history_user
