"""Recording an attribution with its chain and claims: what is kept, what is refused where, what is then contested."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from claims.models import (
    Agent,
    AgentName,
    Attribution,
    Claim,
    ClaimOption,
    ClaimState,
    Option,
    OptionBroader,
    Relay,
    Source,
)
from claims.permissions import NotAllowed, Role
from claims.services.recording import LinesRefused, NewAttribution, NewClaim, NewRelay, add_claims, record
from claims.services.speakers import read_chain
from claims.services.transaction import change
from claims.wording import plain
from tests import factories as make

pytestmark = pytest.mark.django_db


def new(source: Source, *claims: Claim, relays: tuple[Agent, ...] = (), make_options: bool = False) -> NewAttribution:
    return NewAttribution(
        attribution=Attribution(source=source, speaker=make.make_agent(), said_on="2015-12-01"),
        relays=[NewRelay(agent=agent) for agent in relays],
        claims=[NewClaim(claim=each, wordings={"en": "It is so."}, make_options=make_options) for each in claims],
    )


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Attribution, Relay, Claim, Option, OptionBroader, ClaimState))


def test_an_attribution_is_recorded_whole_with_history_reason_and_user() -> None:
    editor = make.make_user(Role.EDITOR)
    question = make.make_question(kind="quantity", unit="people")
    relays = (make.make_agent(), make.make_agent())
    (attribution,) = record(
        attributions=[new(make.make_source(), Claim(question=question, answer="~٢٠٠..300"), relays=relays)],
        by=editor,
        reason="Read in the paper",
    )
    claim = attribution.claims.get()
    assert (claim.quantity_low, claim.quantity_high, claim.about) == (Decimal(200), Decimal(300), True)
    assert claim.answer == "~٢٠٠..300"
    assert [relay.agent for relay in attribution.relays.order_by("position")] == list(relays)
    for row in (attribution, claim, claim.wordings.get(), *attribution.relays.all()):
        version = row.history.get()
        assert (version.history_user, version.history_change_reason, row.version) == (editor, "Read in the paper", 1)


def test_new_options_are_made_only_where_that_is_said() -> None:
    question = make.make_question()
    before = counts()
    with pytest.raises(LinesRefused) as refused:
        record(
            attributions=[new(make.make_source(), Claim(question=question, answer="A > B"))],
            by=None,
            reason="r",
            command="t",
        )
    error = refused.value.parts[0, "claims", 0]
    assert "has no options yet" in error.message_dict["answer"][0]
    assert counts() == before
    record(
        attributions=[new(make.make_source(), Claim(question=question, answer="A > B | C"), make_options=True)],
        by=None,
        reason="r",
        command="t",
    )
    assert set(ClaimOption.objects.values_list("option__label", flat=True)) == {"B", "C"}
    assert OptionBroader.objects.get().broader.label == "A"


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        ("quantity", "many", "many"),
        ("quantity", "300..200", "300"),
        ("yes_no", "perhaps", "perhaps"),
        ("date", "2015-02-30", "2015-02-30"),
        ("choice", "No such option", "No such option"),
        ("choice", "A > A", "A"),
        ("quantity", "   ", ""),
        ("text", "…", "…"),
    ],
)
def test_an_unreadable_answer_is_refused_on_its_field_and_nothing_is_written(kind: str, answer: str, said: str) -> None:
    question = make.make_question(kind=kind)
    before = counts()
    with pytest.raises(LinesRefused) as refused:
        record(
            attributions=[new(make.make_source(), Claim(question=question, answer=answer))],
            by=None,
            reason="r",
            command="t",
        )
    assert set(refused.value.parts) == {(0, "claims", 0)}
    (sentence,) = refused.value.parts[0, "claims", 0].message_dict["answer"]
    assert said in sentence
    assert sentence.strip().endswith((".", "?"))
    assert counts() == before


def test_all_that_is_wrong_is_said_at_once() -> None:
    question = make.make_question(kind="yes_no")
    attribution = new(
        make.make_source(), Claim(question=question, answer="x"), Claim(question=question, answer="z"), relays=()
    )
    with pytest.raises(LinesRefused) as refused:
        record(attributions=[attribution], by=None, reason="r", command="t")
    assert set(refused.value.parts) == {(0, "claims", 0), (0, "claims", 1)}
    attribution.attribution.said_on = "2015-13"
    with pytest.raises(LinesRefused) as refused:
        record(attributions=[attribution], by=None, reason="r", command="t")
    assert "said_on" in refused.value.parts[0, "attribution", 0].message_dict


def test_a_nul_is_refused_with_a_sentence() -> None:
    question = make.make_question(kind="text")
    with pytest.raises(LinesRefused) as refused:
        record(
            attributions=[new(make.make_source(), Claim(question=question, answer="a\0b"))],
            by=None,
            reason="r",
            command="t",
        )
    assert "NUL" in " ".join(refused.value.messages)


def test_an_attribution_without_a_claim_is_refused() -> None:
    with pytest.raises(LinesRefused, match="at least one claim"):
        record(attributions=[new(make.make_source())], by=None, reason="r", command="t")


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.AUDITOR, Role.REVIEWER])
def test_only_those_who_may_record(role: Role) -> None:
    question = make.make_question(kind="yes_no")
    with pytest.raises(NotAllowed):
        record(
            attributions=[new(make.make_source(), Claim(question=question, answer="yes"))],
            by=make.make_user(role),
            reason="r",
        )
    assert Claim.objects.count() == 0


def test_a_contradicting_claim_turns_both_contested_at_once() -> None:
    question = make.make_question(kind="yes_no")
    (first,) = record(
        attributions=[new(make.make_source(), Claim(question=question, answer="yes"))], by=None, reason="r", command="t"
    )
    assert not first.claims.get().state.contested
    (second,) = record(
        attributions=[new(make.make_source(), Claim(question=question, answer="لا"))], by=None, reason="r", command="t"
    )
    assert [each.claims.get().state.contested for each in (first, second)] == [True, True]
    question.refresh_from_db()
    assert question.state.state == "contested"


def test_further_claims_of_an_attribution_on_record() -> None:
    question = make.make_question(kind="yes_no")
    attribution = make.make_attribution()
    make.make_claim(question, attribution=attribution, answer="yes", yes=True)
    (added,) = add_claims(
        attribution=attribution,
        claims=[NewClaim(claim=Claim(question=question, answer="no"))],
        by=None,
        reason="r",
        command="t",
    )
    assert (added.line, added.yes, added.state.contested) == (1, False, True)


class TestChains:
    """The chain typed as one line."""

    def read(self, line: str, source: Source) -> tuple[str, ...]:
        with change(by=None, reason="r", command="t") as this:
            chain = read_chain(this, line=line, source=source)
        return (chain.speaker.name, *(relay.name for relay in chain.relays))

    def test_an_unnamed_speaker_is_made_once_a_source_and_side(self) -> None:
        make.make_side(name="Opposition", party=True, translations={"ar": "المعارضة"})
        make.make_agent(name="Sham Network", kind="outlet")
        source, other = make.make_source(), make.make_source()
        line = "negotiator (opposition) > Sham Network"
        assert self.read(line, source) == ("negotiator", "Sham Network")
        assert self.read("negotiator (المعارضة) > Sham Network", source) == ("negotiator", "Sham Network")
        assert self.read("negotiator > sham network", source) == ("negotiator", "Sham Network")
        assert Agent.objects.filter(kind="unnamed").count() == 1
        self.read(line, other)
        assert Agent.objects.filter(kind="unnamed").count() == 2

    def test_an_alias_in_another_language_is_found(self) -> None:
        agent = make.make_agent(name="Sham Network", kind="outlet")
        make.record(AgentName(agent=agent, language="ar", text="شبكة شام"))
        assert self.read("شبكة شام", make.make_source()) == ("Sham Network",)

    @pytest.mark.parametrize(
        ("line", "sentence"),
        [
            ("", "Say who speaks"),
            ("Nobody Known", "No agent is called “Nobody Known”"),
            ("someone (nowhere)", "no side called “nowhere”"),
            ("A > ", "name"),
            ("Twin", "Several agents are called “Twin”"),
        ],
    )
    def test_what_cannot_be_looked_up_is_refused(self, line: str, sentence: str) -> None:
        make.make_agent(name="A")
        make.make_agent(name="Twin", role="Governor")
        make.make_agent(name="Twin", role="Mayor")
        agents = Agent.objects.count()
        with pytest.raises(ValidationError) as refused:
            self.read(line, make.make_source())
        assert sentence in plain(refused.value.messages[0])
        assert Agent.objects.count() == agents
