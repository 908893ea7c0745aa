"""The pages of single records: claim, version, source with its text, agent, topic, history, lists and errors."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.test import Client, RequestFactory

from claims.models import Claim, ClaimWording, Source
from claims.permissions import Role
from claims.services.texts import attach_text
from claims.views import errors
from tests import factories as make

HOSTILE = '<script>alert("1")</script>\u202e" onmouseover="x {{ 7|add:7 }} %(x)s'
TEXT = "The governor said that three hundred fighters left the district.\n\nThe reporter counted many more.\n"


def words_of(client: Client, address: str, status: int = 200) -> str:
    """The words of a page, tags and isolates taken out."""
    response = client.get(address)
    assert response.status_code == status
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(words).replace("\u2068", "").replace("\u2069", "").split())


class Isolation(HTMLParser):
    """Finds where somebody else's words stand neither in an element of their own direction nor between isolates."""

    def __init__(self) -> None:
        super().__init__()
        self.around: list[tuple[str, bool]] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = tag in {"bdi", "option", "title", "textarea"} or dict(attrs).get("dir") == "auto"
        if tag not in {"meta", "link", "input", "br"}:
            self.around.append((tag, own))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that is closed where it opens holds no words."""

    def handle_endtag(self, tag: str) -> None:
        assert self.around.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if "alert(" in data and "\u2068" not in data and not any(own for _tag, own in self.around):
            self.wrong.append(data)


def not_isolated(html: str) -> list[str]:
    """The hostile words of a page that could turn what stands beside them."""
    parser = Isolation()
    parser.feed(html)
    return parser.wrong


@pytest.fixture
def claim(db: None) -> Claim:
    """A claim with a passage, contested by another of the same source."""
    question = make.make_quantity_question(text="How many left?", topic=make.make_topic(name="Agreement"))
    source = make.make_source(title="Report", language="en")
    speaker = make.make_agent(name="Governor", side=make.make_side(name="Government"))
    said = make.make_attribution(source=source, speaker=speaker, said_on="2015-12-01", cue="said")
    make.make_passage(said, make.make_snapshot(source), exact="three hundred fighters left")
    other = make.make_attribution(source=source)
    make.make_passage(other, said.passages.get().snapshot, exact="hundred fighters left the district")
    make.make_quantity(question, 1500, attribution=other, statement="Fifteen hundred left.")
    return make.make_quantity(question, 300, attribution=said, statement="Three hundred left.")


def test_a_claim_says_what_it_excludes_and_who_says_the_same(reader: Client, claim: Claim) -> None:
    make.make_quantity(claim.question, 300, statement="It was three hundred.")
    page = words_of(reader, f"/claims/{claim.uid}/")
    assert "Cannot hold together with" in page
    assert "have no number in common" in page
    assert "Fifteen hundred left." in page
    assert "It was three hundred." in page.split("Who says the same")[1]
    assert "Governor Government said" in page


def test_a_claim_names_its_copies_and_links(reader: Client, claim: Claim) -> None:
    copy = make.make_quantity(claim.question, 300, statement="Copied words.", copied_from=claim)
    make.make_link(copy, claim, "both_stand")
    assert "Copied by: " in words_of(reader, f"/claims/{claim.uid}/")
    page = words_of(reader, f"/claims/{copy.uid}/")
    assert "of the same origin as: " in page
    assert "This claim stands beside: Three hundred left." in page


def test_a_source_without_its_text_shows_quotes_and_what_to_do(reader: Client, claim: Claim) -> None:
    source = claim.attribution.source
    page = words_of(reader, f"/sources/{source.uid}/")
    assert "three hundred fighters left" in page
    assert f"manage.py attach_text {source.uid} FILE" in page
    assert "the text of the source is not here" in words_of(reader, f"/claims/{claim.uid}/")


def attach(source: Source, text: str) -> None:
    attach_text(by=make.make_user(Role.EDITOR), source=source, content=text.encode(), reason="To look passages up")


def test_a_source_marks_overlapping_passages_in_its_text(reader: Client, claim: Claim) -> None:
    source = claim.attribution.source
    attach(source, TEXT)
    html = reader.get(f"/sources/{source.uid}/").content.decode()
    assert re.search(r'<mark class="marked lane-1 position-b">three </mark>', html)
    assert 'href="#claims-1"' in html
    assert 'id="claims-2"' in html
    assert f'href="/questions/{claim.question.uid}/' in html
    page = words_of(reader, f"/claims/{claim.uid}/")
    assert "The governor said that three hundred fighters left the district." in page


def test_what_changed_between_two_texts_is_shown(reader: Client, claim: Claim) -> None:
    source = claim.attribution.source
    attach(source, TEXT)
    assert "fewer than two texts" in words_of(reader, f"/sources/{source.uid}/changes/")
    attach(source, TEXT.replace("many more", "far fewer"))
    html = reader.get(f"/sources/{source.uid}/changes/").content.decode()
    assert '<del class="diff">many more</del>' in html or '<del class="diff">many</del>' in html
    assert "far" in html
    assert "What changed since the text before" in words_of(reader, f"/sources/{source.uid}/")
    assert "no text of that identifier" in words_of(reader, f"/sources/{source.uid}/?snapshot=x", 400)


def test_an_agent_has_what_they_said_over_time_and_who_they_are(reader: Client, claim: Claim) -> None:
    governor = claim.attribution.speaker
    same = make.make_agent(name="The governor", same_as=governor)
    spokesman = make.make_agent(name="Spokesman", speaks_for=governor)
    later = make.make_attribution(speaker=same, said_on="2016-01-01")
    make.make_quantity(claim.question, 250, attribution=later, certainty="possible", statement="Perhaps fewer.")
    page = words_of(reader, f"/agents/{governor.uid}/")
    days = [page.index(day) for day in ("1 January 2016", "1 December 2015")]
    assert days == sorted(days)
    assert "Spoken for by Spokesman" in page
    assert "Also recorded as The governor" in page
    assert "Judged to be the same as Governor" in words_of(reader, f"/agents/{same.uid}/")
    assert "Speaks for Governor" in words_of(reader, f"/agents/{spokesman.uid}/")


def test_a_topic_lists_its_questions(reader: Client, claim: Claim) -> None:
    page = words_of(reader, f"/topics/{claim.question.topic.uid}/")
    assert "How many left?" in page
    assert "Contested" in page


def test_start_and_question_list_tell_the_contested_question(reader: Client, claim: Claim) -> None:
    for address in ("/", "/questions/", "/questions/?state=contested"):
        page = words_of(reader, address)
        assert "Governor said 300" in page, address
    assert "No question is in this state." in words_of(reader, "/questions/?state=questioned")
    assert "There is no state “true”." in words_of(reader, "/questions/?state=true", 400)


def test_a_history_tells_before_and_after_with_who_when_and_why(client: Client, claim: Claim) -> None:
    client.force_login(make.make_user(Role.AUDITOR))
    wording = ClaimWording.objects.get(claim=claim)
    wording.text = "About three hundred left."
    make.record(wording)
    page = words_of(client, f"/claims/{claim.uid}/history/")
    assert "Version 2" in page
    assert "A test needs it" in page
    assert "About three" in page
    first = words_of(client, f"/claims/{claim.uid}/v/1/")
    assert "Three hundred left." in first
    assert "About three" not in first
    assert "About three hundred left." in words_of(client, f"/claims/{claim.uid}/v/2/")
    assert client.get(f"/claims/{claim.uid}/v/3/").status_code == 404
    assert client.get(f"/people/{claim.uid}/history/").status_code == 404


def test_what_people_wrote_is_inert_everywhere(reader: Client, db: None) -> None:
    topic = make.make_topic(name=HOSTILE, translations={"ar": HOSTILE}, note=HOSTILE)
    question = make.make_question(text=HOSTILE, kind="text", topic=topic, note=HOSTILE)
    source = make.make_source(title=HOSTILE, note=HOSTILE)
    side = make.make_side(name=HOSTILE)
    speaker = make.make_agent(name=HOSTILE, side=side, role=HOSTILE, note=HOSTILE)
    said = make.make_attribution(source=source, speaker=speaker, cue=HOSTILE, role=HOSTILE, note=HOSTILE)
    make.make_passage(said, exact=HOSTILE, prefix=HOSTILE, suffix=HOSTILE)
    claim = make.make_claim(question, attribution=said, answer=HOSTILE, statement=HOSTILE, note=HOSTILE)
    make.make_claim(question, answer=HOSTILE, stance="denies", statement=HOSTILE)
    reader.force_login(make.make_user(Role.AUDITOR))
    pages = ["/", "/questions/", "/claims/", "/sources/", "/agents/", f"/claims/{claim.uid}/history/"]
    pages += [f"/claims/{claim.uid}/v/1/", f"/topics/{topic.uid}/", f"/questions/{question.uid}/"]
    pages += [f"/claims/{claim.uid}/", f"/sources/{source.uid}/", f"/agents/{speaker.uid}/"]
    for address in pages:
        html = reader.get(address).content.decode()
        assert "<script" not in html, address
        assert '" onmouseover' not in html, address
        assert "alert(" in html, address
        assert not_isolated(html) == [], address
    sent = reader.get("/claims/", {"text": HOSTILE, HOSTILE: "1"}).content.decode()
    assert "<script" not in sent
    assert '" onmouseover' not in sent


def test_an_address_of_another_scheme_is_no_link(reader: Client, db: None) -> None:
    source = make.make_source(url="https://example.org/a?b=1&c=2")
    html = reader.get(f"/sources/{source.uid}/").content.decode()
    assert '<a href="https://example.org/a?b=1&amp;c=2" rel="noreferrer nofollow">' in html


def test_an_address_of_nothing_is_answered_in_the_look(reader: Client, db: None) -> None:
    for address in ("/nothing/", "/claims/00000000-0000-4000-8000-000000000000/", "/questions/x/"):
        assert "There is nothing at this address" in words_of(reader, address, 404)


def test_a_failure_is_told_without_asking_the_database() -> None:
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Something failed on our side" in response.content.decode()


def test_a_withdrawn_record_has_no_page_but_a_history(client: Client, db: None) -> None:
    topic = make.make_topic(withdrawn=True)
    client.force_login(make.make_user(Role.AUDITOR))
    assert client.get(f"/topics/{topic.uid}/").status_code == 404
    assert "withdrawn" in words_of(client, f"/topics/{topic.uid}/history/")
