"""What others write of as many claims, for `bench.importing`: versions too, and neither journal nor derived state.

`bulk_create_with_history` of django-simple-history writes claims with sources, attributions and wordings, 8 rows to a
claim, made in memory. `django-import-export` reads a table of claims of one attribution and writes each with its
version, 2 rows to a claim: a row at a time, for of what it writes in bulk no versions are kept. Ten thousand tell its
speed.
"""

import importlib.util
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db.models import QuerySet
from simple_history.utils import bulk_create_with_history

from claims.models import Agent, Attribution, Claim, ClaimWording, Question, Source
from claims.models.guarded import GuardedQuerySet

OF_A_SOURCE, AT_ONCE = 10, 1_000
MOST_ONE_BY_ONE = 10_000

keep = partial(bulk_create_with_history, default_change_reason="Timed")


def with_history(rows: int) -> None:
    """Write so many claims by `bulk_create_with_history`."""
    speaker, question = Agent.objects.first(), Question.objects.first()
    for first in range(0, rows, AT_ONCE):
        numbers = range(first, min(rows, first + AT_ONCE))
        sources = keep([Source(title=f"History {number}") for number in numbers if number % OF_A_SOURCE == 0], Source)
        said = [Attribution(source=sources[number % len(sources)], speaker=speaker) for number in numbers]
        attributions = keep(said, Attribution)
        claims = keep([Claim(attribution=each, question=question, answer="100") for each in attributions], Claim)
        keep([ClaimWording(claim=each, language="en", text="It was so.") for each in claims], ClaimWording)


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
            keep([instance], Claim)

    question = Question.objects.latest("pk").pk
    (attribution,) = keep([Attribution(source=Source.objects.first(), speaker=Agent.objects.first())], Attribution)
    table = Dataset(headers=["external_id", "attribution", "question", "answer"])
    for number in range(rows):
        table.append([f"import-export-{number}", attribution.pk, question, "100"])
    Claims().import_data(table, raise_errors=True)


def others(rows: int) -> Mapping[str, tuple[Callable[[int], None], int]]:
    """Those that are installed, by name, each with how many of so many rows it is to write."""
    found = {"bulk_create_with_history": (with_history, rows)}
    if importlib.util.find_spec("import_export"):
        found["django-import-export"] = with_import_export, min(rows, MOST_ONE_BY_ONE)
    else:
        print("django-import-export is not installed, and is not measured: pip install django-import-export")
    return found


@contextmanager
def unguarded() -> Iterator[None]:
    """As if our tables could be written past the services, so that others can write them."""
    guard = GuardedQuerySet.bulk_create
    GuardedQuerySet.bulk_create = QuerySet.bulk_create  # type: ignore[method-assign]
    try:
        yield
    finally:
        GuardedQuerySet.bulk_create = guard  # type: ignore[method-assign]
