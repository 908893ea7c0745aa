"""Every kind of mistake in a row gets one sentence, on its column, and is not written; the documentation lists them."""

from pathlib import Path

import pytest

from claims.models import Claim
from tests.interchange.mistakes import MISTAKES, sentences

pytestmark = pytest.mark.django_db

DOCUMENTED = Path(__file__).resolve().parents[2] / "docs" / "interchange.md"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def test_each_mistake_gets_a_sentence_on_its_column_and_the_documentation_has_them_all() -> None:
    lines = ["| mistake | column | what the import says |", "| --- | --- | --- |"]
    for mistake, told in sentences():
        assert [column for column, _ in told] == [mistake.column], (mistake.what, told)
        ((_, sentence),) = told
        assert sentence.endswith("."), mistake.what
        lines.append(f"| {mistake.what} | `{mistake.column}` | {_cell(sentence)} |")
    table = "\n".join(lines)
    assert Claim.objects.count() == 2
    assert table in DOCUMENTED.read_text(encoding="utf-8"), table


def test_there_are_at_least_forty_kinds() -> None:
    assert len({mistake.what for mistake in MISTAKES}) >= 40
