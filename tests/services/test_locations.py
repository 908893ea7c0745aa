"""Locations of passages: a pure function of texts and passages, whoever comes first."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection

from claims.models import Passage, PassageLocation, Snapshot
from claims.services.locations import location_differences, lock_sources, relocate
from claims.services.texts import attach_text, locate
from claims.services.transaction import change, save
from claims.text.decoding import sha256_of
from tests import factories as make

pytestmark = pytest.mark.django_db

TEXT = "The governor said that three hundred fighters would leave the district."


def with_text(snapshot: Snapshot, text: str = TEXT) -> Snapshot:
    return attach_text(source=snapshot.source, content=text.encode(), by=None, reason="A test", command="test").snapshot


def test_what_is_stored_is_what_the_texts_make_of_the_passages() -> None:
    snapshot = make.make_snapshot()
    attribution = make.make_attribution(source=snapshot.source)
    kept, other = (make.make_passage(attribution, snapshot, exact=exact) for exact in ("three hundred", "the district"))
    texts = [with_text(snapshot), with_text(snapshot, f"Homs. {TEXT}")]
    keys = [snapshot.source.pk]
    assert list(location_differences(keys)) == []
    with change(by=None, reason="A test", command="test"):
        PassageLocation.objects.filter(passage=kept, snapshot=texts[0]).update(outcome="lost", start=None, end=None)
        PassageLocation.objects.filter(passage=other, snapshot=texts[1]).delete()
    assert list(location_differences(keys)) == [
        f"location of passage {kept.pk} in snapshot {texts[0].pk}: not as the text has it",
        f"location of passage {other.pk} in snapshot {texts[1].pk}: not as the text has it",
    ]
    with change(by=None, reason="A test", command="test"):
        assert len(relocate([kept, other])) == 4
    assert list(location_differences(keys)) == []
    kept.withdrawn = True
    make.record(kept)  # the change that withdraws it forgets where it stood
    assert list(location_differences(keys)) == []
    assert not PassageLocation.objects.filter(passage=kept).exists()


@pytest.mark.django_db(transaction=True)
def test_a_text_and_a_passage_that_come_in_at_once_find_each_other() -> None:
    snapshot = make.make_snapshot()
    attribution = make.make_attribution(source=snapshot.source)
    both_done = threading.Barrier(2)

    def in_its_own_connection(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connection.close()

    def meet() -> None:
        with suppress(threading.BrokenBarrierError):  # one waits for the other, and cannot come here
            both_done.wait(timeout=1)

    def record() -> None:
        with change(by=None, reason="A test", command="test") as this:
            passage = Passage(attribution=attribution, snapshot=snapshot, exact="three hundred")
            save(this, [passage])
            locate(this, [passage])
            meet()

    def attach() -> None:
        with change(by=None, reason="A test", command="test"):
            with_text(snapshot)
            meet()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(in_its_own_connection, work) for work in (record, attach)]:
            done.result()
    assert PassageLocation.objects.get().outcome == "exact"


def test_sources_are_locked_in_the_order_of_their_keys() -> None:
    first, second = make.make_source(), make.make_source()
    with change(by=None, reason="A test", command="test"):
        assert lock_sources([second.pk, first.pk, second.pk]) == [first, second]


ORIGINAL = "Talks were held. The parties reached a truce on Tuesday. A second meeting reached nothing."
CHANGED = "News from Homs.\n\nTalks were held. The parties signed a truce on Tuesday. A second meeting reached nothing."


@pytest.mark.parametrize("original_first", [True, False])
def test_a_passage_without_surroundings_is_looked_for_with_those_of_its_own_text(original_first: bool) -> None:
    """One word in three is changed and all of it moved: alone it would be lost, or taken for another place."""
    own = make.make_snapshot(sha256=sha256_of(ORIGINAL.encode()))
    start = ORIGINAL.index("reached a truce")
    passage = make.make_passage(
        make.make_attribution(source=own.source), own, exact="reached a truce", start=start, end=start + 15
    )
    if original_first:
        with_text(own, ORIGINAL)
        changed = with_text(own, CHANGED)
    else:
        changed = with_text(own, CHANGED)
        with_text(own, ORIGINAL)
    found = PassageLocation.objects.get(passage=passage, snapshot=changed)
    assert (found.outcome, found.found) == ("altered", "signed a truce")
    assert list(location_differences([own.source_id])) == []
