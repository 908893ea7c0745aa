"""Files that attack, given to the commands that read: a sentence, little work, little memory, nothing written."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.interchange.attacks import (
    ARCHIVE,
    ARCHIVES,
    DOCUMENTS,
    MAPS,
    MEGABYTE,
    TABLES,
    costs,
    hundred_megabytes,
)
from tests.services.written import rows

pytestmark = pytest.mark.django_db

COMMANDS = ("import_claims", "import_archive", "import_annotations", "check_prov")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attacks")


def told(capsys: Any, *given: Any, **options: Any) -> str:
    """What a command says as it refuses, on one line."""
    said = ""
    try:
        call_command(*given, **options)
    except CommandError as error:
        code, said = error.returncode, str(error)
    except SystemExit as ended:
        code = int(ended.code or 0)
    else:
        code = 0
    assert code in (1, 2), given
    return f"{capsys.readouterr().err} {said}".replace("\n", " ")


def refused(capsys: Any, *given: Any, most: int, **options: Any) -> str:
    """The same, within a second of work and this much memory."""
    said: list[str] = []
    seconds, memory = costs(lambda: said.append(told(capsys, *given, **options)))
    assert seconds < 1, said
    assert memory < most * MEGABYTE, (said, memory)
    return said[0]


def all_refused(capsys: Any, place: Path, command: str, attacks: dict[str, tuple[bytes, str]], *, most: int) -> None:
    before = rows()
    for name, (content, sentence) in attacks.items():
        file = place / name
        file.write_bytes(content)
        assert sentence in refused(capsys, command, str(file), most=most), name
    assert rows() == before


def test_tables(capsys: Any, place: Path) -> None:
    all_refused(capsys, place, "import_claims", TABLES, most=40)


def test_archives(capsys: Any, place: Path) -> None:
    all_refused(capsys, place, "import_archive", ARCHIVES, most=32)


def test_documents(capsys: Any, place: Path) -> None:
    all_refused(capsys, place, "import_annotations", DOCUMENTS, most=40)


def test_maps(capsys: Any, place: Path) -> None:
    table, table_map = place / "table.csv", place / "map.toml"
    table.write_bytes(b"answer\nx\n")
    before = rows()
    for name, (content, sentence) in MAPS.items():
        table_map.write_bytes(content)
        assert sentence in refused(capsys, "import_claims", str(table), map=str(table_map), most=8), name
    assert rows() == before


@pytest.mark.parametrize(
    ("command", "begins", "refusal"),
    [
        ("import_claims", b"id,answer\n1,", ("does not end within 2,000,000 characters", 8)),
        ("import_claims", b'{"answer":"', ("longer than 2,000,000 bytes", 8)),
        ("import_claims", b"PK\x03\x04", ("The workbook cannot be read", 8)),
        ("import_archive", ARCHIVE + b'{"type":"', ("The line is longer than", 160)),
        ("import_annotations", b"[", ("larger than 64 megabytes", 8)),
        ("check_prov", b"{", ("larger than 64 megabytes", 8)),
    ],
)
def test_a_hundred_megabytes(capsys: Any, place: Path, command: str, begins: bytes, refusal: tuple[str, int]) -> None:
    sentence, most = refusal
    file = hundred_megabytes(place / "large", begins)
    before = rows()
    assert sentence in refused(capsys, command, str(file), most=most)
    assert rows() == before
