"""Conditions that Django's queries lack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Field, ForeignKey
from django.db.models.lookups import In


@ForeignKey.register_lookup
@Field.register_lookup
class Among(In):
    """One of very many keys or texts, as the database has them, none of them NULL.

    PostgreSQL is given them as one list: it takes as long to read a thousand single values as to look them up.
    """

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        return list(dict.fromkeys(self.rhs))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """The condition in the words of PostgreSQL; no value at all is left to Django, which asks nothing then."""
        if not self.rhs:
            sql, given = self.as_sql(compiler, connection)
            return sql, list(given)
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, as_list(self.rhs)]


def as_list(values: Sequence[Any]) -> Any:
    """The values as PostgreSQL is given a list: of keys its text, which is sooner written than each by itself."""
    return f"{{{','.join(map(str, values))}}}" if set(map(type, values)) <= {int} else list(values)
