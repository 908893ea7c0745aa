"""Moments that a database told are remembered, and are the ones that it told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, Value

from claims import connections
from claims.models import Topic
from tests import factories as make

MOMENTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1582, 10, 15, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2015, 12, 5, tzinfo=UTC),
    datetime(2015, 12, 5, 0, 0, 0, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
]


def _told(moment: datetime) -> datetime:
    told: datetime = Topic.objects.values_list(ExpressionWrapper(Value(moment), DateTimeField()), flat=True).get()
    return told


@pytest.mark.django_db
def test_moments_are_told_alike_the_first_time_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    make.record(make.make_topic())
    monkeypatch.setattr(connections, "MOST_KNOWN", 3)
    connections.remember_moments(connection)
    for _ in range(3):
        told = [_told(moment) for moment in MOMENTS]
        assert told == MOMENTS
        assert all(moment.utcoffset() == timedelta(0) for moment in told)
    assert _told(MOMENTS[-1]) is _told(MOMENTS[-1])
