"""The log of changes: who, when, what and why; each filter narrows as it says; what is not attributed is announced."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from claims.ledger.events import record as record_event
from claims.ledger.models import Entry, LoggedChange
from claims.ledger.tracked import MODELS
from claims.models import Question, Side, User
from claims.permissions import Role
from claims.queries import changes as queries
from claims.services.transaction import change, save
from claims.wording.changes import THINGS
from tests import factories as make

pytestmark = pytest.mark.django_db

CHANGE = re.compile(r'<td class="log-when"><a href="/changes/([0-9a-f-]{36})/">')


@pytest.fixture
def auditor(client: Client) -> Client:
    client.force_login(make.make_user(Role.AUDITOR, username="auditor"))
    return client


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == status, page
    return page


def words_of(page: str) -> str:
    """The text of a page as a reader has it."""
    parted = re.sub(r"</(?:td|th|p|li|dt|dd|h\d)>", " ", page)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", parted)).translate(dict.fromkeys((0x2068, 0x2069))).split())


def reasons(client: Client, query: str = "") -> list[str]:
    """Why each change on the page was made, in order."""
    page = text_of(client, f"/changes/?{query}")
    return [LoggedChange.objects.get(uid=uid).reason for uid in CHANGE.findall(page)]


def written_past_us(statement: str, *values: Any) -> None:
    """What a script does that knows nothing of services."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def log(auditor: Client) -> dict[str, Any]:
    """Changes that differ in all that can be asked for, in an order that can be told."""
    editor = make.make_user(Role.EDITOR, username="editor", first_name="Rana", last_name="Haddad")
    topic = make.make_topic(name="Agreement")
    with change(by=editor, reason="Asks on the agreement") as this:
        question = Question(text="How many?", topic=topic)
        save(this, [question])
    with change(by=None, reason="Two sides", command="import") as this:
        sides = [Side(name="Government"), Side(name="Press")]
        save(this, sides)
    with change(by=editor, reason="A party") as this:
        sides[0].party = True
        save(this, [sides[0]])
    return {"editor": editor, "question": question, "government": sides[0], "press": sides[1], "topic": topic}


def test_the_log_says_who_when_what_and_why(auditor: Client, log: dict[str, Any]) -> None:
    assert reasons(auditor)[:3] == ["A party", "Two sides", "Asks on the agreement"]
    page = words_of(text_of(auditor, "/changes/"))
    assert "Rana Haddad 1 side changed A party not sealed yet" in page
    assert "Command import 2 sides recorded Two sides" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("person=editor", "A party|Asks on the agreement"),
        ("person=auditor", "sign_in"),
        ("command=import", "Two sides"),
        ("record=Government", "A party|Two sides"),
        ("record=Press", "Two sides"),
        ("record=How+many%3F", "Asks on the agreement"),
        ("kind=claims_side", "A party|Two sides"),
        ("kind=claims_question", "Asks on the agreement"),
        ("kind=claims_finding", ""),
        ("topic=Agreement", "Asks on the agreement|A test needs it"),
        ("person=editor&kind=claims_side", "A party"),
        ("attributed=yes&record=Press", "Two sides"),
        ("attributed=no&kind=claims_side", ""),
        ("changed_from=2015&person=editor", "A party|Asks on the agreement"),
        ("changed_until=2015", ""),
        ("changed_from=2015&changed_until=2016", ""),
    ],
)
def test_a_filter_narrows_as_it_says(query: str, expected: str, auditor: Client, log: dict[str, Any]) -> None:
    assert "|".join(reasons(auditor, query)) == expected


def test_a_record_is_found_by_its_identifier_address_and_row(auditor: Client, log: dict[str, Any]) -> None:
    side, question = log["government"], log["question"]
    for record in (side.uid, f"/sides/{side.uid}/history/", f"claims_side:{side.pk}"):
        assert reasons(auditor, f"record={record}") == ["A party", "Two sides"]
    assert reasons(auditor, f"record=https://desk.example.org/questions/{question.uid}/") == ["Asks on the agreement"]


