"""Recording an attribution in the admin: chain, quote, claims, questions in place, what is contradicted, mistakes."""

from typing import Any

import pytest
from django.test import Client

from claims.domain.vocabulary import AnswerKind, State
from claims.models import Agent, Attribution, Claim, ClaimState, Option, Question, Source, Topic
from claims.services.texts import attach_pasted
from tests import factories as make
from tests.admin.forms import REASON, fields_of, mistakes, post, signed_in, written
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db

ADD = "/admin/claims/attribution/add/"


@pytest.fixture
def editor() -> Client:
    return signed_in()


@pytest.fixture
def source() -> Source:
    make.make_side(name="opposition")
    make.make_agent(name="Sham Network", kind="outlet")
    return make.make_source(title="A report", language="en")


def typed(source: Source, question: Question | None, **others: Any) -> dict[str, Any]:
    return {
        "source": source.pk,
        "chain": "a negotiator (opposition) > Sham Network",
        "said_on": "2016-09-19",
        "claims__0__question": question.pk if question else "",
        "claims__0__answer": "yes",
        **others,
    }


def test_an_attribution_is_recorded_with_its_chain_and_claims(editor: Client, source: Source) -> None:
    question = make.make_question(kind=AnswerKind.YES_NO)
    names = {"claims__0__statement_en": "It was agreed.", "claims__0__statement_ar": "جرى الاتفاق."}
    names |= {"claims__1__question": question.pk, "claims__1__answer": "no"}
    response = written(post(editor, ADD, **typed(source, question, **names)))
    attribution = Attribution.objects.get()
    assert response.headers["Location"] == f"/admin/claims/attribution/{attribution.pk}/change/"
    assert (attribution.speaker.name, attribution.speaker.side.name) == ("a negotiator", "opposition")
    assert [relay.agent.name for relay in attribution.relays.all()] == ["Sham Network"]
    first, second = Claim.objects.order_by("line")
    assert (first.yes, second.yes) == (True, False)
    assert {w.language: w.text for w in first.wordings.all()} == {"en": "It was agreed.", "ar": "جرى الاتفاق."}
    assert why(first)[0] == why(attribution)[0] == REASON
    assert why(first)[1] == editor.get(ADD).wsgi_request.user
    assert ClaimState.objects.get(claim=first).state == State.CONTESTED


def test_what_it_contradicts_is_told_on_saving_with_a_link(editor: Client, source: Source) -> None:
    question = make.make_question(kind=AnswerKind.YES_NO, text="Was it agreed?")
    other = make.make_claim(question, answer="no", yes=False)
    response = written(post(editor, ADD, **typed(source, question)))
    page = editor.get(response.headers["Location"]).content.decode()
    assert f'href="/admin/claims/claim/{other.pk}/change/"' in page
    assert other.attribution.speaker.name in page
    assert "It contradicts:" in page
    assert "Yes and no" in page or "no answer" in page or "cannot" in page


def test_check_first_tells_the_same_and_writes_nothing(editor: Client, source: Source) -> None:
    question = make.make_question(kind=AnswerKind.YES_NO)
    other = make.make_claim(question, answer="no", yes=False)
    with nothing_written():
        response = post(editor, ADD, button="_check", **typed(source, question))
    page = response.content.decode()
    assert "Nothing is saved yet" in page
    assert f"/admin/claims/claim/{other.pk}/change/" in page
    assert fields_of(response)["claims-0-answer"] == "yes"
    assert mistakes(response) == {}


def test_a_question_its_topic_and_options_are_made_in_place(editor: Client, source: Source) -> None:
    in_place = {"new_question": "Where to?", "new_topic": "al-Waer", "answer": "North > Idlib", "make_options": "on"}
    lines = {f"claims__0__{name}": value for name, value in in_place.items()}
    written(post(editor, ADD, **{**typed(source, None), **lines}))
    claim = Claim.objects.get()
    assert (claim.question.text, claim.question.topic.name) == ("Where to?", "al-Waer")
    assert {option.label for option in Option.objects.all()} == {"North", "Idlib"}
    assert Topic.objects.count() == Question.objects.count() == 1


def test_a_question_typed_again_is_the_same(editor: Client, source: Source) -> None:
    question = make.make_question(kind=AnswerKind.YES_NO, text="Was it agreed?")
    lines = {"claims__0__new_question": "Was it agreed?", "claims__0__new_kind": "yes_no"}
    written(post(editor, ADD, **{**typed(source, None), **lines}))
    assert Claim.objects.get().question == question
    with nothing_written():
        response = post(editor, ADD, **{**typed(source, None), **lines, "claims__0__new_kind": "quantity"})
    assert "Choose that kind" in mistakes(response)["claims-0-new_kind"][0]


def test_a_quote_is_placed_in_the_newest_text(editor: Client, source: Source) -> None:
    text = "He said that it was agreed, and left."
    attach_pasted(source=source, text=text, by=None, reason="A test", command="test")
    written(post(editor, ADD, **typed(source, None, quote="it was agreed")))
    passage = Attribution.objects.get().passages.get()
    assert (passage.start, passage.end) == (text.index("it was"), text.index(", and"))


