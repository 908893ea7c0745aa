"""Every kind of mistake in a row gets one sentence, on its column, and is not written; the documentation lists them."""

from pathlib import Path

import pytest
from django.utils.translation import override

from claims.interchange.tables.rows import Row
from claims.interchange.understanding import LONGEST_AGAIN, entry_of
from claims.models import Claim
from claims.services.importing import Fault, Orders, run
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


WHOLE = {"question": "How many leave?", "answer": "300", "speaker": "Governor", "source": "A report"}


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        ({}, ""),
        ({"said_on": "yesterday"}, "said_on"),
        ({"said_on": "yesterday", "speaker": "", "source": " "}, "said_on speaker source"),
        ({"speaker": "", "source": "", "answer": ""}, "answer speaker source"),
        ({"speaker": "", "speaker_id": "7", "source": "", "source_url": "https://a.org", "as_of": "noon"}, "as_of"),
        ({"speaker": "a\0b", "source": "x" * 501, "answer": "a\0b"}, "answer source speaker"),
        ({"speaker": "", "speaker_id": "x" * 501, "source": "", "source_url": "example.org"}, "source_url speaker_id"),
        ({"source": "", "publisher": "An outlet", "said_on": "yesterday"}, "said_on publisher"),
        ({"question": "", "answer": "", "said_on": "yesterday"}, "said_on statement"),
        ({"question": "", "answer": "", "statement@ar": "a\0b"}, "statement@ar"),
        ({"question": "", "answer": "", "statement": "", "unit": "people"}, "unit statement"),
        ({"id": "1", "speaker": "", "source": "", "answer": "", "said_on": "yesterday"}, "said_on"),
        ({"id": "1", "speaker": "", "source": "", "answer": ""}, "answer speaker source"),
    ],
)
def test_what_is_missing_is_told_with_what_cannot_be_read(cells: dict[str, str], columns: str) -> None:
    """Once; what is there and cannot be read is not missing, and a claim on record may leave things out."""
    entry = entry_of(Row(2, {name: text for name, text in {**WHOLE, **cells}.items() if text}, 1))
    told: list[Fault] = []
    run(
        [entry],
        Orders(by=None, reason="r", command="t", dry_run=True, refuse=lambda _entry, faults: told.extend(faults)),
    )
    assert sorted(fault.column for fault in told) == sorted(columns.split())


def test_a_cell_that_was_read_before_is_refused_again_in_the_language_of_the_reader() -> None:
    row = Row(1, {**WHOLE, "said_on": "yesterday"}, 1)
    with override("en"):
        (english,) = entry_of(row).faults
        assert entry_of(row).faults == (english,)
    with override("ar"):
        (arabic,) = entry_of(row).faults
    assert "yesterday" in arabic.sentence
    assert arabic.sentence != english.sentence


def test_the_same_text_is_read_as_its_own_column_has_it() -> None:
    cells = {**WHOLE, "topic": " 5 ", "tolerance": " 5 ", "start": " 5 ", "quote": " 5 "}
    draft = entry_of(Row(1, cells, 1)).draft
    assert draft is not None
    assert (draft.topic, draft.tolerance, draft.start, draft.quote) == ("5", 5, 5, " 5 ")


@pytest.mark.parametrize(("longer", "kept"), [(0, True), (1, False)])
def test_only_short_cells_are_remembered(longer: int, *, kept: bool) -> None:
    first, again = (" ".join("long" * LONGEST_AGAIN)[: LONGEST_AGAIN + longer] for _ in range(2))
    read = [entry_of(Row(1, {**WHOLE, "answer": text}, 1)).draft for text in (first, again)]
    answers = [draft.answer for draft in read if draft is not None]
    assert answers == [first, again]
    assert (answers[1] is not again) == kept