def test_a_date_is_that_of_the_desk(auditor: Client, log: dict[str, Any]) -> None:
    today = f"{timezone.localtime():%Y-%m-%d}"
    assert reasons(auditor, f"changed_from={today}&changed_until={today}&command=import") == ["Two sides"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("person=nobody", "Nobody here signs in as nobody."),
        ("record=Nothing+of+ours", "No record is Nothing of ours."),
        ("record=claims_side:99999999", "No record is claims_side:99999999."),
        ("record=django_session:1", "No record is django_session:1."),
        ("record=00000000-0000-0000-0000-000000000000", "No record is 00000000"),
        ("kind=auth_nothing", "is none of the words that can stand here. Write one of: "),
        ("topic=Nothing", "Nothing here is called Nothing."),
        ("changed_from=yesterday", "yesterday"),
        ("changed_from=2016&changed_until=2015", "This is before the date from which."),
        ("command=nothing", "No command named nothing has changed anything."),
        ("attributed=perhaps", "is none of the words that can stand here. Write one of: "),
        ("attributed=no&person=auditor", "known by record, kind and date alone"),
        ("who=editor", "There is no filter named who."),
        ("kind=claims_side&kind=claims_claim", "“kind” is stated more than once."),
        ("after=nothing", "names a change that is not here"),
        ("attributed=no&after=999999999999999999999", "names a change that is not here"),
        ("attributed=no&before=x", "names a change that is not here"),
    ],
)
def test_an_address_with_a_mistake_shows_nothing_and_says_what(
    query: str, said: str, auditor: Client, log: dict[str, Any]
) -> None:
    page = text_of(auditor, f"/changes/?{query}", status=400)
    assert said in words_of(page)
    assert not CHANGE.findall(page)


def test_pages_hold_every_change_once(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        make.make_side(name=f"Side of page {number}")
    monkeypatch.setattr("claims.views.changes.PAGE", 5)
    address, seen = "/changes/?kind=claims_side", []
    while address:
        page = text_of(auditor, address)
        seen += CHANGE.findall(page)
        found = re.search(r'<a href="([^"]+)" rel="next">', page)
        before = re.search(r'<a href="([^"]+)" rel="prev">', page)
        assert before or len(seen) == 5
        address = unescape(found[1]) if found else ""
    expected = LoggedChange.objects.filter(parts__table_name="claims_side").order_by("-at", "-id")
    assert seen == [str(uid) for uid in expected.values_list("uid", flat=True)]


def test_what_many_changes_have_in_common_is_found_too(
    auditor: Client, log: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "FEW", 0)
    for query in ("kind=claims_side", "record=Government"):
        assert reasons(auditor, query) == ["A party", "Two sides"]
    assert reasons(auditor, "topic=Agreement")[0] == "Asks on the agreement"


def test_a_user_who_was_renamed_is_shown_under_both_names(auditor: Client, log: dict[str, Any]) -> None:
    with change(by=None, reason="Renamed", command="test"):
        User.objects.filter(username="editor").update(username="rana")
    page = words_of(text_of(auditor, "/changes/?kind=claims_question"))
    assert "Rana Haddad then editor" in page


def test_what_is_not_attributed_is_announced_and_shown(auditor: Client, log: dict[str, Any]) -> None:
    loose = Entry.objects.filter(change=None).count()  # the users of this test were made past the services
    written_past_us("UPDATE claims_side SET name = %s WHERE id = %s", "Forged", log["press"].pk)
    page = words_of(text_of(auditor, "/changes/"))
    assert f"{loose + 1} writes are not attributed." in page
    page = words_of(text_of(auditor, f"/changes/?record={log['press'].uid}"))
    assert "1 write is not attributed. It was made past this software" in page
    assert "not attributed." not in words_of(text_of(auditor, "/changes/?record=Government"))
    for query in (f"record={log['press'].uid}", "kind=claims_side", "changed_from=2020&kind=claims_side"):
        page = text_of(auditor, f"/changes/?attributed=no&{query}")
        assert "Side: Forged" in words_of(page)
        assert '<del class="diff">Press</del>' in page
        assert '<ins class="diff">Forged</ins>' in page


def test_an_event_is_told_as_what_happened(auditor: Client) -> None:
    record_event(kind="sign_in_failed", name="", detail={"address": "203.0.113.9"})
    page = words_of(text_of(auditor, "/changes/?kind=ledger_event"))
    assert "nobody known Failed to sign in" in page


def test_whoever_may_audit_is_led_here(auditor: Client, log: dict[str, Any], client: Client) -> None:
    claim = make.make_claim(statement="Three hundred left.")
    for address in (f"/claims/{claim.uid}/", f"/claims/{claim.uid}/history/"):
        assert f'href="/changes/?record={claim.uid}"' in text_of(auditor, address)
    assert 'href="/changes/"' in text_of(auditor, "/")
    client.force_login(make.make_user(Role.EDITOR))
    for address in (f"/claims/{claim.uid}/", f"/claims/{claim.uid}/history/", "/"):
        assert 'href="/changes/' not in text_of(client, address)


def test_arabic_has_the_log_from_right_to_left(auditor: Client, log: dict[str, Any]) -> None:
    auditor.cookies["django_language"] = "ar"
    page = text_of(auditor, "/changes/")
    assert 'dir="rtl"' in page
    assert "تسجيل طرفين" in page


def test_every_kind_of_row_has_words() -> None:
    assert set(THINGS) == set(MODELS)
