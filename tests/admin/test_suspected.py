"""Suspected duplicates in the admin: listed, judged one after the other, and refused where the page is stale."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from claims.models import Agent, Claim, Distinction, Likeness, Source, SuspectedPair
from claims.permissions import Role
from claims.services.texts import attach_pasted
from tests import factories as make
from tests.admin.forms import REASON, fields_of, signed_in
from tests.services.written import nothing_written, why
from tests.text.sample import TEXT

pytestmark = pytest.mark.django_db

LIST = "/admin/claims/suspectedpair/"
JUDGE = f"{LIST}judge/"
LONG = f"{TEXT}Buses had been waiting at the edge of the district since early morning, a correspondent reported.\n"


@pytest.fixture
def editor() -> Client:
    return signed_in(Role.EDITOR)


@pytest.fixture
def agents() -> tuple[Agent, Agent]:
    return make.make_agent(name="Bashar al-Assad"), make.make_agent(name="بشار الأسد")


def copies() -> tuple[Claim, Claim]:
    """A claim in each of two sources with one text; the second source was published first."""
    question = make.make_question(kind="yes_no", text="Did anybody leave?")
    speaker = make.make_agent(name="A negotiator")
    claims = []
    for publisher, day in (("The Paper", "2016-09-21"), ("The Other", "2016-09-20")):
        outlet = make.make_agent(name=publisher, kind="outlet")
        source = make.make_source(title=f"In {publisher}", publisher=outlet, published_on=day)
        attach_pasted(source=source, text=LONG, by=None, reason="A text", command="test")
        attribution = make.make_attribution(source=source, speaker=speaker)
        claims.append(make.make_claim(question, attribution=attribution, answer="no", yes=False))
    return claims[0], claims[1]


def judge(client: Client, address: str = JUDGE, **typed: Any) -> Any:
    """Open the page, type, and press one of its buttons."""
    return client.post(address, {**fields_of(client.get(address)), "change_reason": REASON, **typed})


def test_agents_are_judged_one_after_the_other(editor: Client, agents: tuple[Agent, Agent]) -> None:
    make.make_agent(name="Sham Network", kind="outlet")
    make.make_agent(name="Sham News Network", kind="outlet")
    page = editor.get(JUDGE).content.decode()
    assert "may be one name, spelt or transliterated" in page
    assert 'value="copied"' not in page
    response = judge(editor, judged="same", stands="second")
    assert (response.status_code, response.headers["Location"]) == (302, JUDGE)
    agents[0].refresh_from_db()
    assert agents[0].same_as_id == agents[1].pk
    assert why(agents[0])[0] == REASON
    assert "Sham News Network" in editor.get(JUDGE).content.decode()
    assert judge(editor, judged="different").status_code == 302
    assert Distinction.objects.count() == 1
    assert "No pair waits to be judged." in editor.get(JUDGE).content.decode()


def test_a_pair_is_passed_over_and_comes_again(editor: Client, agents: tuple[Agent, Agent]) -> None:
    passed = f"{JUDGE}?kind=agents&after=agent-{agents[0].pk}-{agents[1].pk}"
    assert passed.replace("&", "&amp;") in editor.get(f"{JUDGE}?kind=agents").content.decode()
    assert "That was the last one." in editor.get(passed).content.decode()
    assert "No pair waits" in editor.get(f"{JUDGE}?kind=copies").content.decode()
    assert editor.get(f"{JUDGE}?kind=nonsense&after=agent-x-1").status_code == 200


def test_the_claims_of_a_copied_text_are_copied_from_the_first(editor: Client) -> None:
    claim, original = copies()
    page = editor.get(f"{JUDGE}?kind=copies").content.decode()
    assert "Their texts are the same words." in page
    assert f'value="{claim.pk}-{original.pk}" checked' in page
    chosen = {"judged": "copied", "copied": [f"{claim.pk}-{original.pk}"]}
    assert judge(editor, f"{JUDGE}?kind=copies", **chosen).status_code == 302
    claim.refresh_from_db()
    original.refresh_from_db()
    assert (claim.copied_from_id, original.copied_from_id) == (original.pk, None)
    assert Likeness.objects.get().grounds == REASON
    public = editor.get(f"/sources/{original.attribution.source.uid}/").content.decode()
    assert "Its text stands in" in public
    assert f"/sources/{claim.attribution.source.uid}/" in public
    pair = SuspectedPair.objects.get(kind="copies")
    again = editor.get(f"{LIST}{pair.pk}/change/").content.decode()
    assert "Judged: Copied text" in again
    assert 'name="copied"' not in again


def test_a_stale_page_is_refused_with_what_changed(editor: Client, agents: tuple[Agent, Agent]) -> None:
    opened = fields_of(editor.get(JUDGE)) | {"judged": "same", "change_reason": "I knew him"}
    agents[1].note = "changed meanwhile"
    make.record(agents[1])
    with nothing_written():
        response = editor.post(JUDGE, opened)
    assert response.status_code == 409
    page = response.content.decode()
    assert "changed meanwhile" in page
    assert 'value="I knew him"' in page
    assert editor.post(JUDGE, {**fields_of(response), "judged": "same"}).status_code == 302
    assert judge_again(editor, opened) == 409


def judge_again(client: Client, opened: dict[str, Any]) -> int:
    """What a page answers on which somebody else has judged the pair since."""
    with nothing_written():
        return int(client.post(JUDGE, opened).status_code)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"change_reason": ""}, "This field is required."),
        ({"judged": "nonsense"}, "Select a valid choice"),
        ({"judged": "copied"}, "Texts are copied, agents are not"),
        ({"versions": "[1]"}, "changed on its way"),
        ({"versions": "nonsense"}, "Enter a valid JSON"),
        ({"copied": "1-x"}, "changed on its way"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    typed: dict[str, str], told: str, editor: Client, agents: tuple[Agent, Agent]
) -> None:
    with nothing_written():
        response = judge(editor, **{"judged": "same", **typed})
    assert response.status_code == 200
    assert told in response.content.decode()


def test_readers_read_the_list_and_judge_nothing(agents: tuple[Agent, Agent]) -> None:
    reader = signed_in(Role.RESEARCHER)
    pair = SuspectedPair.objects.get()
    assert agents[1].name in reader.get(LIST).content.decode()
    page = reader.get(f"{LIST}{pair.pk}/change/").content.decode()
    assert "may be one name" in page
    assert 'name="judged"' not in page
    assert reader.get(JUDGE).status_code == 403
    with nothing_written():
        assert reader.post(f"{LIST}{pair.pk}/change/", {"judged": "same"}).status_code == 403


def test_the_list_shows_what_waits_and_what_was_judged(editor: Client, agents: tuple[Agent, Agent]) -> None:
    assert "Suspected duplicates:" in editor.get(f"/admin/claims/agent/{agents[0].pk}/change/").content.decode()
    assert "1 suspected duplicate waits" in editor.get("/admin/").content.decode()
    judge(editor, judged="unsure")
    assert agents[1].name not in editor.get(LIST).content.decode()
    assert agents[1].name in editor.get(f"{LIST}?judged=unsure").content.decode()
    assert agents[1].name in editor.get(f"{LIST}?judged=all&kind=agents").content.decode()
    assert "suspected duplicate waits" not in editor.get("/admin/").content.decode()


def test_the_list_asks_the_same_queries_however_many_pairs_there_are(editor: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert editor.get(LIST).status_code == 200
        return len(asked)

    for name in ("Omar Aziz", "Umar Aziz"):
        make.make_agent(name=name)
    few = queries()
    for number in range(5):
        make.make_agent(name=f"Jabhat al-Nusra {number}", kind="organisation")
        make.make_agent(name=f"جبهة النصرة {number}", kind="organisation")
    assert SuspectedPair.objects.count() == 6
    assert queries() == few


def test_hostile_names_are_escaped_and_the_page_is_arabic_where_asked_for(editor: Client) -> None:
    for _ in range(2):
        make.make_source(title="<script>alert(1)</script> \u202etwo words", publisher=None, url="")
    first, second = Source.objects.order_by("pk")
    for source in (first, second):
        attach_pasted(source=source, text=f"<b>{LONG}", by=None, reason="A text", command="test")
    for address in (LIST, JUDGE):
        page = editor.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>The" not in page
    with override("ar"):
        page = editor.get(JUDGE, headers={"accept-language": "ar"}).content.decode()
    assert 'dir="rtl"' in page
    assert "Their texts" not in page
