"""The topics of a change are noted when it ends: those of the questions that it bears on, before and after."""

import pytest

from claims.ledger.models import LoggedChange
from claims.models import ChangeTopic, Claim, Question, Topic
from claims.services.transaction import change, save
from tests import factories as make

pytestmark = pytest.mark.django_db


def topics_of_the_last_change() -> set[str]:
    last = LoggedChange.objects.order_by("-pk").first()
    return set(ChangeTopic.objects.filter(change=last).values_list("topic__name", flat=True))


def test_a_claim_is_a_change_of_the_topic_of_its_question() -> None:
    topic = make.make_topic(name="Agreement")
    make.make_claim(make.make_question(topic=topic))
    assert topics_of_the_last_change() == {"Agreement"}


def test_what_bears_on_no_topic_has_none() -> None:
    make.make_claim(make.make_question())
    make.make_side()
    assert not ChangeTopic.objects.exists()


def test_a_topic_is_its_own() -> None:
    make.make_topic(name="Agreement")
    assert topics_of_the_last_change() == {"Agreement"}


def test_a_question_that_goes_to_another_topic_is_a_change_of_both() -> None:
    first, second = make.make_topic(name="First"), make.make_topic(name="Second")
    question = make.make_question(topic=first)
    make.make_claim(question)
    moved = Question.objects.get(pk=question.pk)
    moved.topic = second
    make.record(moved)
    assert topics_of_the_last_change() == {"First", "Second"}


def test_a_side_is_a_change_of_every_topic_that_its_agents_spoke_on() -> None:
    side = make.make_side()
    speaker = make.make_agent(side=side)
    for name in ("First", "Second"):
        question = make.make_question(topic=make.make_topic(name=name))
        make.make_claim(question, attribution=make.make_attribution(speaker=speaker))
    side.party = True
    make.record(side)
    assert topics_of_the_last_change() == {"First", "Second"}


def test_a_change_that_writes_nothing_leaves_nothing() -> None:
    topic = make.make_topic()
    claim = make.make_claim(make.make_question(topic=topic))
    before = ChangeTopic.objects.count()
    with change(by=None, reason="Nothing", command="test") as this:
        save(this, [Claim.objects.get(pk=claim.pk), Topic.objects.get(pk=topic.pk)])
    assert ChangeTopic.objects.count() == before


def test_a_change_that_fails_leaves_nothing() -> None:
    def failing() -> None:
        with change(by=None, reason="Fails", command="test") as this:
            save(this, [Topic(name="Agreement")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert not ChangeTopic.objects.exists()
