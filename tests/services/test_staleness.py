"""Stale reviews: what of a checked claim may change, and what makes somebody look again."""

from collections.abc import Callable
from typing import Any

import pytest

from claims.domain.vocabulary import Certainty, Manner, Review, Stance
from claims.models import (
    Attribution,
    Claim,
    ClaimOption,
    ClaimState,
    ClaimWording,
    Passage,
    Question,
    Record,
    Relay,
    User,
)
from claims.permissions import Role
from claims.queries.dates import date_of
from claims.queries.reviews import out_of_date_since
from claims.services.derived import differences
from claims.services.review import check, discard, reopen
from claims.services.staleness import mark_stale, stale_after
from claims.services.texts import attach_pasted
from claims.services.transaction import change, save
from tests import factories as make
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make.make_user(Role.EDITOR)


@pytest.fixture
def claim() -> Claim:
    """A checked claim on a choice question, with an option, a wording, a relay and a passage."""
    question = make.make_question()
    attribution = make.make_attribution(relays=[make.make_agent()])
    make.make_passage(attribution)
    made = make.make_claim(
        question, attribution=attribution, options=[make.make_option(question, "West")], statement="It lies west."
    )
    check(claims=[made], by=None, command="test", reason="Read")
    return made


def edit(editor: User, *records: Record, reason: str = "Mistyped") -> list[Claim]:
    """Save the records as an editing service does; return the claims whose review that made stale."""
    with change(by=editor, reason=reason) as this:
        save(this, records)
        return stale_after(this)


def is_stale(claim: Claim) -> bool:
    return Claim.objects.get(pk=claim.pk).review_stale


def listed() -> list[Claim]:
    """The claims that lists call out of date; the derived tables must be what the records make of them."""
    claims = Claim.objects.values_list("pk", flat=True)
    assert list(differences(questions=Question.objects.values_list("pk", flat=True), claims=claims)) == []
    return [state.claim for state in ClaimState.objects.stale().order_by("claim")]


def setting(record: Record, **values: Any) -> Record:
    for name, value in values.items():
        setattr(record, name, value)
    return record


def dated(record: Record, written: str, stem: str, text: str) -> Record:
    begin, end = date_of(text).bounds()
    return setting(record, **{written: text, f"{stem}_from": begin, f"{stem}_until": end})


CHECKED: dict[str, Callable[[Claim], Record]] = {
    "stance": lambda claim: setting(claim, stance=Stance.DENIES.value),
    "certainty": lambda claim: setting(claim, certainty=Certainty.POSSIBLE.value),
    "answer": lambda claim: setting(claim, answer="East"),
    "question": lambda claim: setting(claim, question=make.make_question()),
    "inferred": lambda claim: setting(claim, inferred=True),
    "as of": lambda claim: dated(claim, "as_of", "as_of", "2015-12"),
    "copied from": lambda claim: setting(claim, copied_from=make.make_claim(claim.question)),
    "new option": lambda claim: ClaimOption(claim=claim, option=make.make_option(claim.question, "East")),
    "withdrawn option": lambda claim: setting(claim.options.get(), withdrawn=True),
    "wording": lambda claim: setting(claim.wordings.get(), text="It lies in the west."),
    "new wording": lambda claim: ClaimWording(claim=claim, language="ar", text="يقع في الغرب."),
    "source": lambda claim: setting(claim.attribution, source=make.make_source()),
    "speaker": lambda claim: setting(claim.attribution, speaker=make.make_agent()),
    "role": lambda claim: setting(claim.attribution, role="Governor"),
    "side": lambda claim: setting(claim.attribution, side=make.make_side()),
    "on behalf of": lambda claim: setting(claim.attribution, on_behalf_of=make.make_agent()),
    "document": lambda claim: setting(claim.attribution, document=make.make_source()),
    "cue": lambda claim: setting(claim.attribution, cue="denied"),
    "manner": lambda claim: setting(claim.attribution, manner=Manner.QUOTED.value),
    "said on": lambda claim: dated(claim.attribution, "said_on", "said", "2015-12-01"),
    "relay": lambda claim: setting(claim.attribution.relays.get(), agent=make.make_agent()),
    "new relay": lambda claim: Relay(attribution=claim.attribution, position=1, agent=make.make_agent()),
    "withdrawn relay": lambda claim: setting(claim.attribution.relays.get(), withdrawn=True),
    "passage": lambda claim: setting(claim.attribution.passages.get(), exact="other words"),
    "new passage": lambda claim: Passage(
        attribution=claim.attribution, snapshot=make.make_snapshot(claim.attribution.source), exact="more words"
    ),
}
NOT_CHECKED: dict[str, Callable[[Claim], Record]] = {
    "note": lambda claim: setting(claim, note="Ask again"),
    "credibility": lambda claim: setting(claim, credibility=2),
    "line": lambda claim: setting(claim, line=3),
    "external identifier": lambda claim: setting(claim, external_id="waer-1"),
    "note of the attribution": lambda claim: setting(claim.attribution, note="Ask again"),
    "grade of the source": lambda claim: setting(claim.attribution.source, reliability="B"),
}


