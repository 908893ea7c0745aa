"""Review in the admin: chosen from the list, and one by one with the contested first; discarding with a reason."""

from typing import Any

import pytest
from django.test import Client

from claims.models import Claim
from claims.permissions import Role
from claims.services.editing import keep
from claims.services.review import check
from tests import factories as make
from tests.admin.forms import REASON, fields_of, signed_in
from tests.admin.world import make_claims, make_world
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db

LIST = "/admin/claims/claim/"
ONE_BY_ONE = "/admin/claims/claim/review/"


@pytest.fixture
def reviewer() -> Client:
    return signed_in(Role.REVIEWER)


def choose(client: Client, action: str, claims: list[Claim]) -> Any:
    """Tick the claims in the list and press the button; the page that asks for the reason."""
    data = fields_of(client.get(LIST))
    ticked = {**data, "action": action, "_selected_action": [claim.pk for claim in claims], "index": "0"}
    return client.post(LIST, ticked)


def confirm(client: Client, page: Any, claims: list[Claim], reason: str = REASON) -> Any:
    data = fields_of(page) | {"_selected_action": [claim.pk for claim in claims], "change_reason": reason}
    return client.post(LIST, data)


@pytest.mark.parametrize(("action", "review"), [("check_chosen", "checked"), ("discard_chosen", "discarded")])
def test_chosen_claims_are_reviewed_with_a_reason(action: str, review: str, reviewer: Client) -> None:
    first, second, third = make_claims(3)
    with nothing_written():
        page = choose(reviewer, action, [first, second])
        assert "Statement 0" in page.content.decode()
        again = confirm(reviewer, page, [first, second], reason="")
        assert again.context["form"].errors["change_reason"]
    assert confirm(reviewer, page, [first, second]).status_code == 302
    assert [claim.review for claim in Claim.objects.order_by("pk")] == [review, review, third.review]
    first.refresh_from_db()
    assert why(first)[0] == REASON


def test_a_claim_that_changed_since_the_list_was_shown_is_not_reviewed(reviewer: Client) -> None:
    (claim,) = make_claims(1)
    page = choose(reviewer, "check_chosen", [claim])
    claim.note = "changed meanwhile"
    make.record(claim)
    with nothing_written():
        response = confirm(reviewer, page, [claim])
    assert response.status_code == 409
    assert "changed meanwhile" in response.content.decode()


def test_a_page_changed_on_its_way_is_refused(reviewer: Client) -> None:
    claims = make_claims(1)
    page = choose(reviewer, "check_chosen", claims)
    for versions in ("[1]", '{"x": 1}', "nonsense"):
        data = fields_of(page) | {"_selected_action": [claims[0].pk], "change_reason": REASON, "versions": versions}
        with nothing_written():
            assert reviewer.post(LIST, data).context["form"].errors["versions"]


def test_who_may_not_review_is_not_offered_to() -> None:
    claims = make_claims(2)
    editor = signed_in(Role.EDITOR)
    assert "check_chosen" not in editor.get(LIST).content.decode()
    with nothing_written():
        choose(editor, "check_chosen", claims)
        assert editor.get(ONE_BY_ONE).status_code == 403


def test_one_by_one_the_contested_come_first(reviewer: Client) -> None:
    calm = make.make_claim(make.make_question(kind="yes_no"), answer="yes", yes=True)
    contested = make_claims(2)
    seen = []
    for press in ({"check": "1"}, {"discard": "1"}, {"check": "1"}):
        page: Any = reviewer.get(ONE_BY_ONE)
        seen.append(page.context["claim"])
        data = {**fields_of(page), **press, "change_reason": REASON}
        assert reviewer.post(ONE_BY_ONE, data).headers["Location"] == ONE_BY_ONE
    assert set(seen[:2]) == set(contested)
    assert seen[2] == calm
    assert "No claim waits" in reviewer.get(ONE_BY_ONE).content.decode()
    assert sorted(Claim.objects.values_list("review", flat=True)) == ["checked", "checked", "discarded"]


