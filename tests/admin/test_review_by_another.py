"""Where a review is made by another: the buttons of the last editor are shut, and the page says why."""

import re
from typing import Any

import pytest
from django.test import Client

from claims.models import Claim, User
from claims.permissions import Role
from claims.services.editing import keep
from tests import factories as make
from tests.admin.forms import REASON, fields_of, signed_in
from tests.admin.test_review import LIST, ONE_BY_ONE, choose, confirm
from tests.services.written import nothing_written

pytestmark = pytest.mark.django_db

WHY = "Somebody else has to review it."


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.REVIEW_BY_ANOTHER = True


@pytest.fixture
def both() -> User:
    return make.make_user(Role.ADMINISTRATOR)


@pytest.fixture
def claim(both: User) -> Claim:
    claim = make.make_claim(answer="a truce")
    claim.note = "seen"
    keep(records=[claim], by=both, reason="Noted")
    return Claim.objects.get(pk=claim.pk)


def shut(page: Any) -> list[str]:
    """The buttons that cannot be pressed."""
    text = page.content.decode()
    buttons = re.findall(r"<button[^>]* disabled[^>]*>\s*([\w ]+)", text)
    return sorted(map(str.strip, buttons + re.findall(r'<input type="submit"[^>]*value="([^"]+)" disabled', text)))


def test_on_the_claims_page(both: User, claim: Claim) -> None:
    page = signed_in(both).get(f"{LIST}{claim.pk}/change/")
    assert shut(page) == ["Check", "Discard"]
    assert page.content.decode().count(WHY) == 1
    other = signed_in(Role.ADMINISTRATOR).get(f"{LIST}{claim.pk}/change/")
    assert shut(other) == []
    assert WHY not in other.content.decode()


@pytest.mark.parametrize("act", ["check", "discard"])
def test_what_is_posted_all_the_same_is_refused(both: User, claim: Claim, act: str) -> None:
    browser = signed_in(both)
    address = f"{LIST}{claim.pk}/{act}/"
    with nothing_written():
        answer = browser.post(address, {**fields_of(browser.get(address)), "change_reason": REASON})
    assert WHY in answer.content.decode()


def test_one_by_one(both: User, claim: Claim) -> None:
    browser = signed_in(both)
    page = browser.get(ONE_BY_ONE)
    assert shut(page) == ["Check", "Discard"]
    assert WHY in page.content.decode()
    with nothing_written():
        answer = browser.post(ONE_BY_ONE, {**fields_of(page), "change_reason": REASON, "check": "1"})
    assert WHY in answer.content.decode()
    assert shut(signed_in(Role.REVIEWER).get(ONE_BY_ONE)) == []


def test_chosen_from_the_list(both: User, claim: Claim) -> None:
    browser: Client = signed_in(both)
    other = make.make_claim(answer="no")
    page = choose(browser, "check_chosen", [claim, other])
    assert shut(page) == ["Check these claims"]
    assert page.content.decode().count(WHY) == 1
    with nothing_written():
        assert WHY in confirm(browser, page, [claim, other]).content.decode()
    assert shut(choose(browser, "check_chosen", [other])) == []
