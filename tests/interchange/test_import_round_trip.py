"""What is exported as a claims table and imported into an empty database says the same, claims and states alike."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from claims.interchange.tables.claim_cells import claims_as_rows
from claims.interchange.understanding import entry_of
from claims.models import Agent, Claim, ClaimState, QuestionState
from claims.services.importing import Orders, run
from tests.interchange.test_importing import NUMBER, imported

pytestmark = pytest.mark.django_db


def said() -> list[dict[str, str]]:
    return [dict(row.values) for row in claims_as_rows()]


def states() -> tuple[list[Any], list[Any]]:
    """Of questions and of claims, by what these are called."""
    questions = QuestionState.objects.filter(claims__gt=0).values_list(
        *("question__topic__name", "question__text", "state", "across_sides", "claims"),
        *("origins_fewest", "origins_most", "exclusions_total"),
    )
    claims = ClaimState.objects.values_list(
        *("question__text", "speaker__name", "side__name", "standing", "contested", "questioned")
    )
    return sorted(questions, key=repr), sorted(claims, key=repr)


def test_the_demonstration_comes_back_as_it_went() -> None:
    with transaction.atomic():
        call_command("loaddata", "demonstration", verbosity=0)
        rows, cells, before = list(claims_as_rows()), said(), states()
        transaction.set_rollback(True)
    assert len(rows) == 60
    assert not Claim.objects.exists()
    report = run(map(entry_of, rows), Orders(by=None, reason="r", command="t"))
    assert (report.new, report.refused) == (60, 0)
    assert said() == cells
    assert states() == before
    assert run(map(entry_of, rows), Orders(by=None, reason="r", command="t")).unchanged == 60


def test_a_publisher_who_speaks_later_under_an_identifier_is_the_same_agent() -> None:
    published = {**NUMBER, "answer": "1", "publisher": "Al Jazeera"}
    speaks = {**NUMBER, "answer": "2", "speaker": "Al Jazeera", "speaker_id": "Q1", "speaker_kind": "outlet"}
    imported([published])
    imported([speaks])
    assert Agent.objects.filter(name="Al Jazeera").count() == 1
    imported([{**speaks, "answer": "3", "speaker_id": "Q2", "speaker_kind": "person"}])
    assert Agent.objects.filter(name="Al Jazeera").count() == 2
