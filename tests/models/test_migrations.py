"""Migrations stand on their own: they import nothing that may be renamed later, and nothing is missing from them."""

import ast
from pathlib import Path

import pytest
from django.core.management import call_command

from claims import migrations

FILES = sorted(Path(migrations.__path__[0]).glob("[0-9]*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_migration_imports_no_live_code(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    assert imported
    assert not [name for name in imported if name.startswith(("claims", "provenance"))]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