def fallen_out_of_date(*claims: Claim) -> None:
    """Check the claims, and then change what was checked."""
    for claim in claims:
        check(claims=[Claim.objects.get(pk=claim.pk)], by=None, command="test", reason="Read")
        changed = Claim.objects.get(pk=claim.pk)
        changed.certainty = "probable"
        keep(records=[changed], by=None, command="test", reason="He only hinted at it")


def test_one_by_one_offers_checked_claims_that_have_changed_since(reviewer: Client) -> None:
    """In one line with those never checked: the most urgent first, and of these the one recorded last."""
    calm, waiting = make.make_claim(), make.make_claim()
    first, second, third = make_claims(3)
    check(claims=[Claim.objects.get(pk=first.pk)], by=None, command="test", reason="Read")
    fallen_out_of_date(calm, second)
    seen, after = [], ""
    while (claim := reviewer.get(f"{ONE_BY_ONE}?after={after}").context["claim"]) is not None:
        seen.append(claim)
        after = str(claim.uid)
    assert seen == [third, second, waiting, calm]
    assert reviewer.get(ONE_BY_ONE).context["waiting"].number == 4
    page: Any = reviewer.get(f"{ONE_BY_ONE}?after={third.uid}")
    assert "Review out of date" in page.content.decode()
    assert "He only hinted at it" in page.content.decode()
    address = f"{ONE_BY_ONE}?after={third.uid}"
    assert reviewer.post(address, {**fields_of(page), "check": "1", "change_reason": REASON}).status_code == 302
    second.refresh_from_db()
    assert (second.review, second.review_stale) == ("checked", False)
    assert reviewer.get(address).context["claim"] == waiting


def test_reviews_out_of_date_are_counted_on_the_desk_and_listed(reviewer: Client) -> None:
    claim, other = make_claims(2)
    assert "out of date" not in reviewer.get("/admin/").content.decode()
    fallen_out_of_date(claim)
    check(claims=[Claim.objects.get(pk=other.pk)], by=None, command="test", reason="Read")
    desk = reviewer.get("/admin/").content.decode()
    assert f'<a href="{LIST}?review=stale">1 review is out of date</a>' in desk
    assert ONE_BY_ONE in desk
    listed: Any = reviewer.get(f"{LIST}?review=stale").context["cl"]
    assert list(listed.result_list) == [claim]
    assert [each.value for each in listed.asked.active()] == ["Checked, out of date"]
    assert set(reviewer.get(f"{LIST}?review=checked").context["cl"].result_list) == {claim, other}


def test_next_passes_over_a_claim(reviewer: Client) -> None:
    make_claims(3)
    first: Any = reviewer.get(ONE_BY_ONE).context["claim"]
    second: Any = reviewer.get(f"{ONE_BY_ONE}?after={first.uid}").context["claim"]
    assert second is not None
    assert second != first
    last = reviewer.get(f"{ONE_BY_ONE}?after={Claim.objects.order_by('pk').first().uid}")
    assert "That was the last one" in last.content.decode()


def test_one_by_one_shows_what_the_claim_stands_against(reviewer: Client) -> None:
    world = make_world()
    page = reviewer.get(ONE_BY_ONE).content.decode()
    assert "What it excludes, and why" in page
    assert "it was agreed" in reviewer.get(f"{LIST}{world['claim'].pk}/change/").content.decode()


def test_without_a_reason_or_on_an_old_version_nothing_is_reviewed(reviewer: Client) -> None:
    make_claims(1)
    data = {**fields_of(reviewer.get(ONE_BY_ONE)), "discard": "1"}
    with nothing_written():
        assert "change_reason" in reviewer.post(ONE_BY_ONE, {**data, "change_reason": ""}).context["form"].errors
        stale = reviewer.post(ONE_BY_ONE, {**data, "change_reason": "Not so", "record_version": "9"})
    assert stale.status_code == 409
    assert "Not so" in stale.content.decode()
