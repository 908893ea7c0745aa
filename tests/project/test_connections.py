"""Moments that PostgreSQL tells are remembered, and are the ones that it told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from claims import connections

MOMENTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1582, 10, 15, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2015, 12, 5, tzinfo=UTC),
    datetime(2015, 12, 5, 0, 0, 0, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
]


def _told(moments: list[datetime]) -> list[datetime | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(CAST(%s AS timestamptz[]))", [moments])
        return [moment for (moment,) in cursor.fetchall()]


@pytest.mark.django_db
def test_moments_are_told_alike_the_first_time_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("moments are remembered on PostgreSQL alone")
    monkeypatch.setattr(connections, "MOST_KNOWN", 3)
    for _ in range(3):
        told = _told(MOMENTS)
        assert told == MOMENTS
        assert all(moment is not None and moment.utcoffset() == timedelta(0) for moment in told)
    again = [_told([MOMENTS[-1]])[0] for _ in range(2)]
    assert again[0] is again[1]
