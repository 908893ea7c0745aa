"""`manage.py loaddata`: nothing on record is overwritten, and what differs is refused as a whole."""

import json
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from claims.models import Side, Topic
from tests import factories as make
from tests.commands.conftest import Run
from tools.make_demonstration import make as make_demonstration

pytestmark = pytest.mark.django_db

UID = "11111111-2222-5333-8444-555555555555"


def fixture(folder: Path, *rows: dict[str, object]) -> str:
    path = folder / "rows.json"
    path.write_text(json.dumps(list(rows)), encoding="utf-8")
    return str(path)


def side(**fields: object) -> dict[str, object]:
    return {"model": "claims.side", "fields": {"uid": UID, "name": "Government", **fields}}


def test_the_same_again_is_left_alone(tmp_path: Path, run: Run) -> None:
    path = fixture(tmp_path, side())
    assert "Installed 1 object(s)" in run("loaddata", path)
    assert "Installed 0 object(s) (of 1)" in run("loaddata", path)
    assert Side.objects.get().history.count() == 1


def test_what_differs_is_refused_and_nothing_of_the_fixture_is_written(tmp_path: Path, run: Run) -> None:
    run("loaddata", fixture(tmp_path, side()))
    topic = {"model": "claims.topic", "fields": {"uid": UID.replace("1", "2"), "name": "A story"}}
    with pytest.raises(CommandError, match="is on record and differs in: party"):
        run("loaddata", fixture(tmp_path, topic, side(party=True)))
    assert (Topic.objects.count(), Side.objects.get().party, Side.history.count()) == (0, False, 1)


def test_a_key_of_another_record_is_refused(tmp_path: Path, run: Run) -> None:
    existing = make.make_side(name="Opposition")
    with pytest.raises(CommandError, match="belongs to another record"):
        run("loaddata", fixture(tmp_path, {**side(), "pk": existing.pk}))
    existing.refresh_from_db()
    assert existing.name == "Opposition"


def test_derived_rows_in_a_fixture_are_not_loaded(tmp_path: Path, run: Run) -> None:
    question = make.make_question()
    state = {"model": "claims.questionstate", "pk": question.pk, "fields": {"state": "contested"}}
    assert "Installed 0 object(s)" in run("loaddata", fixture(tmp_path, state))
    assert question.state.state == "unanswered"


def test_bad_values_are_refused_with_a_sentence(tmp_path: Path, run: Run) -> None:
    with pytest.raises(CommandError):
        run("loaddata", fixture(tmp_path, side(name="a\0b")))
    assert Side.objects.count() == 0


def test_the_fixture_is_what_its_source_makes() -> None:
    """After a change of the files in fixtures/demonstration/ run tools/make_demonstration.py."""
    stored = Path(__file__).resolve().parents[2] / "fixtures" / "demonstration.json"
    assert make_demonstration() == stored.read_text(encoding="utf-8")
