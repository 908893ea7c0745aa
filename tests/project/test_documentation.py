"""The environment variables that the settings read are those that the documentation describes."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def variables_read() -> set[str]:
    calls = (node for node in ast.walk(ast.parse((ROOT / "provenance/settings.py").read_text()))
             if isinstance(node, ast.Call))  # fmt: skip
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "environment"
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_variable_is_documented_and_nothing_else_is() -> None:
    described = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/configuration.md").read_text(), re.MULTILINE)
    assert "SECRET_KEY" in variables_read()
    assert sorted(described) == sorted(variables_read())


def test_the_environment_is_read_in_one_place() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("claims", "provenance")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.environ\b(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|os\.getenv", path.read_text())
    ]
    assert readers == ["provenance/environment.py"]
