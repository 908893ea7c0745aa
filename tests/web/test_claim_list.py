"""The list of claims: each filter narrows as it says, an address with a mistake shows nothing, pages hold all once."""

import re
from html import unescape

import pytest
from django.test import Client

from bench.sized import make_sized
from claims.models import Agent, AgentName, Claim, ClaimState
from claims.queries import claim_lists
from tests import factories as make

CLAIM = re.compile(r'<p class="words wording" dir="auto"[^>]*><a href="/claims/([0-9a-f-]+)/">')


def shown(client: Client, query: str, status: int = 200) -> list[str]:
    """The identifiers of the claims on a page, in order."""
    response = client.get(f"/claims/?{query}")
    assert response.status_code == status, response.content.decode()
    return CLAIM.findall(response.content.decode())


@pytest.fixture
@make.together
def claims(reader: Client) -> dict[str, Claim]:
    """Three claims that differ in all that can be asked for."""
    government, press = make.make_side(name="Government"), make.make_side(name="Press")
    outlet = make.make_agent(name="Outlet", kind="outlet")
    source = make.make_source(title="Report", publisher=outlet, language="ar", published_on="2015-12-01")
    other = make.make_source(title="Overview", language="en", published_on="2017-03")
    question = make.make_quantity_question(text="How many?", topic=make.make_topic(name="Agreement"))
    first = make.make_attribution(
        source=source, speaker=make.make_agent(name="Governor", side=government), said_on="2015-11-30"
    )
    second = make.make_attribution(source=other, speaker=make.make_agent(name="Reporter", side=press))
    make.make_passage(first)
    return {
        "first": make.make_quantity(question, 300, attribution=first, statement="Three hundred left."),
        "second": make.make_quantity(question, 1500, attribution=second, review="checked", statement="كانت هدنة"),
        "third": make.make_claim(attribution=second, answer="later", stance="doubts", statement="Nobody knows."),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "first second third"),
        ("text=hundred", "first"),
        ("text=الهدنة", "second"),
        ("text=left+hundred", "first"),
        ("text=left+nobody", ""),
        ("state=contested", "first second"),
        ("state=contested&state=tentative", "first second"),
        ("state=single_origin", ""),
        ("contested=yes", "first second"),
        ("topic=Agreement", "first second"),
        ("question=How+many%3F", "first second"),
        ("question=How+many%3F&position=A", "second"),
        ("question=How+many%3F&position=b", "first"),
        ("question=How+many%3F&position=C", ""),
        ("speaker=Governor", "first"),
        ("side=Press", "second third"),
        ("source=Report", "first"),
        ("publisher=Outlet", "first"),
        ("stance=doubts", "third"),
        ("review=checked", "second"),
        ("review=discarded", ""),
        ("review=stale", ""),
        ("language=ar", "first"),
        ("has_passage=yes", "first"),
        ("has_passage=no", "second third"),
        ("said_from=2015", "first"),
        ("said_from=2015-12", ""),
        ("said_until=2015-11-30", "first"),
        ("said_until=2015-11-29", ""),
        ("published_from=2016", "second third"),
        ("published_from=2015-12-01&published_until=2015-12", "first"),
        ("speaker=Governor&review=checked", ""),
    ],
)
def test_a_filter_narrows_as_it_says(query: str, expected: str, reader: Client, claims: dict[str, Claim]) -> None:
    names = {str(claim.uid): name for name, claim in claims.items()}
    assert sorted(names[uid] for uid in shown(reader, query)) == expected.split()


