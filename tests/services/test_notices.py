"""Retractions and corrections: dated, with the passage that says so, and what they do to the claim."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from claims.domain.vocabulary import Standing
from claims.models import Claim, ClaimState, Correction, Retraction, User
from claims.permissions import Role
from claims.queries.dates import date_of
from claims.services.notices import Notice, correct, retract, withdraw_notices
from claims.services.refusals import Stale
from claims.services.texts import attach_text
from tests import factories as make
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db

TEXT = "Correction: an earlier report gave 300 fighters. The number was 30, the governor said."


@pytest.fixture
def editor() -> User:
    return make.make_user(Role.EDITOR)


@pytest.fixture
def claim() -> Claim:
    return make.make_quantity(make.make_quantity_question(), 300)


def standing(claim: Claim) -> str:
    return str(ClaimState.objects.get(claim=claim).standing)


@pytest.mark.parametrize(
    ("service", "model", "becomes"),
    [(retract, Retraction, Standing.RETRACTED), (correct, Correction, Standing.CORRECTED)],
)
def test_a_claim_taken_back_stands_no_more_until_the_notice_is_withdrawn(
    service: Callable[..., list[Retraction | Correction]],
    model: type[Retraction | Correction],
    becomes: Standing,
    editor: User,
    claim: Claim,
) -> None:
    source = make.make_source()
    [notice] = service(
        notices=[
            Notice(claim=claim, dated_on="2015-12-07~", source=source, quote="The number was 30", note="By phone")
        ],
        by=editor,
        reason="Their own notice",
    )
    kept = model.objects.get(pk=notice.pk)
    assert (kept.claim, kept.source, kept.snapshot, kept.exact, kept.note) == (
        claim, source, None, "The number was 30", "By phone",
    )  # fmt: skip
    assert (kept.dated_on, (kept.dated_from, kept.dated_until)) == ("2015-12-07~", date_of("2015-12-07~").bounds())
    assert why(kept) == ("Their own notice", editor)
    assert standing(claim) == becomes
    assert withdraw_notices(notices=[notice], by=editor, reason="It was about another") == [notice]
    assert (notice.withdrawn, why(notice)) == (True, ("It was about another", editor))
    assert standing(claim) == Standing.STANDING


def test_a_notice_needs_neither_date_nor_source(editor: User, claim: Claim) -> None:
    [notice] = retract(notices=[Notice(claim=claim)], by=editor, reason="He told us")
    assert (notice.dated_on, notice.dated_from, notice.source, notice.exact) == ("", None, None, "")


def test_the_passage_is_found_in_the_text_and_its_source_follows_from_it(editor: User, claim: Claim) -> None:
    source = make.make_source()
    snapshot = attach_text(source=source, content=TEXT.encode(), by=editor, reason="The notice").snapshot
    [notice] = correct(
        notices=[Notice(claim=claim, snapshot=snapshot, quote="The number was 30")], by=editor, reason="Their notice"
    )
    start = TEXT.index("The number")
    assert (notice.source, notice.exact, notice.start, notice.end) == (source, "The number was 30", start, start + 17)
    assert notice.prefix == TEXT[start - 32 : start]


def test_a_notice_may_point_at_a_text_without_quoting_it(editor: User, claim: Claim) -> None:
    snapshot = make.make_snapshot()
    [notice] = retract(notices=[Notice(claim=claim, snapshot=snapshot)], by=editor, reason="Their notice")
    assert (notice.snapshot, notice.source, notice.exact, notice.start) == (snapshot, snapshot.source, "", None)


def test_what_is_wrong_stands_on_its_field_and_nothing_is_written(editor: User, claim: Claim) -> None:
    snapshot = attach_text(source=make.make_source(), content=TEXT.encode(), by=editor, reason="The notice").snapshot
    other, hash_only = make.make_source(), make.make_snapshot()
    withdrawn = make.make_claim(withdrawn=True)
    refused = [
        (Notice(claim=claim, dated_on="7 December 2015"), "dated_on", "2015-12-07"),
        (Notice(claim=claim, quote="The number was 30"), "source", "Choose the source"),
        (Notice(claim=claim, source=other, snapshot=snapshot), "snapshot", "of another source"),
        (Notice(claim=claim, source=other, quote="words", start=3), "start", "one text only"),
        (Notice(claim=claim, snapshot=snapshot, quote="no such words at all"), "quote", "do not stand in the text"),
        (Notice(claim=claim, snapshot=hash_only, quote="…"), "quote", "no words"),
        (Notice(claim=claim, note="a\0b"), "note", "NUL"),
        (Notice(claim=withdrawn), "claim", "withdrawn"),
    ]
    for notice, field, sentence in refused:
        for service in (retract, correct):
            with nothing_written(), pytest.raises(ValidationError) as raised:
                service(notices=[Notice(claim=claim), notice], by=editor, reason="Their notice")
            assert list(raised.value.message_dict) == [field]
            assert sentence in raised.value.messages[0]


def test_a_notice_that_was_changed_meanwhile_is_not_withdrawn(editor: User, claim: Claim) -> None:
    [notice] = retract(notices=[Notice(claim=claim)], by=editor, reason="He told us")
    withdraw_notices(notices=[Retraction.objects.get()], by=editor, reason="He did not")
    with nothing_written(), pytest.raises(Stale):
        withdraw_notices(notices=[notice], by=editor, reason="He did not")
