"""Migrations stand on their own: they import nothing that may be renamed later, and nothing is missing from them."""

import ast
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

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


COLLATION = """
    SELECT c.collname FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation
    WHERE a.attrelid = %s::regclass AND a.attname = %s
"""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("claims_claimtoken", "token"),
        ("claims_nametoken", "token"),
        ("ledger_entry", "table_name"),
        ("ledger_entry", "row_key"),
    ],
)
def test_texts_that_an_index_is_walked_by_compare_as_quickly_as_can_be(table: str, column: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite compares texts by their bytes")
    with connection.cursor() as cursor:
        cursor.execute(COLLATION, [table, column])
        assert cursor.fetchall() == [("C",)]