@pytest.mark.parametrize("what", CHECKED)
def test_changing_what_was_checked_makes_the_review_stale(what: str, claim: Claim, editor: User) -> None:
    record = CHECKED[what](Claim.objects.get(pk=claim.pk))
    assert edit(editor, record) == [claim]
    assert is_stale(claim)
    assert listed() == [claim]
    assert Claim.objects.get(pk=claim.pk).review == Review.CHECKED
    assert why(Claim.objects.get(pk=claim.pk)) == ("Mistyped", editor)


@pytest.mark.parametrize("what", NOT_CHECKED)
def test_changing_anything_else_leaves_the_review(what: str, claim: Claim, editor: User) -> None:
    assert edit(editor, NOT_CHECKED[what](Claim.objects.get(pk=claim.pk))) == []
    assert not is_stale(claim)
    assert listed() == []


def test_every_field_is_either_checked_or_not() -> None:
    """A new field has to be thought about."""
    kept = {"id", "uid", "version", "withdrawn", "recorded_at", "note", "said_from", "said_until"}
    names = {field.name for field in Attribution._meta.concrete_fields} - kept
    assert {name.replace(" ", "_") for name in CHECKED} >= names
    understood = {"yes", "quantity_low", "quantity_high", "only", "about", "as_of_from", "as_of_until"}
    reviewed = {"review", "review_stale", "credibility", "line", "external_id", "attribution"}
    names = {field.name for field in Claim._meta.concrete_fields} - kept - understood - reviewed
    assert {name.replace(" ", "_") for name in CHECKED} >= names


def test_all_claims_of_an_attribution_become_stale_with_it(claim: Claim, editor: User) -> None:
    attribution = claim.attribution
    checked = make.make_claim(attribution=attribution, review=Review.CHECKED.value)
    make.make_claim(attribution=attribution)
    make.make_claim(attribution=attribution, review=Review.DISCARDED.value)
    make.make_claim(attribution=attribution, review=Review.CHECKED.value, withdrawn=True)
    make.make_claim(review=Review.CHECKED.value)
    assert edit(editor, setting(Attribution.objects.get(pk=attribution.pk), cue="denied")) == [claim, checked]
    assert set(Claim.objects.filter(review_stale=True)) == {claim, checked}


def test_a_stale_claim_is_marked_once(claim: Claim, editor: User) -> None:
    edit(editor, setting(Claim.objects.get(pk=claim.pk), answer="East"))
    version = Claim.objects.get(pk=claim.pk).version
    assert edit(editor, setting(Claim.objects.get(pk=claim.pk), answer="South")) == []
    assert (is_stale(claim), Claim.objects.get(pk=claim.pk).version) == (True, version + 1)


