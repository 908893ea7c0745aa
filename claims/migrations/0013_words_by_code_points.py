"""Words on PostgreSQL in its own order of code points: how one of ours compares is looked up for each comparison."""

from typing import Any

from django.db import migrations

COLUMNS = (("claims_claimtoken", "token"), ("claims_nametoken", "token"))


def _collate(schema_editor: Any, collation: str) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, column in COLUMNS:
        schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar(100) COLLATE "{collation}"')


def by_code_points(_apps: Any, schema_editor: Any) -> None:
    """Give the columns PostgreSQL's own collation; their indexes are made anew."""
    _collate(schema_editor, "C")


def as_before(_apps: Any, schema_editor: Any) -> None:
    """Give them ours."""
    _collate(schema_editor, "BINARY")


class Migration(migrations.Migration):
    dependencies = [("claims", "0012_fewer_indexes")]

    operations = [migrations.RunPython(by_code_points, as_before)]
