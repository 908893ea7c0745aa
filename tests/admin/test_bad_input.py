"""Bad input, through the forms of the admin: a sentence on the field, and nothing written."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.domain.vocabulary import AnswerKind
from claims.models import Question
from claims.permissions import Role
from tests import factories as make
from tests.admin.forms import fields_of, mistakes, post, signed_in, written
from tests.admin.world import make_world
from tests.services.written import nothing_written

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024


@pytest.fixture
def editor() -> Client:
    return signed_in(Role.EDITOR)


def refused(client: Client, url: str, field: str, **typed: Any) -> str:
    """The sentence on the field, with nothing written and everything typed still there."""
    with nothing_written():
        response = post(client, url, **typed)
    found = mistakes(response)
    assert list(found) == [field], found
    shown = fields_of(response)
    for name, value in typed.items():
        if isinstance(value, str) and value and "\0" not in value:
            assert shown[name.replace("__", "-")].strip() == value.strip()
    return " ".join(found[field])


ANSWERS = [
    (AnswerKind.YES_NO, "perhaps", "neither yes nor no"),
    (AnswerKind.QUANTITY, "many", "number"),
    (AnswerKind.DATE, "yesterday", "date"),
    (AnswerKind.QUANTITY, "500..200", "lower"),
    (AnswerKind.DATE, "2016-02-30", ""),
    (AnswerKind.CHOICE, "Nowhere", "no option"),
    (AnswerKind.CHOICE, "A > A", "twice"),
    (AnswerKind.TEXT, "...", ""),
]


@pytest.mark.parametrize(("kind", "answer", "said"), ANSWERS)
@pytest.mark.parametrize("where", ["new line", "claim"])
def test_an_answer_that_cannot_be(editor: Client, kind: str, answer: str, said: str, where: str) -> None:
    question: Question = make.make_question(kind=kind)
    if where == "claim":
        claim = make.make_claim(None)
        url, typed = f"/admin/claims/claim/{claim.pk}/change/", {"question": question.pk, "answer": answer}
        field = "answer"
    else:
        attribution = make.make_attribution()
        url = f"/admin/claims/attribution/{attribution.pk}/change/"
        typed = {"claims__TOTAL_FORMS": "1", "claims__0__question": question.pk, "claims__0__answer": answer}
        typed |= {"claims__0__stance": "affirms", "claims__0__certainty": "plain", "claims__0__new_kind": "choice"}
        field = "claims-0-answer"
    assert said in refused(editor, url, field, **typed)


def test_an_impossible_date(editor: Client) -> None:
    source = make.make_source()
    url = f"/admin/claims/source/{source.pk}/change/"
    assert refused(editor, url, "published_on", published_on="2016-13-45")
    claim = make.make_claim(None)
    assert refused(editor, f"/admin/claims/claim/{claim.pk}/change/", "as_of", as_of="2016-02-30")


def test_options_in_a_circle(editor: Client) -> None:
    question = make.make_question()
    above = make.make_option(question, "Agreement")
    make.make_option(question, "Truce", broader=[above])
    url = f"/admin/claims/question/{question.pk}/change/"
    assert "circle" in refused(editor, url, "options-0-under", options__0__under="Truce")
    assert "no option" in refused(editor, url, "options-0-under", options__0__under="War")
    named = {"options__2__label": "A", "options__2__under": "A"}
    assert refused(editor, url, "options-2-under", **named)


def test_steps_between_options_are_made_and_taken_away(editor: Client) -> None:
    question = make.make_question()
    make.make_option(question, "Agreement")
    make.make_option(question, "Truce")
    url = f"/admin/claims/question/{question.pk}/change/"
    written(post(editor, url, options__1__under="Agreement"))
    page = fields_of(editor.get(url))
    assert (page["options-0-under"], page["options-1-under"]) == ("", "Agreement")
    written(post(editor, url, options__1__under=""))
    assert fields_of(editor.get(url))["options-1-under"] == ""


def test_agents_that_are_the_same_in_a_circle(editor: Client) -> None:
    first = make.make_agent(name="First")
    second = make.make_agent(name="Second", same_as=first)
    url = f"/admin/claims/agent/{first.pk}/same/"
    assert "circle" in refused(editor, url, "same_as", same_as=second.pk)


def test_a_passage_that_is_not_in_the_text(editor: Client) -> None:
    world = make_world()
    url = f"/admin/claims/attribution/{world['attribution'].pk}/change/"
    assert "do not stand in the text" in refused(editor, url, "quote", quote="something else entirely")


def test_a_text_that_is_none(editor: Client) -> None:
    source = make.make_source()
    url = f"/admin/claims/source/{source.pk}/attach-text/"
    files = {
        "in no known encoding": (bytes(range(128, 256)) * 40, "encoding"),
        "empty": (b"", "content"),
        "of 50 MB": (b"a" * 50 * MEGABYTE, "content"),
        "with NUL": (b"a text with a \0 in it", "content"),
    }
    for name, (content, field) in files.items():
        sentence = refused(editor, url, field, content=SimpleUploadedFile("text.txt", content))
        assert sentence.endswith("."), name
    assert refused(editor, url, "content", content=SimpleUploadedFile("a.txt", b"text"), text="and pasted")
    assert refused(editor, url, "text", text="")


@pytest.mark.parametrize(
    ("kind", "field"), [("side", "name"), ("topic", "note"), ("question", "text"), ("claim", "note")]
)
def test_a_nul_is_refused_on_its_field(editor: Client, kind: str, field: str) -> None:
    record = make_world()[kind]
    url = f"/admin/claims/{kind}/{record.pk}/change/"
    assert "ull" in refused(editor, url, field, **{field: "before\0after"})
    assert refused(editor, url, "change_reason", change_reason="because\0")


def test_a_name_that_is_taken(editor: Client) -> None:
    make.make_side(name="press")
    other = make.make_side()
    assert "already" in refused(editor, f"/admin/claims/side/{other.pk}/change/", "name", name="press")


def test_hostile_text_is_shown_and_not_run(editor: Client) -> None:
    hostile = '<script>alert(1)</script>\u202e"'
    claim = make.make_claim(make.make_question(text=hostile, kind="text"), answer=hostile, statement=hostile)
    for url in ("/admin/claims/claim/", f"/admin/claims/claim/{claim.pk}/change/", "/admin/claims/claim/review/"):
        response = signed_in(Role.ADMINISTRATOR).get(url)
        assert response.status_code == 200
        assert b"<script>alert" not in response.content
