"""Asking for rows by their keys: by a list, or by the ends of a stretch that leaves none out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.models import Topic
from claims.queries.keys import among, stretch
from tests import factories as make


@given(st.lists(st.integers(1, 12)))
def test_a_stretch_holds_its_keys_and_no_other(keys: list[int]) -> None:
    ends = stretch(keys)
    if ends is not None:
        assert set(range(ends[0], ends[1] + 1)) == set(keys)
    elif keys:
        assert set(range(min(keys), max(keys) + 1)) > set(keys)


@pytest.mark.django_db
def test_rows_are_found_by_their_keys_however_they_lie() -> None:
    keys = [make.make_topic().pk for _ in range(5)]
    for asked in ([], keys, keys[1:4], keys[::2], [keys[0], keys[0], keys[2]], keys[:1]):
        found = Topic.objects.filter(among("pk", asked)).values_list("pk", flat=True)
        assert sorted(found) == sorted(set(asked))