def test_checked_claims_that_have_changed_since_are_found(reader: Client, claims: dict[str, Claim]) -> None:
    claim = Claim.objects.get(pk=claims["second"].pk)
    claim.review_stale = True
    make.record(claim)
    for query in ("review=stale", "review=stale&side=Press", "review=checked"):
        assert shown(reader, query) == [str(claim.uid)]
    assert shown(reader, "review=stale&side=Government") == []
    page = reader.get("/claims/?review=stale").content.decode()
    assert "Checked, out of date" in page
    assert "Review out of date" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("speeker=Governor", "There is no filter named"),
        ("speaker=Gov", "Do you mean \u2068Governor\u2069?"),
        ("speaker=Nobody", "Nothing here is called \u2068Nobody\u2069."),
        ("source=00000000-0000-4000-8000-000000000000", "Nothing here is called"),
        ("state=disputed", "“\u2068disputed\u2069” is none of the words that can stand here. Write one of: "),
        ("state=unanswered", "“\u2068unanswered\u2069” is none of the words that can stand here. Write one of: "),
        ("contested=no", "“\u2068no\u2069” is none of the words that can stand here. Write one of: "),
        ("stance=", ""),
        ("said_from=32+May", "Said from:"),
        ("said_from=2016&said_until=2015", "This is before the date from which."),
        ("published_until=2015-13", "Published until:"),
        ("position=B", "Letters name the positions of a question."),
        ("question=How+many%3F&position=%C3%9F", "A position is named by a letter"),
        ("language=%3Cscript%3E", "Write a tag, such as ar or en."),
        ("text=%21%3F", "There is no word in this to look for."),
        ("text=" + "+".join("abcdefghijk"), "Search for no more than 10 words."),
        ("text=%00", "Null characters are not allowed."),
        ("sort=truth", "“\u2068truth\u2069” is none of the words that can stand here. Write one of: "),
        ("after=first", "names a claim that is not here"),
        ("after=00000000-0000-4000-8000-000000000000", "names a claim that is not here"),
        ("stance=affirms&stance=denies", "“stance” is stated more than once."),
    ],
)
def test_what_is_unknown_or_invalid_is_said_and_nothing_is_shown(
    query: str, sentence: str, reader: Client, claims: dict[str, Claim]
) -> None:
    status = 400 if sentence else 200
    assert bool(shown(reader, query, status)) is not bool(sentence)
    page = unescape(reader.get(f"/claims/?{query}").content.decode())
    assert sentence in page
    assert ("Nothing is shown" in page) is bool(sentence)


def test_filters_say_themselves_in_words_each_with_a_way_out(reader: Client, claims: dict[str, Claim]) -> None:
    speaker = claims["first"].attribution.speaker
    page = reader.get(f"/claims/?speaker={speaker.uid}&said_from=2015-11&state=contested").content.decode()
    active = re.search(r'<ul class="active-filters".*?</ul>', page, re.DOTALL)
    assert active is not None
    words = re.sub(r"<[^>]+>", " ", active[0])
    for part in ("Speaker", "Governor", "Said from", "November 2015", "State of the question", "Contested"):
        assert part in words
    assert f'href="/claims/?speaker={speaker.uid}&amp;said_from=2015-11"' in active[0]
    assert f'<option value="{speaker.uid}" selected>Governor</option>' in page


def test_a_speaker_is_found_by_any_name_and_as_whom_they_were_judged_to_be(
    reader: Client, claims: dict[str, Claim]
) -> None:
    governor = claims["first"].attribution.speaker
    make.record(Agent(name="The governor of Homs", kind="person", same_as=governor))
    make.record(AgentName(agent=governor, language="ar", text="المحافظ"))
    assert shown(reader, "speaker=The+governor+of+Homs") == [str(claims["first"].uid)]
    assert shown(reader, "speaker=المحافظ") == [str(claims["first"].uid)]


@pytest.mark.parametrize("order", claim_lists.ORDERS)
def test_pages_hold_every_claim_once_in_order_and_lead_back(
    order: str, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sized(60)
    monkeypatch.setattr("claims.views.claim_lists.PAGE", 25)
    address, pages = f"/claims/?sort={order}", []
    while address:
        page = unescape(reader.get(address).content.decode())
        pages.append(CLAIM.findall(page))
        following = re.search(r'<a href="([^"]+)" rel="next">', page)
        address = following[1] if following else ""
    assert [len(page) for page in pages] == [25, 25, 10]
    seen = [uid for page in pages for uid in page]
    assert len(set(seen)) == 60
    rows = {str(state.claim.uid): state for state in ClaimState.objects.select_related("claim")}
    field, descending = claim_lists.ORDERS[order].field, claim_lists.ORDERS[order].descending
    keys = [(getattr(rows[uid], field), rows[uid].claim_id) for uid in seen]
    dated = [key for key in keys if key[0] is not None]
    assert dated == sorted(dated, reverse=descending)
    assert keys[: len(dated)] == dated, "claims without a date come last"
    backwards = reader.get(f"/claims/?sort={order}&before={pages[2][0]}").content.decode()
    assert CLAIM.findall(backwards) == pages[1]
    assert CLAIM.findall(reader.get(f"/claims/?sort={order}&before={pages[1][0]}").content.decode()) == pages[0]


def test_a_number_of_claims_is_counted_no_further_than_a_thousand(reader: Client) -> None:
    make_sized(1_500)
    assert "more than 1,000 claims" in reader.get("/claims/").content.decode()
    assert re.search(r">\d+ claims<", reader.get("/claims/?state=contested&has_passage=no").content.decode())


def test_an_empty_list_says_what_to_do(reader: Client, claims: dict[str, Claim]) -> None:
    assert "Take a filter away" in reader.get("/claims/?review=discarded").content.decode()


def test_an_empty_installation_says_what_to_do(reader: Client) -> None:
    for address in ("/", "/claims/", "/questions/", "/sources/", "/agents/"):
        assert "Nothing is on record yet." in reader.get(address).content.decode(), address
