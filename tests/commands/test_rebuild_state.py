"""`manage.py rebuild_state`: says what differs, and mends it."""

import pytest
from django.core.management.base import CommandError

from claims.models import AgentName, ClaimState, NameToken, QuestionState
from claims.services.transaction import change
from tests import factories as make
from tests.commands.conftest import Run

pytestmark = pytest.mark.django_db


def test_what_was_tampered_with_is_named_and_mended(run: Run) -> None:
    question = make.make_question(kind="yes_no")
    make.make_claim(question, answer="yes", yes=True)
    unasked = make.make_claim(answer="something")
    with change(by=None, reason="r", command="t"):
        QuestionState.objects.update(state="contested")
        ClaimState.objects.filter(claim=unasked).delete()
    with pytest.raises(CommandError, match="2 differences") as refused:
        run("rebuild_state", "--check")
    assert refused.value.returncode == 1
    assert "rebuilt" in run("rebuild_state")
    assert "as the records make it" in run("rebuild_state", "--check")
    question.refresh_from_db()
    assert question.state.state == "single_origin"


def test_words_of_names_are_checked_and_mended(run: Run) -> None:
    agent = make.make_agent(name="The governor")
    make.record(AgentName(agent=agent, language="ar", text="المحافظ"))
    source, topic = make.make_source(title="A report"), make.make_topic(name="Homs")
    before = set(NameToken.objects.values_list("kind", "record", "token"))
    with change(by=None, reason="r", command="t"):
        NameToken.objects.filter(kind="agent", token="governor").delete()
        NameToken.objects.filter(kind="source", record=source.pk).delete()
        NameToken.objects.bulk_create([NameToken(kind="topic", record=topic.pk, token="another")])
    with pytest.raises(CommandError, match="3 differences"):
        run("rebuild_state", "--check")
    run("rebuild_state")
    assert "as the records make it" in run("rebuild_state", "--check")
    assert set(NameToken.objects.values_list("kind", "record", "token")) == before
