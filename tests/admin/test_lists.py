"""Lists of the admin: what is seen at a glance, filters, pages by key, and a number of queries that does not grow."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.domain.vocabulary import AnswerKind
from claims.models import Claim
from claims.permissions import Role
from tests import factories as make
from tests.admin.forms import signed_in
from tests.admin.world import make_claims, make_world

pytestmark = pytest.mark.django_db

LIST = "/admin/claims/claim/"
# Beside what the list itself asks: session, user, its roles and permissions (4 or 5).
#   list of claims: what there is to choose from, of each kind up to a hundred (11), the page (1), capped count (1), the
#   rows with names (17 at most), and why they are contested (7)
#   others: capped count twice (the paginator, the list), the rows, what their filters offer
MOST_QUERIES = {
    "claim": 40,
    "agent": 10,
    "source": 10,
    "question": 10,
    "attribution": 10,
    "topic": 10,
    "side": 10,
    "snapshot": 10,
    "claimlink": 10,
    "finding": 10,
    "retraction": 10,
    "correction": 10,
    "distinction": 10,
    "user": 11,
}


@pytest.fixture
def editor() -> Client:
    return signed_in(Role.ADMINISTRATOR)


def queries(client: Client, url: str) -> int:
    client.get(url)  # what Django remembers of content types is read once
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.once
@pytest.mark.parametrize("kind", MOST_QUERIES)
def test_the_number_of_queries_is_pinned_and_does_not_grow(kind: str, editor: Client) -> None:
    make_world()
    make_claims(10)
    url = f"/admin/claims/{kind}/"
    at_ten = queries(editor, url)
    assert at_ten <= MOST_QUERIES[kind], at_ten
    make_claims(190)
    # Fewer where there are now too many records of a kind to choose from: those are typed.
    assert queries(editor, url) <= at_ten


@pytest.mark.parametrize("url", ["/admin/", "/admin/claims/claim/review/", "{claim}change/", "{claim}revise/"])
def test_pages_about_claims_do_not_ask_more_of_a_larger_desk(url: str, editor: Client) -> None:
    claim = make_claims(10)[0]
    url = url.format(claim=f"{LIST}{claim.pk}/")
    at_ten = queries(editor, url)
    make_claims(190)
    assert queries(editor, url) == at_ten


def test_history_takes_a_fixed_number_of_queries(editor: Client) -> None:
    side = make.make_side()
    url = f"/admin/claims/side/{side.pk}/history/"
    once = queries(editor, url)
    for number in range(10):
        side.note = f"note {number}"
        make.record(side)
    assert queries(editor, url) == once
    page = editor.get(url)
    assert len(page.context["versions"]) == 11
    assert "A test needs it" in page.content.decode()


def test_everything_is_seen_at_a_glance(editor: Client) -> None:
    world = make_world()
    claim: Any = world["claim"]
    page = editor.get(LIST).content.decode()
    for seen in (
        "mark-contested",
        "Contested",
        "A truce was reached.",
        "affirms",
        "Truce",
        "A minister",
        "opposition",
        "Sham Network",
        "A report",
        "19 September 2016",
        "Pending",
        f"{LIST}{claim.pk}/change/",
    ):
        assert seen in page, seen


FILTERS = ["state=contested", "review=pending", "stance=denies", "topic={topic}", "question={question}", "text=truce"]
FILTERS += ["publisher=Sham Network", "side=opposition", "said_from=2016-09&said_until=2016-09-30", "source={source}"]


@pytest.mark.parametrize("query", FILTERS)
def test_filters_narrow_the_list(query: str, editor: Client) -> None:
    world = make_world()
    outsider = make.make_claim(make.make_question(kind=AnswerKind.YES_NO), answer="yes", yes=True, review="checked")
    uids = {name: str(record.uid) for name, record in world.items()}
    response = editor.get(f"{LIST}?{query.format(**uids)}")
    shown = {claim.pk for claim in response.context["cl"].result_list}
    assert shown
    assert outsider.pk not in shown


@pytest.mark.parametrize(
    "query", ["state=wrong", "question=Nobody asked", "foo=bar", "said_from=soon", "after=1", "text=..."]
)
def test_a_wrong_filter_says_so_and_never_widens_the_list(query: str, editor: Client) -> None:
    make_world()
    response = editor.get(f"{LIST}?{query}")
    assert response.status_code == 200
    assert response.context["cl"].result_list == []
    assert "errorlist" in response.content.decode()


def test_pages_by_key_show_every_claim_once(editor: Client) -> None:
    make_claims(120)
    seen: list[int] = []
    url = LIST
    for _page in range(3):
        cl = editor.get(url).context["cl"]
        seen += [claim.pk for claim in cl.result_list]
        url = LIST + cl.after_url
    assert sorted(seen) == sorted(Claim.objects.values_list("pk", flat=True))
    assert cl.after_url == ""
    back = editor.get(LIST + cl.before_url).context["cl"]
    assert [claim.pk for claim in back.result_list] == seen[50:100]


def test_a_look_up_finds_agents_by_any_name_and_claims_by_words(editor: Client) -> None:
    world = make_world()
    url = "/admin/autocomplete/?app_label=claims"
    found = editor.get(f"{url}&model_name=attribution&field_name=speaker&term=وزير").json()["results"]
    assert [each["text"] for each in found] == ["A minister"]
    found = editor.get(f"{url}&model_name=claim&field_name=copied_from&term=truce").json()["results"]
    assert [each["id"] for each in found] == [str(world["claim"].pk)]
