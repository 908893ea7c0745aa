"""The lock file pins and hashes every package, and each named package has its reason."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def normalised(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).casefold()


def locked() -> list[str]:
    """One entry a package, its continuation lines joined."""
    lines = (ROOT / "requirements.txt").read_text().replace("\\\n", " ").splitlines()
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def named() -> set[str]:
    lines = (ROOT / "requirements.in").read_text().splitlines()
    names = (re.match(r"[\w.-]+", line) for line in lines if line and not line.startswith("#"))
    return {normalised(name[0]) for name in names if name}


def test_every_package_is_pinned_and_hashed() -> None:
    assert len(locked()) > 20
    for entry in locked():
        assert re.match(r"[\w.-]+==[\w.]+ ", entry), entry
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry)) >= 1, entry


def test_the_lock_file_names_no_address() -> None:
    text = (ROOT / "requirements.txt").read_text()
    assert "//" not in text
    assert not re.search(r"index|find-links|@", text)


def test_one_lock_file_serves_both_series_of_django() -> None:
    django = [entry.split(" --hash")[0].strip() for entry in locked() if entry.startswith("django==")]
    assert len(django) == 2
    assert re.fullmatch(r"django==5\.2\.\d+ ; python_full_version < '3\.12'", django[0])
    assert re.fullmatch(r"django==6\.\d+\.\d+ ; python_full_version >= '3\.12'", django[1])


def test_every_named_package_is_locked() -> None:
    assert named() <= {normalised(entry.split("==")[0]) for entry in locked()}


def test_every_named_package_has_its_reason() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| (.+) \|$", (ROOT / "docs" / "dependencies.md").read_text(), re.MULTILINE)
    reasons = {normalised(name): reason for name, reason in rows if name not in ("package", "---")}
    assert set(reasons) == named()
    assert [name for name, reason in reasons.items() if len(reason.split()) < 2] == []
