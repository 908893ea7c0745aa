"""What others write of an import, for `bench.importing`: versions too, and neither journal nor derived state.

`bulk_create_with_history` of django-simple-history writes the very records that the import wrote, each with its
version; it is given their values, keys included, and looks nothing up. `django-import-export` reads a table of claims
of one attribution and writes each with its version, 2 rows to a claim: a row at a time, for of what it writes in bulk
no versions are kept. Ten thousand tell its speed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db.models import QuerySet
from simple_history.utils import bulk_create_with_history

from bench.kept import Kept, pieces
from bench.stopwatch import Seconds, timed
from claims.models import Agent, Attribution, Claim, Question, Source
from claims.models.guarded import GuardedQuerySet

AT_ONCE = 1_000
MOST_ONE_BY_ONE = 10_000

with_versions = partial(bulk_create_with_history, default_change_reason="Timed")


def with_history(kept: Kept) -> Seconds:
    """What `bulk_create_with_history` takes to make the kept records, a thousand at once."""
    took = Seconds()
    for model, rows in pieces(kept.records):
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            took = took.and_of(timed(lambda: with_versions([model(*values) for values in some], model)))  # noqa: B023
    return took


def with_import_export(rows: int) -> None:
    """Import so many claims by django-import-export."""
    from import_export.resources import ModelResource  # noqa: PLC0415 - measured only where it is installed
    from tablib import Dataset  # noqa: PLC0415

    class Claims(ModelResource):  # type: ignore[misc]
        class Meta:
            model = Claim
            fields = ("external_id", "attribution", "question", "answer")
            import_id_fields = ("external_id",)
            skip_diff = True
            use_transactions = False
            force_init_instance = True  # all rows are new: it need not look for them

        def do_instance_save(self, instance: Any, _is_create: bool) -> None:
            with_versions([instance], Claim)

    question = Question.objects.latest("pk").pk
    (attribution,) = with_versions(
        [Attribution(source=Source.objects.first(), speaker=Agent.objects.first())], Attribution
    )
    table = Dataset(headers=["external_id", "attribution", "question", "answer"])
    for number in range(rows):
        table.append([f"import-export-{number}", attribution.pk, question, "100"])
    Claims().import_data(table, raise_errors=True)


@contextmanager
def unguarded() -> Iterator[None]:
    """As if our tables could be written past the services, so that others can write them."""
    guard = GuardedQuerySet.bulk_create
    GuardedQuerySet.bulk_create = QuerySet.bulk_create  # type: ignore[method-assign]
    try:
        yield
    finally:
        GuardedQuerySet.bulk_create = guard  # type: ignore[method-assign]
