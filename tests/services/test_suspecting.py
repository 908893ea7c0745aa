"""Suspected duplicates: offered, kept as a function of the records whatever is changed, and judged."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from claims.domain import suspicions
from claims.domain.vocabulary import Judged
from claims.models import (
    Agent,
    AgentName,
    Claim,
    Distinction,
    Likeness,
    MatchKey,
    Question,
    QuestionState,
    Source,
    SuspectedPair,
    TextFingerprint,
)
from claims.permissions import NotAllowed, Role
from claims.queries.copied_claims import claims_alike
from claims.queries.suspected import common_keys, next_pair, suspected
from claims.services import inserting, suspecting, versions
from claims.services.judgements import judge_distinct, judge_same, undo_distinct, undo_same
from claims.services.likenesses import judge_agents, judge_sources, withdraw_likenesses
from claims.services.suspecting import fingerprint_differences, suspicion_differences
from claims.services.texts import attach_pasted
from claims.services.transaction import change
from tests import factories as make
from tests.services.written import nothing_written, why
from tests.text.sample import TEXT

pytestmark = pytest.mark.django_db

LONG = f"{TEXT}Buses had been waiting at the edge of the district since early morning, a correspondent reported.\n"
BY: dict[str, Any] = {"by": None, "reason": "The editor knows both", "command": "test"}


def wrong() -> list[str]:
    """What the derived tables have that the records do not make of it."""
    found = [*fingerprint_differences(list(TextFingerprint.objects.values_list("pk", flat=True)))]
    for table, model in (("agent", Agent), ("source", Source)):
        found += suspicion_differences(table, list(model.objects.values_list("pk", flat=True)))
    return found


def pairs(*, judged: str = "") -> set[tuple[str, str]]:
    """The names of those that are offered, or judged so."""
    found = set()
    for pair in suspected(judged=judged):
        model = Agent if pair.table == "agent" else Source
        found.add((str(model.objects.get(pk=pair.first)), str(model.objects.get(pk=pair.second))))
    return found


def altered(record: Any, **values: Any) -> None:
    record.refresh_from_db()
    for name, value in values.items():
        setattr(record, name, value)
    make.record(record)


def attached(source: Source, text: str) -> None:
    attach_pasted(source=source, text=text, by=None, reason="A text", command="test")


def agents(*names: str) -> list[Agent]:
    return [make.make_agent(name=name) for name in names]


def carrying(text: str, *, publisher: str, title: str, **fields: Any) -> Source:
    found = Agent.objects.filter(name=publisher).first() or make.make_agent(name=publisher, kind="outlet")
    source = make.make_source(title=title, publisher=found, **fields)
    attached(source, text)
    return source


# --- what is offered ----------------------------------------------------------------------------------------------


def test_agents_of_one_name_are_offered_until_they_are_renamed_or_withdrawn() -> None:
    first, second = agents("Bashar al-Assad", "بشار الأسد")
    agents("Ahmad al-Assad", "Mahmoud Abbas", "Mohammed Abbas")
    assert pairs() == {("Bashar al-Assad", "بشار الأسد")}
    altered(second, name="بشير الأسد")
    assert pairs() == set()
    make.record(AgentName(agent=second, language="fr", text="Bachar el-Assad"))
    assert pairs() == {("Bashar al-Assad", "بشير الأسد")}
    altered(first, withdrawn=True)
    assert pairs() == set()
    assert wrong() == []


def test_unnamed_agents_are_never_offered() -> None:
    for _ in range(2):
        make.make_agent(name="A negotiator in Homs", kind="unnamed", source=make.make_source())
    assert pairs() == set()
    assert MatchKey.objects.filter(table="agent").count() == 0


def test_sources_of_one_page_are_offered_as_one_publication_and_copies_as_copies() -> None:
    paper = carrying(LONG, publisher="The Paper", title="A report", url="https://paper.example/1")
    carrying(
        f"By our own staff\n\n{LONG}", publisher="The Other", title="Another report", url="https://other.example/1"
    )
    make.make_source(title="The same page", url="http://www.paper.example/1/?utm_source=x")
    make.make_source(title="A report", publisher=paper.publisher, published_on="2016-09-20")
    make.make_source(title="A  report!", publisher=paper.publisher, published_on="2016-09-20")
    kinds = {(pair.kind, pair.reasons[0]["code"]) for pair in suspected()}
    assert kinds == {("copies", "similar_text"), ("sources", "same_address"), ("sources", "same_title")}
    assert pairs() == {("A report", "Another report"), ("A report", "The same page"), ("A report", "A  report!")}
    assert wrong() == []


def test_the_same_text_of_one_publisher_is_one_publication() -> None:
    carrying(LONG, publisher="The Paper", title="Morning")
    carrying(LONG.upper(), publisher="The Paper", title="Evening")
    assert [(pair.kind, pair.strength) for pair in suspected()] == [("sources", 100)]


def test_a_text_known_by_its_hash_alone_is_compared_by_it() -> None:
    for title in ("One", "Two"):
        make.make_snapshot(make.make_source(title=title), sha256="a" * 64)
    assert pairs() == {("One", "Two")}


def test_a_key_that_many_share_pairs_nobody_and_pairs_again_when_few_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (suspicions, suspecting):
        monkeypatch.setattr(module, "MOST_SHARING", 3)
    same = agents("Omar Aziz", "Omar Aziz", "Omar Aziz")
    assert suspected().count() == 3
    (fourth,) = agents("Omar Aziz")
    assert suspected().count() == 0
    assert wrong() == []
    altered(fourth, name="Somebody Else")
    assert suspected().count() == 3
    altered(same[0], withdrawn=True)
    assert suspected().count() == 1
    assert wrong() == []


def test_how_many_keys_are_too_common_is_known() -> None:
    with change(by=None, reason="r", command="t"):
        MatchKey.objects.bulk_create(MatchKey(table="agent", key=1, record=number) for number in range(51))
        MatchKey.objects.bulk_create(MatchKey(table="agent", key=2, record=number) for number in range(50))
    assert common_keys() == 1


def test_many_at_once_cost_no_more_queries_than_few(monkeypatch: pytest.MonkeyPatch) -> None:
    def queries(number: int, name: str) -> int:
        batch = [Agent(name=f"{name} Number {each}", kind="organisation") for each in range(number)]
        with CaptureQueriesContext(connection) as asked:
            make.record(batch[0], *batch[1:])
        return len(asked)

    monkeypatch.setattr(inserting, "MOST_PARAMETERS", 30_000)  # or some thousand values more are a statement more
    for module in (inserting, versions):
        monkeypatch.setattr(module, "TRACKED_AT_ONCE", 1_000)
    assert queries(400, "Brigade") <= queries(30, "Regiment")
    agent = agents("Sham Network")[0]
    with CaptureQueriesContext(connection) as asked:
        altered(agent, note="Nothing that it is compared by")
    about = [query["sql"] for query in asked if "matchkey" in query["sql"] or "suspectedpair" in query["sql"]]
    assert len(about) == 3  # its keys, how many share them, its pairs


@pytest.mark.django_db(transaction=True)
def test_two_who_record_the_same_agent_at_once_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2)
    sharing = suspecting.sharing

    def after_both_have_written(table: str, keys: Iterable[int]) -> dict[int, int]:
        with suppress(threading.BrokenBarrierError):  # where one waits for the other, it is there alone
            both.wait(timeout=1)
        return sharing(table, keys)

    monkeypatch.setattr(suspecting, "sharing", after_both_have_written)

    def work(name: str) -> None:
        make.make_agent(name=name)
        connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("Bashar al-Assad", "Bachar el-Assad")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.undo()
    assert suspected().count() == 1
    assert wrong() == []


# --- what is judged -----------------------------------------------------------------------------------------------


def test_a_judged_pair_is_not_offered_again_whatever_is_judged_later() -> None:
    first, second = agents("Bashar al-Assad", "Bachar el-Assad")
    for judged in (Judged.UNSURE, Judged.DIFFERENT, Judged.SAME, Judged.DIFFERENT, Judged.UNSURE, Judged.SAME):
        for record in (first, second):
            record.refresh_from_db()
        judge_agents(first=second, second=first, judged=judged, **BY)
        assert pairs() == set()
        assert pairs(judged=judged.value) == {("Bashar al-Assad", "Bachar el-Assad")}
        second.refresh_from_db()
        assert (second.same_as_id == first.pk) == (judged is Judged.SAME)
        assert Distinction.objects.current().exists() == (judged is Judged.DIFFERENT)
        assert Likeness.objects.current().exists() == (judged is Judged.UNSURE)
        assert wrong() == []
    assert Likeness.objects.get().history.count() == 4
    altered(second, name="Bachar al-Asad")
    assert pairs() == set()


def test_what_is_taken_back_on_the_agents_page_is_offered_again() -> None:
    first, second, third = agents("Bashar al-Assad", "Bachar el-Assad", "بشار الأسد")
    judge_same(pairs=[(second, first)], **BY)
    assert pairs() == {("Bashar al-Assad", "بشار الأسد")}  # who stands for both is offered, the duplicate is not
    (distinction,) = judge_distinct(pairs=[(first, third)], **BY)
    assert pairs() == set()
    undo_same(agents=[second], **BY)
    undo_distinct(distinctions=[distinction], **BY)
    assert len(pairs()) == 3
    assert wrong() == []


def test_what_was_judged_through_others_is_undone_there() -> None:
    first, second, third = agents("Bashar al-Assad", "Bachar el-Assad", "بشار الأسد")
    judge_same(pairs=[(second, first), (third, first)], **BY)
    assert len(pairs(judged="same")) == 3
    for record in (second, third):
        record.refresh_from_db()
    with nothing_written(), pytest.raises(ValidationError, match="the same by what was judged of others"):
        judge_agents(first=second, second=third, judged=Judged.DIFFERENT, **BY)
    with nothing_written(), pytest.raises(ValidationError, match="Texts are copied, agents are not"):
        judge_agents(first=second, second=third, judged=Judged.COPIED, **BY)


def test_sources_are_judged_with_grounds_and_a_judgement_is_taken_back() -> None:
    one, other = make.make_source(url="https://a.example/1"), make.make_source(url="https://www.a.example/1")
    judge_sources(first=other, second=one, judged=Judged.DIFFERENT, **BY)
    judge_sources(first=one, second=other, judged=Judged.SAME, **{**BY, "reason": "They are one page"})
    likeness = Likeness.objects.get()
    assert (likeness.judged, likeness.grounds, likeness.version) == ("same", "They are one page", 2)
    assert why(likeness)[0] == "They are one page"
    assert next_pair() is None
    withdraw_likenesses(likenesses=[likeness], **BY)
    assert next_pair() is not None
    altered(other, withdrawn=True)
    with nothing_written(), pytest.raises(ValidationError, match="is withdrawn"):
        judge_sources(first=one, second=other, judged=Judged.SAME, **BY)
    assert wrong() == []


@pytest.mark.parametrize("role", Role)
def test_only_who_judges_agents_judges(role: Role) -> None:
    user = make.make_user(role)
    one, other = agents("Bashar al-Assad", "Bachar el-Assad")
    if role in {Role.EDITOR, Role.ADMINISTRATOR}:
        judge_agents(first=one, second=other, judged=Judged.UNSURE, by=user, reason="r")
        withdraw_likenesses(likenesses=list(Likeness.objects.all()), by=user, reason="r")
        return
    first, second = make.make_source(), make.make_source()
    calls: list[Callable[[], Any]] = [
        lambda: judge_agents(first=one, second=other, judged=Judged.UNSURE, by=user, reason="r"),
        lambda: judge_sources(first=first, second=second, judged=Judged.UNSURE, by=user, reason="r"),
        lambda: withdraw_likenesses(likenesses=[], by=user, reason="r"),
    ]
    for call in calls:
        with nothing_written(), pytest.raises(NotAllowed):
            call()


# --- copies -------------------------------------------------------------------------------------------------------


@pytest.fixture
def copies() -> tuple[Source, Source, Claim, Claim]:
    """A text under two publishers, with a claim in each that says the same in the same words, of unnamed speakers."""
    question = make.make_question(kind="quantity")
    sources, claims = [], []
    for publisher in ("The Paper", "The Other"):
        source = carrying(LONG, publisher=publisher, title=f"In {publisher}")
        speaker = make.make_agent(name="A correspondent", kind="unnamed", source=source)
        attribution = make.make_attribution(source=source, speaker=speaker)
        make.make_passage(attribution, source.snapshots.get(), exact="two hundred fighters leave the district")
        claims.append(
            make.make_claim(question, attribution=attribution, answer="200", quantity_low=200, quantity_high=200)
        )
        sources.append(source)
    return sources[0], sources[1], claims[0], claims[1]


def origins(question: Question) -> tuple[int, int]:
    state = QuestionState.objects.get(question=question)
    return state.origins_fewest, state.origins_most


def test_the_claims_of_a_copied_text_have_one_origin(copies: tuple[Source, Source, Claim, Claim]) -> None:
    first, second, claim, copy = copies
    assert [pair.kind for pair in suspected()] == ["copies"]
    assert claim.question is not None
    assert origins(claim.question) == (1, 2)
    assert [(pair.first.pk, pair.second.pk) for pair in claims_alike(first, second)] == [(claim.pk, copy.pk)]
    copy.refresh_from_db()
    judge_sources(first=second, second=first, judged=Judged.COPIED, copied=[(copy, claim)], **BY)
    assert origins(claim.question) == (1, 1)
    assert Claim.objects.get(pk=copy.pk).copied_from_id == claim.pk
    assert pairs() == set()


def test_only_claims_that_say_the_same_there_are_copied(copies: tuple[Source, Source, Claim, Claim]) -> None:
    first, second, claim, copy = copies
    other = make.make_claim(claim.question, attribution=copy.attribution, answer="300", quantity_low=300)
    assert len(claims_alike(first, second)) == 1
    with nothing_written(), pytest.raises(ValidationError, match="do not say the same"):
        judge_sources(first=second, second=first, judged=Judged.COPIED, copied=[(other, claim)], **BY)
    with nothing_written(), pytest.raises(ValidationError, match="Claims are copied where the text is"):
        judge_sources(first=second, second=first, judged=Judged.DIFFERENT, copied=[(copy, claim)], **BY)
    altered(copy, copied_from=other)
    with nothing_written(), pytest.raises(ValidationError, match="copied from another claim"):
        judge_sources(first=second, second=first, judged=Judged.COPIED, copied=[(copy, claim)], **BY)
    altered(copy, stance="denies", copied_from=None)
    assert claims_alike(first, second) == []


def test_a_document_on_record_twice_is_one_origin() -> None:
    one, other = make.make_source(title="The decree"), make.make_source(title="The decree, again")
    question = make.make_question(kind="yes_no")
    for document in (one, other):
        make.make_claim(question, attribution=make.make_attribution(document=document), answer="yes", yes=True)
    assert origins(question) == (2, 2)
    judge_sources(first=other, second=one, judged=Judged.SAME, **BY)
    assert origins(question) == (1, 1)
    judge_sources(first=other, second=one, judged=Judged.DIFFERENT, **BY)
    assert origins(question) == (2, 2)


# --- checking -----------------------------------------------------------------------------------------------------


def test_each_table_is_checked_and_mended() -> None:
    agents("Bashar al-Assad", "Bachar el-Assad")
    carrying(LONG, publisher="The Paper", title="One")
    tampered: list[tuple[QuerySet[Any], dict[str, Any], str]] = [
        (SuspectedPair.objects.all(), {"strength": 1}, "suspected agents"),
        (SuspectedPair.objects.all(), {"judged": "same"}, "suspected agents"),
        (MatchKey.objects.filter(table="agent"), {"key": 1}, "keys of agent"),
        (TextFingerprint.objects.all(), {"sketch": ""}, "fingerprint of snapshot"),
    ]
    for rows, values, named in tampered:
        with change(by=None, reason="r", command="t"):
            type(rows[0])._default_manager.filter(pk=rows[0].pk).update(**values)
        assert any(named in found for found in wrong()), named
        with change(by=None, reason="r", command="t"):
            suspecting.write_fingerprints(TextFingerprint.objects.values_list("pk", flat=True))
            for table, model in (("agent", Agent), ("source", Source)):
                suspecting.write_suspicions(table, list(model.objects.values_list("pk", flat=True)))
        assert wrong() == []
