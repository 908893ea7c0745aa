"""`manage.py attach_text`: what it prints, and how it fails."""

import io
import sys
from pathlib import Path

import pytest
from django.core.management import call_command, execute_from_command_line
from django.core.management.base import CommandError

from claims.domain.vocabulary import Review
from claims.models import Claim, Snapshot, Source
from claims.permissions import Role
from claims.text.decoding import MAX_BYTES
from tests import factories as make
from tests.services.written import nothing_written, why

pytestmark = pytest.mark.django_db

URL = "https://news.example/waer"
TEXT = "قال المحافظ إن ثلاثمئة مقاتل سيغادرون الحي خلال أسبوع. وقال آخر إن الباقين سيبقون."


@pytest.fixture
def source() -> Source:
    return make.make_source(url=URL)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*arguments: object, **options: object) -> list[str]:
    out = io.StringIO()
    call_command("attach_text", *map(str, arguments), stdout=out, **options)
    return out.getvalue().splitlines()


def refused(*arguments: object, **options: object) -> str:
    with nothing_written(), pytest.raises(CommandError) as raised:
        run(*arguments, **options)
    assert raised.value.returncode == 2
    return str(raised.value)


def claims_on(source: Source, exact: str, **fields: object) -> list[Claim]:
    """Two checked claims of one attribution that rest on these words."""
    attribution = make.make_attribution(source=source)
    make.make_passage(attribution, exact=exact, **fields)
    return [
        make.make_claim(attribution=attribution, review=Review.CHECKED.value, line=line, answer=str(line))
        for line in (0, 1)
    ]


def test_a_line_a_passage_and_the_counts_at_the_end(source: Source, file: Path) -> None:
    start = TEXT.index("ثلاثمئة")
    exact = claims_on(source, "ثلاثمئة مقاتل", start=start, end=start + 13)
    moved = claims_on(source, "وقال آخر إن الباقين سيبقون", start=0, end=26)
    lost = claims_on(source, "not \x1b[31m in\nthe text " * 9)
    lines = run(URL, file)

    def uids(claims: list[Claim]) -> str:
        return ",".join(str(claim.uid) for claim in claims)

    place = TEXT.index("وقال آخر")
    assert lines[:2] == [
        f"exact\t{start}-{start + 13}\tثلاثمئة مقاتل\t{uids(exact)}",
        f"moved\t{place}-{place + 26}\tوقال آخر إن الباقين سيبقون\t{uids(moved)}",
    ]
    outcome, span, quote, named = lines[2].split("\t")
    assert (outcome, span, named) == ("lost", "-", uids(lost))
    assert (quote.startswith("not �[31m in the text"), len(quote) <= 60) == (True, True)
    snapshot = Snapshot.objects.get(encoding="utf-8")
    assert lines[3:] == [
        f"The text is kept: SHA-256 {snapshot.sha256}, utf-8.",
        "3 passages: 1 exact, 1 moved, 0 altered, 1 lost; 2 reviews became stale",
    ]


def test_the_source_is_named_by_its_identifier_too_and_the_same_text_again_says_so(source: Source, file: Path) -> None:
    first = run(URL, file)
    with nothing_written():
        again = run(source.uid, file)
    assert again[0].startswith("The source has this text already: SHA-256 ")
    assert (first[-1], again[-1]) == ("0 passages: 0 exact, 0 moved, 0 altered, 0 lost; 0 reviews became stale",) * 2


def test_the_reason_the_command_and_the_user_are_kept(source: Source, file: Path) -> None:
    run(URL, file)
    assert why(Snapshot.objects.get()) == ("Text attached from article.txt", None)
    editor = make.make_user(Role.EDITOR, username="amal")
    file.write_text(TEXT + TEXT, encoding="utf-8")
    run(URL, file, reason="Captured today", user="amal")
    assert why(Snapshot.objects.latest("pk")) == ("Captured today", editor)


def test_the_text_may_come_from_standard_input(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("windows-1256"))))
    run(URL, "-")
    assert Snapshot.objects.get().encoding == "windows-1256"


@pytest.mark.parametrize("name", ["", "somewhere", "00000000-0000-0000-0000-000000000000", "https://news.example/"])
def test_an_unknown_source_is_refused(name: str, source: Source, file: Path) -> None:
    assert refused(name, file) == f"There is no source “{name}”. Give its identifier or its address."


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (b"", {}, "There is no text in it"),
        (b"one\0two", {}, "NUL"),
        (b"\x81\x01\xff", {}, "in none of the encodings"),
        (b"\xc9lan \xe0 Alep", {}, "cannot be told"),
        (b"words", {"encoding": "klingon"}, "klingon"),
        (b"\xe9lan", {"encoding": "utf-8"}, "byte 0 (0xE9)"),
        (b"words", {"user": "nobody"}, "There is no user “nobody”"),
        (b"words", {"reason": "a\0b"}, "NUL"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    content: bytes, options: dict[str, str], sentence: str, source: Source, tmp_path: Path
) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(content)
    assert sentence in refused(URL, path, **options)


def test_a_user_whose_role_does_not_attach_texts_is_refused(source: Source, file: Path) -> None:
    make.make_user(Role.RESEARCHER, username="rana")
    assert refused(URL, file, user="rana").startswith("You may not attach texts.")


def test_a_file_that_cannot_be_read_is_refused(source: Source, tmp_path: Path) -> None:
    assert "No such file" in refused(URL, tmp_path / "absent.txt")
    assert "Is a directory" in refused(URL, tmp_path)
    assert "cannot be read" in refused(URL, "a\0b")


def test_of_a_file_of_50_mb_nothing_is_read(source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)

    def opened(*_arguments: object, **_options: object) -> None:
        raise AssertionError("The file was opened.")

    monkeypatch.setattr(Path, "open", opened)
    assert "52,428,800 bytes, and at most 5,242,880" in refused(URL, path)


def test_of_endless_standard_input_no_more_is_read_than_a_text_may_have(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            taken.append(len(buffer))
            buffer[:] = b"a" * len(buffer)
            return len(buffer)

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Endless())))
    assert "5,242,8" in refused(URL, "-")
    assert sum(taken) < 2 * MAX_BYTES


def test_the_process_ends_with_2_and_a_sentence_on_its_error_output(
    source: Source, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", "attach_text", "nowhere", str(file)])
    assert ended.value.code == 2
    output = capsys.readouterr()
    assert (output.out, "There is no source “nowhere”." in output.err) == ("", True)
