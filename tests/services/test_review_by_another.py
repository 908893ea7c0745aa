"""Where a review is made by another, whoever changed a claim or its attribution last cannot review it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from claims.domain.vocabulary import Review
from claims.models import Attribution, Claim, ClaimWording, Record, User
from claims.permissions import Role
from claims.queries.editors import last_editors
from claims.services.editing import keep
from claims.services.review import check, discard, not_reviewed_by, reopen
from claims.services.transaction import change, save
from claims.wording import plain
from tests import factories as make
from tests.services.written import nothing_written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.REVIEW_BY_ANOTHER = True


@pytest.fixture
def both() -> User:
    """Somebody who edits and reviews, as an administrator does."""
    return make.make_user(Role.ADMINISTRATOR)


@pytest.fixture
def other() -> User:
    return make.make_user(Role.ADMINISTRATOR)


def edit(record: Record, by: User, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(record, name, value)
    keep(records=[record], by=by, reason="As the source has it")


def test_whoever_changed_it_last_neither_checks_nor_discards_and_another_does(both: User, other: User) -> None:
    claim = make.make_claim(answer="a truce")
    edit(claim, both, answer="a final agreement")
    for review in (check, discard):
        with nothing_written(), pytest.raises(ValidationError) as raised:
            review(claims=[claim], by=both, reason="Read")
        assert list(map(plain, raised.value.message_dict["claims"])) == [
            "You were the last to change “a final agreement”. Somebody else has to review it."
        ]
    check(claims=[claim], by=other, reason="Read")
    claim.refresh_from_db()
    assert claim.review == Review.CHECKED


def test_all_that_are_refused_are_named_and_none_is_reviewed(both: User) -> None:
    mine, mine_too, fine = make.make_claim(answer="one"), make.make_claim(answer="two"), make.make_claim(answer="x")
    edit(mine, both, note="seen")
    edit(mine_too, both, note="seen")
    with nothing_written(), pytest.raises(ValidationError) as raised:
        check(claims=[mine, fine, mine_too], by=both, reason="Read")
    assert [plain(sentence)[:36] for sentence in raised.value.messages] == [
        "You were the last to change “one”. S",
        "You were the last to change “two”. S",
    ]


def test_a_review_is_no_change_of_the_claim(both: User, other: User) -> None:
    claim = make.make_claim()
    edit(claim, other, note="seen")
    check(claims=[claim], by=both, reason="Read")
    reopen(claims=[claim], by=both, reason="Doubt")
    discard(claims=[claim], by=both, reason="Not in the text")
    reopen(claims=[claim], by=other, reason="It is")
    with pytest.raises(ValidationError, match="You were the last"):
        check(claims=[claim], by=other, reason="Read")
    check(claims=[claim], by=both, reason="Read")


def test_parts_and_the_attribution_count_as_the_claim(both: User, other: User) -> None:
    claim = make.make_claim()
    keep(records=[ClaimWording(claim=claim, language="en", text="A truce")], by=both, reason="Worded")
    claim = Claim.objects.get(pk=claim.pk)
    assert last_editors([claim]) == {claim.pk: {both.pk}}
    edit(Attribution.objects.get(pk=claim.attribution_id), other, cue="denied")
    assert last_editors([claim]) == {claim.pk: {both.pk, other.pk}}
    for user in (both, other):
        with pytest.raises(ValidationError, match="You were the last"):
            check(claims=[claim], by=user, reason="Read")


def test_a_change_that_makes_a_review_out_of_date_is_a_change(both: User, other: User) -> None:
    claim = make.make_claim()
    check(claims=[claim], by=both, reason="Read")
    edit(Claim.objects.get(pk=claim.pk), both, answer="another")
    claim = Claim.objects.get(pk=claim.pk)
    assert claim.review_stale
    with pytest.raises(ValidationError, match="You were the last"):
        check(claims=[claim], by=both, reason="Read again")
    check(claims=[claim], by=other, reason="Read again")
    assert last_editors([claim]) == {claim.pk: {both.pk}}


def test_what_a_command_recorded_anybody_reviews_and_so_does_a_command(both: User) -> None:
    claim = make.make_claim()
    assert last_editors([claim]) == {claim.pk: frozenset()}
    check(claims=[claim], by=both, reason="Read")
    edited = make.make_claim()
    edit(edited, both, note="seen")
    check(claims=[edited], by=None, command="test", reason="Loaded")


def test_it_is_asked_only_where_the_installation_requires_it(both: User, settings: Any) -> None:
    settings.REVIEW_BY_ANOTHER = False
    claim = make.make_claim()
    edit(claim, both, note="seen")
    assert not_reviewed_by([claim], both) == {}
    check(claims=[claim], by=both, reason="Read")


def test_it_takes_two_queries_however_many_claims(both: User, django_assert_num_queries: Any) -> None:
    claims = [make.make_claim() for _number in range(5)]
    with change(by=both, reason="Grades") as this:
        for claim in claims:
            claim.credibility = "2"
        save(this, claims)
    with django_assert_num_queries(2):
        assert len(not_reviewed_by(claims, both)) == 5
