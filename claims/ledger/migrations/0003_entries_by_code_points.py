"""The names in journal entries on PostgreSQL in the order of code points: that of a language takes longer to compare."""

from typing import Any

from django.db import migrations

COLUMNS = {"table_name": 63, "row_key": 64}


def _collate(schema_editor: Any, collation: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        changes = (f'ALTER COLUMN {name} TYPE varchar({size}) COLLATE "{collation}"' for name, size in COLUMNS.items())
        schema_editor.execute(f"ALTER TABLE ledger_entry {', '.join(changes)}")


def by_code_points(_apps: Any, schema_editor: Any) -> None:
    """Give the columns PostgreSQL's own collation; their indexes are made anew."""
    _collate(schema_editor, "C")


def as_before(_apps: Any, schema_editor: Any) -> None:
    """Give them the server's."""
    _collate(schema_editor, "default")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_changes_by_time")]

    operations = [migrations.RunPython(by_code_points, as_before)]
