"""Every command of ours stands in docs/commands.md, and the JSON of `contested` as it is."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
JSON_NAMES = """
    uid topic question answer_kind state across_sides claims origins positions exclusions exclusions_total
    answer stance sources reason
"""


def test_the_table_of_commands_is_complete() -> None:
    first_table = TEXT.split("## ")[0]
    documented = set(re.findall(r"^\| `(\w+)", first_table, re.MULTILINE))
    assert documented == {path.stem for path in (ROOT / "claims" / "management" / "commands").glob("[a-z]*.py")}


def test_the_json_is_documented_as_it_is() -> None:
    assert [name for name in JSON_NAMES.split() if f"`{name}`" not in TEXT] == []
