"""Two editors who contradict each other at the same instant: no contest is missed."""

import threading

import pytest
from django.db import connection

from claims.models import Attribution, Claim, QuestionState
from claims.services.derived import differences
from claims.services.recording import NewAttribution, NewClaim, record
from tests import factories as make

ROUNDS = 15


@pytest.mark.django_db(transaction=True)
def test_contradictions_recorded_at_the_same_instant_are_never_missed() -> None:
    """Without the lock on the question each would count the claims before it sees the other's."""
    for _round in range(ROUNDS):
        question = make.make_question(kind="yes_no")
        drafts = [
            NewAttribution(
                attribution=Attribution(source=make.make_source(), speaker=make.make_agent()),
                claims=[NewClaim(claim=Claim(question=question, answer=answer))],
            )
            for answer in ("yes", "no")
        ]
        together = threading.Barrier(len(drafts))
        failures: list[BaseException] = []

        def work(draft: NewAttribution, together: threading.Barrier, failures: list[BaseException]) -> None:
            try:
                together.wait()
                record(attributions=[draft], by=None, reason="At the same instant", command="test")
            except BaseException as error:  # noqa: BLE001 - handed to the test
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=(draft, together, failures)) for draft in drafts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        claims = [draft.claims[0].claim.pk for draft in drafts]
        assert QuestionState.objects.get(question=question).state == "contested"
        assert list(differences(questions=[question.pk], claims=claims)) == []
