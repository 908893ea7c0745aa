"""Reviews: who checked or discarded what, why, and in the version that they saw."""

import pytest
from django.core.exceptions import ValidationError

from claims.domain.vocabulary import Review, Standing
from claims.models import Claim, ClaimState, User
from claims.permissions import Role
from claims.services.refusals import Stale
from claims.services.review import check, discard, reopen
from claims.wording import plain
from tests import factories as make
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> User:
    return make.make_user(Role.REVIEWER)


def reviewed(claim: Claim) -> tuple[str, bool]:
    claim.refresh_from_db()
    return claim.review, claim.review_stale


def test_several_claims_are_checked_at_once_with_reason_and_reviewer(reviewer: User) -> None:
    claims = [make.make_claim(), make.make_claim()]
    assert check(claims=claims, by=reviewer, reason="Read beside the article") == claims
    for claim in claims:
        assert reviewed(claim) == (Review.CHECKED, False)
        assert (claim.version, why(claim)) == (2, ("Read beside the article", reviewer))


def test_checking_again_makes_a_stale_review_up_to_date(reviewer: User) -> None:
    claim = make.make_claim(review=Review.CHECKED.value, review_stale=True)
    check(claims=[claim], by=reviewer, reason="Read again")
    assert reviewed(claim) == (Review.CHECKED, False)


def test_a_checked_claim_is_left_as_it_is(reviewer: User) -> None:
    claim = make.make_claim(review=Review.CHECKED.value)
    with nothing_written():
        check(claims=[claim], by=reviewer, reason="Once more")


def test_a_discarded_claim_stands_no_more_until_its_review_is_reopened(reviewer: User) -> None:
    claim = make.make_quantity(make.make_quantity_question(), 3)
    discard(claims=[claim], by=reviewer, reason="Not about this district")
    assert reviewed(claim) == (Review.DISCARDED, False)
    assert ClaimState.objects.get(claim=claim).standing == Standing.DISCARDED
    reopen(claims=[claim], by=reviewer, reason="It is after all")
    assert reviewed(claim) == (Review.PENDING, False)
    assert ClaimState.objects.get(claim=claim).standing == Standing.STANDING
    assert why(claim) == ("It is after all", reviewer)


def test_a_review_needs_a_reason(reviewer: User) -> None:
    claim = make.make_claim()
    for review in (check, discard, reopen):
        with nothing_written(), pytest.raises(ValidationError, match="State the reason"):
            review(claims=[claim], by=reviewer, reason="  ")


def test_a_claim_that_was_changed_since_it_was_read_is_not_reviewed(reviewer: User) -> None:
    seen = make.make_claim()
    other = make.make_claim()
    now = Claim.objects.get(pk=seen.pk)
    now.answer = "another answer"
    make.record(now)
    with nothing_written(), pytest.raises(Stale) as raised:
        check(claims=[other, seen], by=reviewer, reason="Read")
    assert raised.value.record == seen


def test_the_version_on_the_screen_is_the_one_that_counts(reviewer: User) -> None:
    claim = make.make_claim()
    claim.answer = "another answer"
    make.record(claim)
    with nothing_written(), pytest.raises(Stale, match="after you opened version 1"):
        check(claims=[claim], versions={claim.pk: 1}, by=reviewer, reason="Read")
    check(claims=[claim], versions={claim.pk: 2}, by=reviewer, reason="Read")
    assert reviewed(claim) == (Review.CHECKED, False)


def test_every_claim_that_cannot_be_checked_is_named_and_none_is(reviewer: User) -> None:
    fine = make.make_claim()
    discarded = make.make_claim(answer="no", review=Review.DISCARDED.value)
    withdrawn = make.make_claim(answer="yes", withdrawn=True)
    with nothing_written(), pytest.raises(ValidationError) as raised:
        check(claims=[fine, discarded, withdrawn], by=reviewer, reason="Read")
    assert list(raised.value.message_dict) == ["claims"]
    assert list(map(plain, raised.value.messages)) == [
        "“no” is discarded. Reopen its review before it is checked.",
        "“yes” is withdrawn and is not reviewed any more.",
    ]


def test_a_withdrawn_claim_is_neither_discarded_nor_reopened(reviewer: User) -> None:
    claim = make.make_claim(withdrawn=True)
    for review in (discard, reopen):
        with nothing_written(), pytest.raises(ValidationError, match="withdrawn"):
            review(claims=[claim], by=reviewer, reason="Read")
