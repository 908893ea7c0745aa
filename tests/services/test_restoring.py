"""Restoring a version: a new change with its values, parts and judgements left alone, or a sentence why not."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from claims.models import RECORDS, Claim, ClaimOption, Record
from claims.permissions import NotAllowed, Role
from claims.services.editing import keep
from claims.services.judgements import judge_same
from claims.services.refusals import Stale
from claims.services.restoring import is_restorable, restore
from claims.services.review import check
from tests import factories as make
from tests.admin.world import make_world
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db


def change(record: Any, **fields: Any) -> Any:
    now = type(record).objects.get(pk=record.pk)
    for name, value in fields.items():
        setattr(now, name, value)
    keep(records=[now], by=make.make_user(Role.EDITOR), reason="A test")
    return type(record).objects.get(pk=record.pk)


def restored(record: Record, number: int = 1, **given: Any) -> Any:
    given = {"by": make.make_user(Role.EDITOR), "seen": record.version, "reason": "It was right before", **given}
    restore(record=record, number=number, **given)
    return type(record).objects.get(pk=record.pk)


def test_a_version_comes_back_as_a_new_one_with_reason_and_user() -> None:
    side = make.make_side(name="opposition", translations={"ar": "المعارضة"})
    changed = change(side, name="rebels", translations={}, party=True, withdrawn=True)
    editor = make.make_user(Role.EDITOR)
    now = restored(changed, by=editor)
    assert (now.name, now.translations, now.party, now.withdrawn) == ("opposition", {"ar": "المعارضة"}, False, False)
    assert (now.version, now.uid, now.recorded_at) == (3, side.uid, side.recorded_at)
    assert why(now) == ("It was right before", editor)
    assert [row.name for row in side.history.order_by("history_id")] == ["opposition", "rebels", "opposition"]


def test_a_claim_is_understood_anew_and_compared_anew() -> None:
    question = make.make_question()
    truce, war = make.make_option(question, "Truce"), make.make_option(question, "War")
    claim = make.make_claim(question, options=[truce], as_of="2016-09-19")
    changed = change(claim, answer="War", stance="denies", as_of="")
    now = restored(changed)
    assert (now.answer, now.stance, now.as_of) == ("Truce", "affirms", "2016-09-19")
    assert now.as_of_from is not None
    current = ClaimOption.objects.filter(claim=claim, withdrawn=False)
    assert [row.option for row in current] == [truce]
    assert question.positions.get().answer == "Truce"
    assert war.pk


def test_parts_reviews_and_judgements_stay_as_they_are_today() -> None:
    world: dict[str, Any] = make_world()
    claim = Claim.objects.get(pk=world["claim"].pk)
    check(claims=[claim], by=make.make_user(Role.REVIEWER), reason="Read")
    changed = change(claim, note="changed")
    now = restored(changed)
    assert (now.note, now.review, now.review_stale) == ("", "checked", False)
    assert now.wordings.get().text == "A truce was reached."
    agent, other = make.make_agent(note="first"), make.make_agent()
    judge_same(pairs=[(agent, other)], by=make.make_user(Role.EDITOR), reason="One person")
    assert restored(change(agent, note="second")).same_as == other


def test_what_was_checked_is_stale_where_restoring_changes_it() -> None:
    question = make.make_question(kind="yes_no")
    claim = make.make_claim(question, answer="yes", yes=True)
    changed = change(claim, answer="no")
    check(claims=[changed], by=make.make_user(Role.REVIEWER), reason="Read")
    now = restored(Claim.objects.get(pk=claim.pk))
    assert (now.answer, now.yes, now.review_stale) == ("yes", True, True)


def refused(record: Record, number: int = 1, **given: Any) -> str:
    with nothing_written(), pytest.raises(ValidationError) as refusal:
        restored(record, number, **given)
    return " ".join(refusal.value.messages)


def test_what_is_no_longer_valid_is_refused_in_a_sentence() -> None:
    side = make.make_side(name="opposition")
    agent = change(make.make_agent(side=side, kind="person"), side=None)
    change(side, withdrawn=True)
    assert "names “\u2068opposition\u2069”, which is withdrawn now" in refused(agent)
    question = make.make_question()
    option, other = make.make_option(question, "Truce"), make.make_option(question, "War")
    claim = change(make.make_claim(question, options=[option]), answer="War")
    change(option, withdrawn=True)
    assert "Truce" in refused(claim)
    assert other.pk
    taken = change(make.make_topic(name="Homs"), name="al-Waer")
    make.make_topic(name="Homs")
    assert refused(taken)
    topic = make.make_topic()
    assert "There is nothing to restore." in refused(topic)
    assert "There is no version 9" in refused(topic, 9)
    assert refused(change(topic, note="x"), reason=" ")


def test_a_stale_look_is_refused() -> None:
    topic = change(make.make_topic(), note="one")
    change(topic, note="two")
    with nothing_written(), pytest.raises(Stale):
        restored(topic)


@pytest.mark.parametrize("role", Role)
def test_only_who_may_change_records_restores_them(role: Role) -> None:
    topic = change(make.make_topic(), note="one")
    if role in {Role.EDITOR, Role.ADMINISTRATOR}:
        assert restored(topic, by=make.make_user(role)).note == ""
        return
    with nothing_written(), pytest.raises(NotAllowed):
        restored(topic, by=make.make_user(role))


def test_parts_and_judgements_have_no_versions_to_bring_back() -> None:
    kinds = {model.__name__ for model in RECORDS if is_restorable(model)}
    assert kinds == {"Side", "Agent", "Source", "Topic", "Question", "Option", "Attribution", "Claim"}
    link = make_world()["claimlink"]
    with nothing_written(), pytest.raises(TypeError):
        restored(link)