def test_mistakes_stand_on_their_fields_and_nothing_typed_is_lost(editor: Client, source: Source) -> None:
    question = make.make_question(kind=AnswerKind.QUANTITY)
    wrong = {
        "chain": "somebody unknown",
        "said_on": "2016-13-45",
        "claims__0__answer": "500..200",
        "claims__1__question": question.pk,
        "claims__1__answer": "perhaps",
        "claims__1__statement_ar": "لا يضيع",
    }
    with nothing_written():
        response = post(editor, ADD, **{**typed(source, question), **wrong})
    assert "No agent is called" in mistakes(response)["chain"][0]
    with nothing_written():
        response = post(editor, ADD, **{**typed(source, question), **wrong, "chain": "a man (opposition)"})
    found = mistakes(response)
    assert set(found) == {"said_on", "claims-0-answer", "claims-1-answer"}
    with nothing_written():
        response = post(
            editor, ADD, **{**typed(source, question), **wrong, "chain": "a man (opposition)", "said_on": "2016"}
        )
    found = mistakes(response)
    assert set(found) == {"claims-0-answer", "claims-1-answer"}
    assert fields_of(response)["claims-1-statement_ar"] == "لا يضيع"
    assert fields_of(response)["chain"] == "a man (opposition)"


def test_a_quote_that_is_not_in_the_text_is_refused_on_the_quote(editor: Client, source: Source) -> None:
    with nothing_written():
        assert "no text yet" in mistakes(post(editor, ADD, **typed(source, None, quote="agreed")))["quote"][0]
    attach_pasted(source=source, text="Nothing of the kind.", by=None, reason="A test", command="test")
    with nothing_written():
        response = post(editor, ADD, **typed(source, None, quote="it was agreed"))
    assert "do not stand in the text" in mistakes(response)["quote"][0]


def test_without_a_reason_or_a_claim_nothing_is_recorded(editor: Client, source: Source) -> None:
    with nothing_written():
        assert set(mistakes(post(editor, ADD, **typed(source, None, change_reason="")))) == {"change_reason"}
    with nothing_written():
        response = post(editor, ADD, **{**typed(source, None), "claims__0__answer": ""})
    assert mistakes(response)["__all__"] == ["Record at least one claim of this attribution."]


def test_speaker_and_relays_can_be_picked(editor: Client, source: Source) -> None:
    speaker, relay = make.make_agent(name="A minister"), Agent.objects.get(name="Sham Network")
    picked = {"chain": "", "speaker": speaker.pk, "relays__0__agent": relay.pk, "relays__0__cue": "quoted him"}
    written(post(editor, ADD, **{**typed(source, None), **picked}))
    attribution = Attribution.objects.get()
    assert attribution.speaker == speaker
    assert [(hop.agent, hop.cue) for hop in attribution.relays.all()] == [(relay, "quoted him")]
    with nothing_written():
        response = post(editor, ADD, **typed(source, None, speaker=speaker.pk))
    assert "not both" in mistakes(response)["chain"][0]


def test_more_lines_without_a_script(editor: Client, source: Source) -> None:
    with nothing_written():
        response = post(editor, ADD, button="_more_lines", **{**typed(source, None), "change_reason": ""})
    data = fields_of(response)
    assert data["claims-TOTAL_FORMS"] == "5"
    assert "claims-4-answer" in data
    assert data["claims-0-answer"] == "yes"
    assert mistakes(response) == {}


def test_the_same_speaker_again(editor: Client, source: Source) -> None:
    response = written(post(editor, ADD, button="_same_speaker", **typed(source, None)))
    data = fields_of(editor.get(response.headers["Location"]))
    assert data["source"] == str(source.pk)
    assert data["chain"] == "a negotiator > Sham Network"
    assert data["said_on"] == "2016-09-19"
    assert data["claims-0-answer"] == ""
    written(post(editor, response.headers["Location"], claims__0__answer="no"))
    assert Agent.objects.filter(name="a negotiator").count() == 1
    assert Attribution.objects.count() == 2


def test_a_recorded_attribution_is_changed_and_gets_further_claims(editor: Client, source: Source) -> None:
    written(post(editor, ADD, **typed(source, None)))
    attribution = Attribution.objects.get()
    url = f"/admin/claims/attribution/{attribution.pk}/change/"
    written(post(editor, url, cue="denied", relays__0__withdrawn="on"))
    attribution.refresh_from_db()
    assert attribution.cue == "denied"
    assert not attribution.relays.filter(withdrawn=False).exists()
    added = {
        "claims-TOTAL_FORMS": "1",
        "claims-0-answer": "300",
        "claims-0-stance": "denies",
        "claims-0-certainty": "plain",
    }
    page = editor.get(url)
    editor.post(url, {**fields_of(page), **added, "claims-0-new_kind": "choice", "change_reason": REASON})
    assert [claim.answer for claim in attribution.claims.order_by("line")] == ["yes", "300"]
    written(post(editor, url, note="changed by somebody else"))
    stale = {**fields_of(page), "cue": "said", "change_reason": REASON}
    with nothing_written():
        response = editor.post(url, stale)
    assert response.status_code == 409
    assert fields_of(response)["cue"] == "said"
