"""Histories in pages of a fixed number of queries, told by words; versions as they were, and compared."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, ClaimWording, Question, Source, Topic
from claims.permissions import Role
from claims.queries.histories import changes_since, history_page, versions_at, with_commands
from claims.queries.versions import compared_numbers, read_version, texts_of
from claims.services.editing import keep
from claims.services.transaction import change, save
from tests import factories as make

pytestmark = pytest.mark.django_db

FEW, MANY = 12, 300


def written(record: Any, number: int, part: Any = None) -> None:
    """That many changes of the record, each a word in its note, and in its part's text."""
    for place in range(number):
        record.note = f"note {place}"
        records = [record]
        if part is not None:
            part.text = f"text {place}"
            records.append(part)
        with change(by=None, reason=f"Change {place}", command="test") as this:
            save(this, records)


def claim_with_wording() -> tuple[Claim, ClaimWording]:
    claim = make.make_claim(make.make_question(kind="yes_no"), answer="yes", yes=True, statement="text")
    return claim, ClaimWording.objects.get(claim=claim)


def test_pages_follow_one_another_without_gap_or_repetition() -> None:
    claim, wording = claim_with_wording()
    written(claim, 11, wording)
    numbers, before, pages = [], None, 0
    while True:
        page = history_page(Claim, claim.pk, before=before, size=5)
        numbers += [version.number for version in page.versions]
        pages += 1
        before = page.older
        if before is None:
            break
    assert (numbers, pages) == (list(range(12, 0, -1)), 3)


def test_the_oldest_change_of_a_page_tells_what_was_before_it() -> None:
    claim, wording = claim_with_wording()
    written(claim, 3, wording)
    oldest = history_page(Claim, claim.pk, size=1).versions[-1]
    told = {each.field: (plain(each.before), plain(each.after)) for each in oldest.changes}
    assert told == {"Note": ("note 1", "note 2"), "Wording of a claim: statement": ("text 1", "text 2")}


def plain(side: Any) -> str:
    return side if isinstance(side, str) else "".join(text for _kind, text in side)


def test_a_version_that_no_user_made_names_the_command_that_the_journal_knows() -> None:
    claim, wording = claim_with_wording()
    other = make.make_claim()
    with change(by=None, reason="Of another", command="import") as this:
        other.note = "x"
        save(this, [other])
    wording.text = "by a part alone"
    keep(records=[wording], by=None, reason="Of a part", command="rebuild")
    claim.refresh_from_db()
    user = make.make_user(Role.EDITOR)
    claim.note = "y"
    keep(records=[claim], by=user, reason="Of a user")
    made = [(version.who, version.command) for version in history_page(Claim, claim.pk).versions]
    assert made == [(user.get_username(), ""), ("", "rebuild"), ("", "test")]
    # A change of that moment that did not write the record is none of its history.
    elsewhere = [replace(version, command="") for version in history_page(Claim, claim.pk).versions]
    assert {each.command for each in with_commands(Claim, other.pk, elsewhere)} == {""}


@pytest.mark.once
def test_the_number_of_queries_does_not_grow_with_the_history() -> None:
    def asked(number: int) -> dict[str, int]:
        claim, wording = claim_with_wording()
        written(claim, number, wording)
        later = history_page(Claim, claim.pk, size=5).older
        reads: dict[str, Callable[[], Any]] = {
            "first page": lambda: history_page(Claim, claim.pk, size=5).versions,
            "later page": lambda: history_page(Claim, claim.pk, before=later, size=5).versions,
            "comparison": lambda: compared_numbers(claim, 2, claim.version),
            "since": lambda: changes_since(Claim, claim.pk, 3),
        }
        numbers = {}
        for name, read in reads.items():
            with CaptureQueriesContext(connection) as queries:
                assert read(), name
            numbers[name] = len(queries)
        return numbers

    few = asked(FEW)
    assert few == asked(MANY)
    # Of the claim and its two kinds of parts: moments, rows, states before, and what is named (attribution, question,
    # claim, option, and their names in languages); a comparison reads two versions. Last, the commands of the journal.
    most = {"first page": 13, "later page": 13, "comparison": 14, "since": 3}
    assert all(few[name] <= most[name] for name in most), few


def test_words_are_compared_in_every_text_and_each_language_by_itself() -> None:
    source = make.make_source(title="A truce in Homs", translations={"ar": "هدنة في حمص", "en": "same"})
    source.title = "A truce in al-Waer"
    source.translations = {"ar": "هدنة في حي الوعر", "en": "same", "fr": "Une trêve"}
    source.published_on = "2016-09"
    keep(records=[source], by=None, reason="A test", command="test")
    (version,) = versions_at(Source, source.pk, source.history.first().history_date)
    told = {each.field: each for each in version.changes}
    assert set(told) == {"Title", "In other languages (ar)", "In other languages (fr)", "Published on"}
    assert told["Title"].before == (("same", "A truce in "), ("removed", "Homs"))
    assert told["In other languages (ar)"].after == (("same", "هدنة في "), ("added", "حي الوعر"))
    assert not told["Published on"].in_words


def test_any_two_versions_are_compared_in_the_order_of_time() -> None:
    claim, wording = claim_with_wording()
    written(claim, 3, wording)
    first = compared_numbers(claim, 1, 4)
    assert first == compared_numbers(claim, 4, 1)
    assert first is not None
    assert (first.old.number, first.new.number, first.new.reason) == (1, 4, "Change 2")
    assert {each.field: (plain(each.before), plain(each.after)) for each in first.changes} == {
        "Note": ("", "note 2"),
        "Wording of a claim: statement": ("text", "text 2"),
    }
    same = compared_numbers(claim, 2, 2)
    assert same is not None
    assert same.changes == ()
    assert compared_numbers(claim, 1, 99) is None


def test_a_version_has_its_parts_as_they_were_then() -> None:
    claim, wording = claim_with_wording()
    wording.withdrawn = True
    make.record(wording)
    before, after = (read_version(Claim, claim.pk, number) for number in (1, 2))
    assert before is not None
    assert after is not None
    assert "Wording of a claim" in {each.label for each in texts_of(before)}
    assert "Wording of a claim" not in {each.label for each in texts_of(after)}
    assert read_version(Claim, claim.pk, 3) is None


def test_changes_of_one_moment_are_told_together() -> None:
    topic = make.make_topic(name="one")
    with change(by=None, reason="Twice", command="test") as this:
        topic.name = "two"
        save(this, [topic])
        topic.note = "noted"
        save(this, [topic])
    newest, oldest = history_page(Topic, topic.pk).versions
    assert (newest.number, oldest.number) == (3, 1)
    assert {each.field for each in newest.changes} == {"Name", "Note"}
    assert [each.number for each in changes_since(Topic, topic.pk, 1)] == [3]


def test_a_part_that_came_and_went_between_two_versions_is_not_told() -> None:
    claim, _wording = claim_with_wording()
    other = make.record(ClaimWording(claim=claim, language="fr", text="Oui."))
    other.withdrawn = True
    make.record(other)
    claim.refresh_from_db()
    comparison = compared_numbers(claim, 1, claim.version)
    assert comparison is not None
    assert comparison.changes == ()


def test_numbers_are_told_as_they_were_given() -> None:
    question = make.make_question(text="Who?", tolerance=None)
    question.rounding = 10
    make.record(question)
    (newest, _oldest) = history_page(Question, question.pk).versions
    assert [(each.field, each.before, each.after) for each in newest.changes] == [("Rounding", "0", "10")]
