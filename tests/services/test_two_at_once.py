"""Two changes at once: one of them waits, or is told that it is stale; nothing is lost and none waits for ever."""

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection, transaction

from claims.models import Attribution, Change, Claim, OutsideService, Question, Source, Topic
from claims.models.guard import open_change
from claims.services.refusals import Stale
from claims.services.transaction import change, lock_question, lock_questions, save
from tests import factories as make

pytestmark = pytest.mark.django_db


def in_a_thread(work: Callable[[], None], failures: list[BaseException]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test, which must not pass
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_on_one_version_exactly_one_wins() -> None:
    topic = make.make_topic(name="0")
    outcomes: list[str] = []
    barrier = threading.Barrier(4)

    def edit(name: str) -> Callable[[], None]:
        def work() -> None:
            mine = Topic.objects.get()
            mine.name = name
            barrier.wait()
            try:
                make.record(mine)
                outcomes.append(name)
            except Stale:
                outcomes.append("stale")

        return work

    failures: list[BaseException] = []
    for thread in [in_a_thread(edit(name), failures) for name in "abcd"]:
        thread.join()
    assert failures == []
    assert sorted(outcomes)[1:] == ["stale"] * 3
    topic.refresh_from_db()
    assert (topic.name, topic.version, topic.history.count()) == (min(outcomes), 2, 2)


@pytest.mark.django_db(transaction=True)
def test_two_changes_on_one_question_wait_for_each_other_and_both_are_seen() -> None:
    """Both have recorded their claim before either asks for the lock."""
    question = make.make_question()
    attributions = [make.make_attribution(), make.make_attribution()]
    both_recorded = threading.Barrier(2)
    counts: list[int] = []
    failures: list[BaseException] = []

    def answer(attribution: Attribution) -> Callable[[], None]:
        def work() -> None:
            with change(by=None, reason="A test", command="test") as this:
                save(this, [Claim(question=question, attribution=attribution, answer="x")])
                with suppress(threading.BrokenBarrierError):  # SQLite lets only one change begin
                    both_recorded.wait(timeout=1)
                lock_question(this, question.pk)
                counts.append(Claim.objects.filter(question=question).count())

        return work

    for thread in [in_a_thread(answer(attribution), failures) for attribution in attributions]:
        thread.join()
    assert failures == []
    assert sorted(counts) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_two_changes_that_each_refer_to_what_the_other_changes_do_not_wait_for_ever() -> None:
    """PostgreSQL locks what a new row refers to when it is committed, and both have locked what they changed."""
    sources = [make.make_source(), make.make_source()]
    speaker = make.make_agent()
    both_changed = threading.Barrier(2)
    failures: list[BaseException] = []

    def cross(mine: Source, other: Source) -> Callable[[], None]:
        def work() -> None:
            with change(by=None, reason="A test", command="test") as this:
                mine.note = "changed"
                save(this, [mine, Attribution(source=other, speaker=speaker)])
                with suppress(threading.BrokenBarrierError):  # SQLite lets only one change begin
                    both_changed.wait(timeout=1)

        return work

    for thread in [in_a_thread(cross(*pair), failures) for pair in (sources, sources[::-1])]:
        thread.join()
    assert failures == []
    assert Attribution.objects.filter(source__note="changed").count() == 2


def test_locking_a_question_that_is_not_there_says_so() -> None:
    with pytest.raises(Question.DoesNotExist, match="key 99"), change(by=None, reason="A test", command="test") as this:
        lock_questions(this, [make.make_question().pk, 99])


def test_the_lock_lasts_only_inside_a_transaction_of_a_change() -> None:
    with transaction.atomic(), pytest.raises(OutsideService):
        lock_question(Change(by=None, reason="forged", command="x", moment=None), 1)  # type: ignore[arg-type]
    assert open_change() is None
