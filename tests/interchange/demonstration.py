"""The demonstration's two files, read for the tests, with the few ways in which several of them look at it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "demonstration"

ROWS: list[dict[str, str]] = [
    json.loads(line) for line in (FIXTURES / "claims.jsonl").read_text(encoding="utf-8").splitlines()
]
EXTRA: dict[str, list[dict[str, Any]]] = json.loads((FIXTURES / "extra.json").read_text(encoding="utf-8"))


def question_of(row: Mapping[str, str]) -> tuple[str, str]:
    """The topic and the text by which a row names its question."""
    return row["topic"], row["question"]
