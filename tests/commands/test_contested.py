"""`manage.py contested` on the demonstration: exactly the states of the reading, with reasons a reader understands."""

import io
import json
from collections import Counter
from collections.abc import Iterator

import pytest
import pytest_django
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from claims.models import Attribution, Claim, ClaimOption, ClaimState, Option, Record, Topic
from claims.services.transaction import change, save
from tests import factories as make
from tests.commands.conftest import Run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[str]:
    """What loading the demonstration printed; loaded once for all that is here, and then gone."""
    out = io.StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", "demonstration", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


CONTESTED = {
    "What was reached in al-Waer?",
    "Did the armed opposition agree to leave the district?",
    "How many years had al-Waer been besieged by December 2015?",
}
SEVERAL = {
    "Does it admit government forces or bodies into the district?",
    "Why was the truce concluded?",
    "Does it provide for releasing detainees held by the government?",
}
KEYS = {
    "uid", "topic", "question", "answer_kind", "state", "across_sides", "claims", "origins", "positions", "exclusions",
    "exclusions_total",
}  # fmt: skip


def test_the_states_are_those_of_the_reading(run: Run) -> None:
    questions = json.loads(run("contested", "--all", "--format", "json"))
    assert Counter(each["state"] for each in questions) == {
        "contested": 3,
        "several_origins": 3,
        "tentative": 1,
        "single_origin": 28,
    }
    by_state = {
        state: {each["question"] for each in questions if each["state"] == state}
        for state in Counter(each["state"] for each in questions)
    }
    assert by_state["contested"] == CONTESTED
    assert by_state["several_origins"] == SEVERAL
    assert by_state["tentative"] == {"How long will it take to carry out?"}
    assert sum(each["claims"] for each in questions) == Claim.objects.count() == 60


def test_the_form_of_the_json(run: Run) -> None:
    questions = json.loads(run("contested", "--format", "json"))
    assert {each["question"] for each in questions} == CONTESTED
    for question in questions:
        assert set(question) == KEYS
        assert question["exclusions_total"] == len(question["exclusions"]) > 0
        for position in question["positions"]:
            assert set(position) == {"answer", "stance", "claims", "origins", "sources"}
            for uid in position["claims"]:
                assert Claim.objects.get(uid=uid).question.text == question["question"]
        for exclusion in question["exclusions"]:
            assert set(exclusion) == {"positions", "reason"}
            assert max(exclusion["positions"]) < len(question["positions"])
            assert exclusion["reason"].endswith(".")
            assert "\u2068" not in exclusion["reason"]


def test_final_agreement_against_preliminary_truce(run: Run) -> None:
    questions = {each["question"]: each for each in json.loads(run("contested", "--format", "json"))}
    reached = questions["What was reached in al-Waer?"]
    assert [(each["answer"], len(each["claims"]), each["origins"]) for each in reached["positions"]] == [
        ("Preliminary truce", 2, 1),
        ("Final agreement", 1, 1),
        ("Truce", 1, 2),
    ]
    assert [each["positions"] for each in reached["exclusions"]] == [[0, 1], [1, 2]]
    assert "cannot both hold" in reached["exclusions"][0]["reason"]
    assert "Official sources" in reached["exclusions"][0]["reason"]
    assert (reached["claims"], reached["origins"]) == (5, 3)


def test_a_topic_by_name_or_identifier(run: Run) -> None:
    topic = Topic.objects.get(name__contains="Old Homs")
    assert json.loads(run("contested", "--topic", topic.name, "--format", "json")) == []
    for named in (topic.name, str(topic.uid)):
        questions = json.loads(run("contested", "--all", "--topic", named, "--format", "json"))
        assert {each["topic"] for each in questions} == {topic.name}
        assert len(questions) == 5


def test_an_unknown_topic_is_refused_with_exit_2(run: Run) -> None:
    with pytest.raises(CommandError, match="no topic “nowhere”") as refused:
        run("contested", "--topic", "nowhere")
    assert refused.value.returncode == 2


def test_the_table_says_who_says_what(run: Run) -> None:
    table = run("contested")
    assert table.count("Contested") == 3
    assert "A  Preliminary truce  –  2 claims, 1 origin, 2 sources" in table
    assert "this rests on what an editor inferred" in table


def test_the_fixture_brings_history_and_derived_state(run: Run, demonstration: str) -> None:
    assert "Installed 412 object(s)" in demonstration
    for model in Record.__subclasses__():
        if model._meta.abstract:
            continue
        assert model.objects.count() == model.history.count(), model
    assert ClaimState.objects.count() == 60
    assert "as the records make it" in run("rebuild_state", "--check")


def test_as_recorded_on_a_moment(run: Run) -> None:
    now = run("contested", "--all", "--format", "json")
    then = timezone.now().isoformat().replace("+00:00", "Z")
    for claim in Claim.objects.all():
        claim.review = "discarded"
        make.record(claim)
    assert {each["state"] for each in json.loads(run("contested", "--all", "--format", "json"))} == {"unanswered"}
    assert run("contested", "--all", "--format", "json", "--as-recorded-on", then) == now
    assert run("contested", "--as-recorded-on", "2001") == "No question is contested.\n"


def test_what_is_no_moment_is_refused(run: Run) -> None:
    with pytest.raises(CommandError, match="is no single moment") as caught:
        run("contested", "--as-recorded-on", "2016~")
    assert caught.value.returncode == 2


def test_a_thousand_contested_answers_are_told(run: Run) -> None:
    topic, source = make.make_topic(name="Many"), make.make_source()
    question = make.make_question(topic=topic)
    with change(by=None, reason="A test needs it", command="test") as this:
        speaker = make.make_agent()
        several = [Attribution(source=source, speaker=speaker) for _ in range(1_100)]
        options = [Option(question=question, label=f"Answer {number}") for number, _ in enumerate(several)]
        pairs = list(zip(several, options, strict=True))
        claims = [Claim(attribution=each, question=question, answer=option.label) for each, option in pairs]
        save(this, [*several, *options, *claims])
        save(this, [ClaimOption(claim=claim, option=option) for claim, option in zip(claims, options, strict=True)])
    (told,) = json.loads(run("contested", "--topic", "Many", "--format", "json"))
    assert (told["state"], len(told["positions"]), told["exclusions_total"]) == ("contested", 1_100, 1_100 * 1_099 // 2)
