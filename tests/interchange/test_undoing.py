"""An import is taken back by new changes: nothing of others is lost, and the file can be imported again."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Agent, Claim, Import, Question, Relay, Source, Topic
from claims.permissions import NotAllowed, Role
from claims.services.importing import undo
from claims.services.transaction import change, save
from tests import factories as make
from tests.interchange.test_importing import WHERE, imported
from tests.services.written import savepoints

pytestmark = pytest.mark.django_db

ROWS: list[dict[str, str]] = [
    {**WHERE, "topic": "Truce", "question": "How many?", "answer_kind": "quantity", "answer": "300", "via": "Agency"},
    {**WHERE, "topic": "Truce", "question": "Where to?", "answer": "Syria > Idlib", "statement": "To Idlib."},
]


def taken_back(**keywords: Any) -> Any:
    given = {"imported": Import.objects.latest("pk"), "by": None, "reason": "Wrong file", "command": "t"}
    return undo(**{**given, **keywords})


def test_what_an_import_made_is_withdrawn_and_can_be_imported_again() -> None:
    imported(ROWS)
    undone = taken_back()
    assert undone.left == []
    for model in (Claim, Question, Topic, Source, Agent):
        assert not model.objects.current().exists(), model
    call_command("rebuild_state", "--check")
    report = imported(ROWS)
    assert (report.new, report.refused) == (2, 0)
    assert Claim.objects.current().count() == 2
    assert (Topic.objects.count(), Source.objects.count()) == (1, 1)
    assert imported(ROWS).unchanged == 2


def test_what_others_refer_to_and_have_changed_stays_and_is_named() -> None:
    imported(ROWS)
    claim = Claim.objects.get(answer="300")
    with change(by=None, reason="Read again", command="t") as this:
        claim.note = "Seen by an editor"
        save(this, [claim])
    make.make_attribution(source=Source.objects.get(), speaker=make.make_agent())
    undone = taken_back()
    assert set(Claim.objects.current()) == {claim}
    assert Source.objects.current().count() == 1
    assert set(Question.objects.current().values_list("text", flat=True)) == {"How many?"}
    told = " ".join(undone.left)
    assert "it was changed since" in told
    assert "something else refers to it" in told


def test_what_an_import_changed_is_as_it_was_unless_changed_since() -> None:
    imported([{**ROWS[0], "id": "a"}, {**ROWS[1], "id": "b"}])
    imported([{"id": "a", "answer": "~200", "said_on": "2015-12-01"}, {"id": "b", "statement": "Or elsewhere."}])
    number, place = Claim.objects.get(external_id="a"), Claim.objects.get(external_id="b")
    undone = taken_back()
    number.refresh_from_db()
    assert (number.answer, number.about, number.attribution.said_on, number.version) == ("300", False, "", 3)
    assert place.wordings.get().text == "To Idlib."
    assert (undone.withdrawn, undone.left) == (0, [])
    with pytest.raises(ValidationError, match="taken back already"):
        taken_back()


def test_a_batch_that_is_taken_back_has_one_savepoint() -> None:
    # PostgreSQL's server keeps memory for each until the transaction ends.
    cells = [{**ROWS[0], "answer": str(number), "id": str(number)} for number in range(30)]
    imported(cells)
    imported([row | {"certainty": "probable"} for row in cells])
    # The claims, their attribution and its topic, question, source, speaker and agency.
    for withdrawn, restored in ((0, 30), (30 + 6, 0)):
        with CaptureQueriesContext(connection) as queries:
            undone = taken_back() if restored else taken_back(imported=Import.objects.earliest("pk"))
        assert (undone.withdrawn, undone.restored) == (withdrawn, restored)
        assert savepoints(queries) == 1 + 1  # one of the test's own transaction


def test_a_chain_is_as_it_was_and_who_came_with_it_goes() -> None:
    for via in ("Agency", "Wire", "Wire > Paper"):
        imported([{**ROWS[0], "id": "a", "via": via}])
    for imports, via in ((3, ["Wire"]), (2, ["Agency"])):
        assert taken_back(imported=Import.objects.order_by("pk")[imports - 1]).left == []
        chain = Claim.objects.get().attribution.relays.current().order_by("position")
        assert [relay.agent.name for relay in chain] == via
    assert not Agent.objects.current().filter(name__in=["Wire", "Paper"]).exists()


def test_a_place_that_another_has_by_now_is_left_and_named() -> None:
    imported([{**ROWS[0], "id": "a", "via": "Wire > Paper"}, {**ROWS[1], "id": "b"}])
    attribution = Claim.objects.get(external_id="a").attribution
    imported([{"id": "a", "via": "Wire", "stance": "doubts"}, {"id": "b", "stance": "doubts"}])
    echo = make.make_agent(name="Echo")
    with change(by=None, reason="r", command="t") as this:
        save(this, [Relay(attribution=attribution, position=1, agent=echo)])
    undone = taken_back()
    assert len(undone.left) == 2, undone.left
    assert "it was changed since." in undone.left[0]  # the attribution, of which the chain is part
    assert "Paper" in undone.left[1]
    assert "Two relays cannot have the same place in the chain." in undone.left[1]
    assert set(Claim.objects.values_list("stance", flat=True)) == {"affirms"}
    chain = attribution.relays.current().order_by("position")
    assert [relay.agent.name for relay in chain] == ["Wire", "Echo"]


def test_only_who_may_revise_takes_back_and_the_command_tells(capsys: pytest.CaptureFixture[str]) -> None:
    imported(ROWS)
    with pytest.raises(NotAllowed):
        taken_back(by=make.make_user(Role.RESEARCHER), command="")
    call_command("undo_import", str(Import.objects.get().uid), reason="Wrong file")
    assert "records withdrawn, 0 put back, 0 left as they are." in capsys.readouterr().out
