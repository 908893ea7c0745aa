"""Every command of ours stands in docs/commands.md, and nothing else does."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_of_commands_is_complete() -> None:
    documented = set(
        re.findall(r"^\| `(\w+)", (ROOT / "docs" / "commands.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = documented & {path.stem for path in (ROOT / "claims" / "management" / "commands").glob("*.py")}
    commands = {path.stem for path in (ROOT / "claims" / "management" / "commands").glob("[a-z]*.py")}
    assert named == commands


def test_the_json_is_documented_as_it_is() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name in [
        "uid",
        "topic",
        "question",
        "answer_kind",
        "state",
        "across_sides",
        "claims",
        "origins",
        "positions",
        "exclusions",
        "exclusions_total",
        "answer",
        "stance",
        "sources",
        "reason",
    ]:
        assert f"`{name}`" in text
