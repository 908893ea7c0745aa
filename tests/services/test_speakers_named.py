"""One line on a question names the first speakers of a position and says truly how many more there are."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Agent, Claim, ClaimState, Position, Question, QuestionState
from claims.queries.derived import SPEAKERS_NAMED
from claims.queries.names import names_of
from claims.queries.overview import summaries
from claims.services.derived import differences
from claims.services.judgements import judge_same
from claims.services.transaction import change, save
from claims.wording import plain
from tests import factories as make

pytestmark = pytest.mark.django_db

CLAIMS, SPEAKERS = 50, 12


@pytest.fixture
def speakers() -> list[Agent]:
    return [make.make_agent(name=f"Speaker {number}") for number in range(SPEAKERS)]


@pytest.fixture
def question(speakers: list[Agent]) -> Question:
    """A position that twelve speakers hold with fifty claims; the first twenty are of the first one."""
    question: Question = make.make_question(kind="yes_no")
    order = [*speakers[:1] * 20, *speakers, *(speakers[number % SPEAKERS] for number in range(CLAIMS - 20 - SPEAKERS))]
    attributions = [make.make_attribution(speaker=speaker) for speaker in order]
    with change(by=None, reason="A test needs it", command="test") as this:
        save(this, [Claim(question=question, attribution=each, answer="yes", yes=True) for each in attributions])
    return question


def summary(question: Question) -> str:
    return plain(summaries([QuestionState.objects.select_related("question").get(question=question)])[0].summary)


def wrong(question: Question) -> list[str]:
    claims = Claim.objects.filter(question=question).values_list("pk", flat=True)
    return list(differences(questions=[question.pk], claims=claims))


def test_all_speakers_of_a_large_position_are_counted(question: Question) -> None:
    position = Position.objects.get(question=question)
    assert (position.claims, position.speakers, len(position.first_claims)) == (CLAIMS, SPEAKERS, SPEAKERS_NAMED)
    assert summary(question) == "Speaker 0, Speaker 1 and 10 more said yes"


def test_a_claim_that_joins_counts_its_speaker(question: Question, speakers: list[Agent]) -> None:
    with change(by=None, reason="A test needs it", command="test") as this:
        claims = list(Claim.objects.filter(question=question, attribution__speaker__in=speakers[2:]))
        for claim in claims:
            claim.withdrawn = True
        save(this, claims)
    assert summary(question) == "Speaker 0 and Speaker 1 said yes"
    for name in ("A mayor", "A driver"):
        attribution = make.make_attribution(speaker=make.make_agent(name=name))
        make.make_claim(question, attribution=attribution, answer="yes", yes=True)
        assert wrong(question) == []
    assert summary(question) == "Speaker 0, Speaker 1 and 2 more said yes"
    make.make_claim(question, attribution=attribution, answer="yes", yes=True)
    assert summary(question) == "Speaker 0, Speaker 1 and 2 more said yes"


def test_agents_judged_the_same_are_one_speaker(question: Question, speakers: list[Agent]) -> None:
    judge_same(pairs=[(speakers[1], speakers[0])], by=None, command="test", reason="One person")
    assert wrong(question) == []
    assert summary(question) == "Speaker 0, Speaker 2 and 9 more said yes"


def test_speakers_of_one_name_are_counted_each(speakers: list[Agent]) -> None:
    """Unnamed speakers of several sources may be called alike."""
    question = make.make_question(kind="yes_no")
    for _number in range(3):
        source = make.make_source()
        witness = make.make_agent(name="a witness", kind="unnamed", source=source)
        attribution = make.make_attribution(speaker=witness, source=source)
        make.make_claim(question, attribution=attribution, answer="no", yes=False)
    assert summary(question) == "a witness and 2 more said no"


def test_naming_reads_the_first_claims_and_no_list_of_all(question: Question) -> None:
    states = list(QuestionState.objects.filter(question=question))
    with CaptureQueriesContext(connection) as queries:
        names = names_of(states)[question.pk]
    assert len(names.claims) == SPEAKERS_NAMED
    assert not [query["sql"] for query in queries if ClaimState._meta.db_table in query["sql"]]


def test_an_older_database_is_filled_in_without_comparing_again(question: Question) -> None:
    stale = make.make_claim(question, answer="yes", yes=True, review="checked", review_stale=True)
    make.make_claim(question, answer="no", yes=False)
    with change(by=None, reason="r", command="t"):
        Position.objects.update(speakers=0, first_claims=[])
        ClaimState.objects.update(stale=False)
        assert len(wrong(question)) == 3
        import_module("claims.migrations.0002_stale_reviews_and_speakers").fill_in(apps, None)
    assert wrong(question) == []
    assert list(ClaimState.objects.stale().values_list("claim", flat=True)) == [stale.pk]