def test_what_changed_before_it_was_checked_does_not_count(editor: User) -> None:
    claim = make.make_claim()
    with change(by=editor, reason="Corrected and checked") as this:
        save(this, [setting(claim, answer="East", review=Review.CHECKED.value)])
        assert stale_after(this) == []
    assert not is_stale(claim)


def test_what_is_recorded_as_checked_is_not_stale_for_having_been_recorded(editor: User) -> None:
    attribution = Attribution(source=make.make_source(), speaker=make.make_agent())
    with change(by=editor, reason="Recorded") as this:
        claim = Claim(attribution=attribution, answer="x", review=Review.CHECKED.value)
        save(this, [attribution, claim, ClaimWording(claim=claim, language="en", text="It rained.")])
        assert stale_after(this) == []
    assert not is_stale(claim)


def test_a_change_that_changes_nothing_writes_nothing(claim: Claim, editor: User) -> None:
    with nothing_written():
        assert edit(editor, Claim.objects.get(pk=claim.pk)) == []


def test_only_checked_claims_are_marked(editor: User) -> None:
    checked = make.make_claim(review=Review.CHECKED.value)
    others = [
        make.make_claim(),
        make.make_claim(review=Review.DISCARDED.value),
        make.make_claim(review=Review.CHECKED.value, withdrawn=True),
        make.make_claim(review=Review.CHECKED.value, review_stale=True),
    ]
    with change(by=editor, reason="The text has changed") as this:
        assert mark_stale(this, [*others, checked]) == [checked]
    assert [each.version for each in (checked, *others)] == [2, 1, 1, 1, 1]
    assert why(checked) == ("The text has changed", editor)


@pytest.mark.parametrize("review", [check, discard, reopen])
def test_a_new_review_takes_the_claim_off_the_list(review: Callable[..., object], claim: Claim, editor: User) -> None:
    edit(editor, setting(Claim.objects.get(pk=claim.pk), answer="East"))
    assert listed() == [claim]
    review(claims=[Claim.objects.get(pk=claim.pk)], by=make.make_user(Role.REVIEWER), reason="Read again")
    assert not is_stale(claim)
    assert listed() == []


def test_a_withdrawn_claim_is_not_listed(claim: Claim, editor: User) -> None:
    edit(editor, setting(Claim.objects.get(pk=claim.pk), answer="East"))
    edit(editor, setting(Claim.objects.get(pk=claim.pk), withdrawn=True))
    assert listed() == []


def test_a_text_without_the_passage_puts_the_claim_on_the_list(claim: Claim, editor: User) -> None:
    source = claim.attribution.source
    attach_pasted(source=source, text="These are the words.", by=editor, reason="The article")
    assert listed() == []
    attach_pasted(source=source, text="Nothing of it is left here at all.", by=editor, reason="It was rewritten")
    assert listed() == [claim]
    since = out_of_date_since(Claim.objects.get(pk=claim.pk))
    assert since is not None
    assert (since.who, since.reason) == (editor.username, "It was rewritten")


def test_it_is_told_with_which_change_a_review_fell_out_of_date(claim: Claim, editor: User) -> None:
    assert out_of_date_since(claim) is None
    edit(editor, setting(Claim.objects.get(pk=claim.pk), answer="East"), reason="Misread")
    edit(editor, setting(Claim.objects.get(pk=claim.pk), note="ask again"), reason="A note")
    since = out_of_date_since(Claim.objects.get(pk=claim.pk))
    assert since is not None
    assert (since.who, since.reason) == (editor.username, "Misread")


def test_the_check_names_a_claim_that_is_listed_wrongly(claim: Claim) -> None:
    with change(by=None, reason="r", command="t"):
        ClaimState.objects.filter(claim=claim).update(stale=True)
    assert list(differences(questions=[], claims=[claim.pk])) == [f"claim state {claim.pk}: stale"]
