"""Links between claims: what may be said of two claims, and what that does to them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from claims.domain.vocabulary import LinkKind, Standing, State
from claims.models import Agent, Claim, ClaimLink, ClaimState, Question, QuestionState, User
from claims.permissions import Role
from claims.services.links import disown, let_both_stand, revise, withdraw_links
from claims.services.refusals import Refused, Stale
from claims.services.transaction import change
from claims.wording import plain
from tests import factories as make
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db

Link = Callable[..., list[ClaimLink]]


@pytest.fixture
def editor() -> User:
    return make.make_user(Role.EDITOR)


@pytest.fixture
def question() -> Question:
    return make.make_quantity_question()


def say(question: Question | None, number: int, speaker: Agent, said_on: str = "") -> Claim:
    attribution = make.make_attribution(speaker=speaker, said_on=said_on)
    return make.make_claim(
        question, answer=str(number), quantity_low=number, quantity_high=number, attribution=attribution
    )


def standing(claim: Claim) -> str:
    return str(ClaimState.objects.get(claim=claim).standing)


def state(question: Question) -> str:
    return str(QuestionState.objects.get(question=question).state)


def test_a_revised_claim_stands_no_more_until_the_link_is_withdrawn(editor: User, question: Question) -> None:
    speaker = make.make_agent()
    earlier, later = say(question, 2, speaker), say(question, 3, speaker)
    assert state(question) == State.CONTESTED
    [link] = revise(pairs=[(later, earlier)], by=editor, reason="He counted again")
    assert (link.kind, link.claim, link.other) == (LinkKind.REVISES, later, earlier)
    assert why(link) == ("He counted again", editor)
    assert (standing(earlier), standing(later)) == (Standing.REVISED, Standing.STANDING)
    assert state(question) == State.SINGLE_ORIGIN
    assert withdraw_links(links=[link], by=editor, reason="He did not") == [link]
    assert (link.withdrawn, link.version, why(link)) == (True, 2, ("He did not", editor))
    assert standing(earlier) == Standing.STANDING


def test_an_editor_lets_both_stand_where_the_rule_would_revise(editor: User, question: Question) -> None:
    speaker = make.make_agent()
    earlier, later = say(question, 2, speaker, "2015-12-01"), say(question, 3, speaker, "2015-12-05")
    assert standing(earlier) == Standing.REVISED
    [link] = let_both_stand(pairs=[(later, earlier)], by=editor, reason="Two different crossings")
    assert (link.kind, link.claim, link.other) == (LinkKind.BOTH_STAND, earlier, later)
    assert (standing(earlier), state(question)) == (Standing.STANDING, State.CONTESTED)
    with nothing_written(), pytest.raises(Refused, match="linked so already"):
        let_both_stand(pairs=[(earlier, later)], by=editor, reason="Again")


def test_a_disowned_claim_stands_beside_what_disowns_it(editor: User, question: Question) -> None:
    speaker = make.make_agent()
    earlier, later = say(question, 2, speaker, "2015-12-01"), say(question, 3, speaker, "2015-12-05")
    [link] = disown(pairs=[(later, earlier)], by=editor, reason="“I never said two”")
    assert (link.kind, link.claim, link.other) == (LinkKind.DISOWNS, later, earlier)
    assert (standing(earlier), state(question)) == (Standing.STANDING, State.CONTESTED)


def test_a_revision_is_by_the_same_speaker_also_under_another_record(editor: User, question: Question) -> None:
    governor = make.make_agent(name="Talal al-Barazi")
    alias = make.make_agent(name="The governor", same_as=governor)
    pair = (say(question, 3, alias), say(question, 2, governor))
    revise(pairs=[pair], by=editor, reason="His own correction")
    assert standing(pair[1]) == Standing.REVISED


def test_nobody_revises_what_another_said(editor: User, question: Question) -> None:
    governor, minister = make.make_agent(name="Governor"), make.make_agent(name="Minister")
    pair = (say(question, 3, governor), say(question, 2, minister))
    with nothing_written(), pytest.raises(ValidationError) as raised:
        revise(pairs=[pair], by=editor, reason="Surely")
    [sentence] = raised.value.message_dict["other"]
    assert plain(sentence) == (
        "“3” is of Governor and “2” of Minister, and nobody revises what another said. "
        "If the two are the same, judge them so first."
    )


@pytest.mark.parametrize("service", [revise, let_both_stand, disown])
def test_linked_claims_are_current_and_answer_one_question(service: Link, editor: User, question: Question) -> None:
    speaker = make.make_agent()
    claim = say(question, 1, speaker)
    elsewhere, nowhere = say(make.make_quantity_question(), 2, speaker), say(None, 3, speaker)
    withdrawn = make.make_quantity(question, 4, attribution=make.make_attribution(speaker=speaker), withdrawn=True)
    refused = {
        elsewhere: "“1” and “2” do not answer the same question",
        nowhere: "“1” and “3” do not answer the same question",
        withdrawn: "“4” is withdrawn",
    }
    for other, sentence in refused.items():
        with nothing_written(), pytest.raises(ValidationError) as raised:
            service(pairs=[(claim, other)], by=editor, reason="Surely")
        assert plain(raised.value.message_dict["other"][0]).startswith(sentence)


def test_two_claims_without_a_question_are_not_linked(editor: User) -> None:
    speaker = make.make_agent()
    pair = (say(None, 1, speaker), say(None, 2, speaker))
    with nothing_written(), pytest.raises(ValidationError, match="the same question"):
        revise(pairs=[pair], by=editor, reason="Surely")


def test_a_claim_is_not_linked_to_itself(editor: User, question: Question) -> None:
    claim = say(question, 1, make.make_agent())
    with nothing_written(), pytest.raises(Refused, match="cannot be linked to itself"):
        revise(pairs=[(claim, claim)], by=editor, reason="Surely")


@pytest.mark.parametrize("at_once", [True, False])
def test_revisions_in_a_circle_are_refused_with_the_way_round(at_once: bool, editor: User, question: Question) -> None:
    speaker = make.make_agent()
    one, two, three = (say(question, number, speaker) for number in (1, 2, 3))
    pairs = [(two, one), (three, two), (one, three)]
    if not at_once:
        revise(pairs=pairs[:2], by=editor, reason="He kept counting")
        pairs = pairs[2:]
    with nothing_written(), pytest.raises(ValidationError) as raised:
        revise(pairs=pairs, by=editor, reason="Back to the first")
    assert plain(raised.value.message_dict["other"][0]) == (
        "These claims would revise each other in a circle: “1” > “3” > “2” > “1”. Leave out one of the revisions."
    )


@pytest.mark.parametrize(
    ("first", "then"), [(revise, let_both_stand), (revise, disown), (let_both_stand, revise), (disown, revise)]
)
def test_contrary_links_are_refused_until_the_first_is_withdrawn(
    first: Link, then: Link, editor: User, question: Question
) -> None:
    speaker = make.make_agent()
    pair = (say(question, 3, speaker), say(question, 2, speaker))
    [link] = first(pairs=[pair], by=editor, reason="Surely")
    for said in (pair, pair[::-1]):
        with nothing_written(), pytest.raises(ValidationError, match="Both cannot be; withdraw that link first"):
            then(pairs=[said], by=editor, reason="Surely")
    withdraw_links(links=[link], by=editor, reason="It is otherwise")
    then(pairs=[pair], by=editor, reason="Surely")
    assert ClaimLink.objects.current().count() == 1


def test_one_pair_that_cannot_be_linked_leaves_all_unlinked(editor: User, question: Question) -> None:
    speaker = make.make_agent()
    one, two = (say(question, number, speaker) for number in (1, 2))
    another = say(question, 3, make.make_agent())
    with nothing_written(), pytest.raises(ValidationError):
        revise(pairs=[(two, one), (one, another)], by=editor, reason="Surely")


def test_a_link_that_was_changed_meanwhile_is_not_withdrawn(editor: User, question: Question) -> None:
    speaker = make.make_agent()
    [link] = revise(pairs=[(say(question, 3, speaker), say(question, 2, speaker))], by=editor, reason="Surely")
    withdraw_links(links=[ClaimLink.objects.get()], by=editor, reason="No")
    with nothing_written(), pytest.raises(Stale):
        withdraw_links(links=[link], by=editor, reason="No")


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_do_not_close_a_circle() -> None:
    question, speaker = make.make_quantity_question(), make.make_agent()
    one, two = say(question, 1, speaker), say(question, 2, speaker)
    both_linked = threading.Barrier(2)

    def link(pair: tuple[Claim, Claim]) -> str:
        try:
            with change(by=None, command="test", reason="Surely"):
                revise(pairs=[pair], by=None, command="test", reason="Surely")
                with suppress(threading.BrokenBarrierError):  # one waits for the other, and cannot come here
                    both_linked.wait(timeout=1)
        except ValidationError as error:
            return plain(error.messages[0])
        finally:
            connection.close()
        return "linked"

    with ThreadPoolExecutor(2) as pool:
        outcomes = [each.result() for each in [pool.submit(link, pair) for pair in ((one, two), (two, one))]]
    assert sorted(outcome.partition(":")[0] for outcome in outcomes) == [
        "These claims would revise each other in a circle", "linked",
    ]  # fmt: skip
