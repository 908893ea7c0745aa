"""Names are kept without white space around them, and one of which nothing can be seen is refused, by every road."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from claims.models import Agent, AgentName, Claim, Option, Question, Record, Side, Source, Topic
from claims.services.editing import keep
from claims.services.recording import LinesRefused, NewAttribution, NewClaim, add_claims, record
from claims.text.characters import is_visible
from tests import factories as make
from tests.services.written import nothing_written

pytestmark = pytest.mark.django_db
UNSEEN = ("  ", "\u200b\u200f\u202e", "\u00a0\t\u2060", "\u3164")


def named(name: str) -> list[tuple[str, Record]]:
    return [
        ("name", Topic(name=name)),
        ("name", Side(name=name)),
        ("name", Agent(name=name)),
        ("text", AgentName(agent=make.make_agent(), language="ar", text=name)),
        ("title", Source(title=name)),
        ("text", Question(text=name)),
        ("label", Option(question=make.make_question(), label=name)),
    ]


def kept(each: Record) -> None:
    keep(records=[each], by=None, reason="r", command="t")


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_of_nothing_visible_is_refused_on_its_field(name: str) -> None:
    for field, each in named(name):
        with nothing_written(), pytest.raises(LinesRefused) as refused:
            kept(each)
        assert "can be seen" in refused.value.parts[0, "records", 0].message_dict[field][0], type(each)


def test_of_a_record_that_is_refused_its_parts_are_not_tried() -> None:
    for agent in (Agent(name=" "), Agent(name="Homs", kind="unnamed")):
        name = AgentName(agent=agent, language="ar", text="حمص")
        with nothing_written(), pytest.raises(LinesRefused) as refused:
            keep(records=[agent, name], by=None, reason="r", command="t")
        assert set(refused.value.parts) == {(0, "records", 0)}


def test_names_have_no_white_space_around_them() -> None:
    for field, each in named("  New name\u00a0\n"):
        kept(each)
        each.refresh_from_db()
        assert getattr(each, field) == "New name"
    with pytest.raises(ValidationError, match="topic of this name already"):
        kept(Topic(name=" New name "))
    topic = Topic(name="Homs", translations={"ar": " حمص ", "en": ""})
    kept(topic)
    assert topic.translations == {"ar": "حمص"}


def test_what_has_such_a_name_from_before_can_be_withdrawn() -> None:
    topic = make.make_topic(name="  ")
    topic.withdrawn = True
    kept(topic)
    topic.withdrawn = False
    with pytest.raises(LinesRefused):
        kept(topic)


def test_signs_and_what_is_not_letters_can_be_seen() -> None:
    assert all(map(is_visible, ("?", "🙂", "ـ", "\u200fحمص", "\ue000", "\U0001fae9")))


def claiming(**fields: Any) -> NewClaim:
    wordings = fields.pop("wordings", {})
    return NewClaim(claim=Claim(**fields), wordings=wordings)


@pytest.mark.parametrize("text", UNSEEN)
def test_a_claim_says_something(text: str) -> None:
    attribution, question = make.make_attribution(), make.make_question()
    with nothing_written(), pytest.raises(LinesRefused) as refused:
        add_claims(
            attribution=attribution,
            claims=[claiming(wordings={"en": text}, answer=text)],
            by=None,
            reason="r",
            command="t",
        )
    assert "claims nothing" in refused.value.parts[0, "claims", 0].message_dict["answer"][0]
    new = NewAttribution(
        attribution=make.make_attribution(), claims=[claiming(answer="Said so", wordings={"en": text})]
    )
    (kept_so,) = record(attributions=[new], by=None, reason="r", command="t")
    assert not kept_so.claims.get(answer="Said so").wordings.exists()
    path = claiming(question=question, answer="\u200b > \u200b\u200b")
    path.make_options = True
    with nothing_written(), pytest.raises(LinesRefused) as refused:
        add_claims(attribution=attribution, claims=[path], by=None, reason="r", command="t")
    assert "answer" in refused.value.parts[0, "claims", 0].message_dict
