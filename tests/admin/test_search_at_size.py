"""At a hundred thousand claims, and names by the ten thousand, no search of the admin reads a whole table."""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import ForeignKey
from django.test.utils import CaptureQueriesContext

from bench.names import FIRST_NUMBER
from claims.models import Record
from claims.permissions import Role
from tests.admin.forms import signed_in
from tests.web.test_pages_at_size import MOST_ROWS, MOST_STEPS, REMOVED, Steps

pytestmark = pytest.mark.usefixtures("sized")

RARE = FIRST_NUMBER + 25_000
OF_CLAIMS = ("common", "word7", "com", "77", "zzz", "common word7", "com 777")
# A common word, a rare one, common beginnings, nothing found, two words, of which one or none finds few.
TERMS = {"attribution": OF_CLAIMS, "claim": OF_CLAIMS}
# Any way of reading: along an index too, for whoever walks all of it has read the table.
SCAN = re.compile(r"Scan.* on \w+.*\(actual rows=([\d.]+) loops=(\d+)\)((?:\n +(?!->).*)*)")


def terms(kind: str) -> tuple[str, ...]:
    word = "source" if kind == "snapshot" else kind
    named = (word, str(RARE), word[:2], "1", "zzz", f"{word} {RARE}", f"{word} 1", f"{word} zzz", f"zzz {word}")
    return TERMS.get(kind, named)


def searched() -> Iterator[tuple[str, str]]:
    """Every list with a search box, and a look-up of each kind: by its address and the name of what is searched."""
    of_kind: dict[str, str] = {}
    for model, of_model in admin.site._registry.items():
        if not issubclass(model, Record):
            continue
        kind = str(model._meta.model_name)
        if of_model.search_fields:
            yield f"/admin/claims/{kind}/?q=", kind
        for field in model._meta.fields:
            offered = admin.site._registry.get(field.related_model) if isinstance(field, ForeignKey) else None
            if offered is not None and offered.search_fields and issubclass(offered.model, Record):
                look_up = f"/admin/autocomplete/?app_label=claims&model_name={kind}&field_name={field.name}&term="
                of_kind[str(offered.model._meta.model_name)] = look_up
    yield from ((look_up, kind) for kind, look_up in of_kind.items())


def rows_read(sql: str) -> int:
    """The most rows that one step of PostgreSQL's plan has read, those put aside among them."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}".replace("%", "%%"))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    return max(
        (
            int((float(scan[1]) + sum(map(int, REMOVED.findall(scan[3])))) * int(scan[2]))
            for scan in SCAN.finditer(plan)
        ),
        default=0,
    )


def test_no_search_reads_a_whole_table() -> None:
    client = signed_in(Role.ADMINISTRATOR)
    client.get("/admin/")
    wrong: dict[str, str] = {}
    known: set[str] = set()
    kinds = set()
    for address, kind in searched():
        kinds.add(kind)
        for term in terms(kind):
            steps = Steps()
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address + term)
            assert response.status_code == 200, address + term
            if steps.taken > MOST_STEPS:
                wrong[address + term] = f"{steps.taken} thousand steps"
            if connection.vendor == "postgresql":
                for sql in {query["sql"] for query in queries if '"claims_' in query["sql"]} - known:
                    known.add(sql)
                    if sql.startswith("SELECT") and (read := rows_read(sql)) > MOST_ROWS:
                        wrong[address + term] = f"{read} rows\n{sql[:600]}"
    assert kinds == {"agent", "attribution", "claim", "question", "side", "snapshot", "source", "topic"}
    assert not wrong, "\n\n".join(f"{address}\n{why}" for address, why in wrong.items())
