"""Rows that change claims on record: together in a few statements, and as each would be changed by itself."""

import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext

from claims.interchange import understanding
from claims.interchange.tables.claim_cells import claims_as_rows
from claims.models import RECORDS, Attribution, Claim, Passage
from claims.services.importing import rewriting, running, writing
from claims.services.transaction import change
from tests.interchange.test_importing import counts, imported, in_parts
from tests.services.written import rows

pytestmark = pytest.mark.django_db
NUMBER = 18
# Statements by kind; those on positions and states depend on what is compared.
WRITTEN = re.compile(
    r'\s*(?P<kind>SELECT|(?:INSERT INTO|COPY|UPDATE|DELETE FROM) "(?!claims_(?:position|.*state)")\w+")'
)
WHERE = {"speaker": "Governor", "source": "A report", "publisher": "Outlet"}


def first(number: int) -> dict[str, str]:
    """A row of three attributions of a source; every third says a quantity, the others choose."""
    kind = "quantity" if number % 3 == 0 else "choice"
    return {
        **WHERE,
        "id": f"r{number}",
        "question": f"What of {kind} {number % 4}?",
        "answer_kind": kind,
        "answer": "300" if kind == "quantity" else ("West", "North", "West > Homs")[number // 3 % 3],
        "said_on": f"2015-12-0{1 + number % 3}",
        "statement": f"So it is, {number}.",
        "review": "checked" if number % 2 else "pending",
        "via": "Agency > Channel" if number % 3 == 1 else "",
    }


def changed(number: int) -> dict[str, str]:
    """What is put right of it."""
    kind = "quantity" if number % 3 == 0 else "choice"
    answers = {"quantity": "~250..260", "choice": ("North", "East > Palmyra", "West > North")[number // 3 % 3]}
    news = [
        {"answer": answers[kind]},
        {"statement": "It is not so.", "statement@ar": "ليس كذلك."},
        {"certainty": "probable", "stance": "denies"},
        {"question": f"What else of {kind}?", "answer_kind": kind, "answer": answers[kind]},
        {"review": "discarded"},
    ][number % 5]
    of_attribution = [
        {"side": "government", "speaker_role": "governor"},
        {"via": "Channel"},
        {"quote": "as it was", "text_sha256": "ab" * 32},
    ][number % 3]
    return {"id": f"r{number}", **news, **of_attribution}


@pytest.fixture(params=[change, in_parts])
def _either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Together, and each by itself."""
    monkeypatch.setattr(writing, "change", request.param)


def as_it_is() -> dict[str, Any]:
    """What is on record, without keys and identifiers that differ by chance."""
    versions = {model.__name__: Counter(model.objects.values_list("version", flat=True)) for model in RECORDS}
    told = {model.__name__: model.history.count() for model in RECORDS}  # type: ignore[attr-defined]
    claims = [dict(row.values) for row in claims_as_rows()]
    stale = list(Claim.objects.order_by("pk").values_list("review", "review_stale", "version"))
    return {"claims": claims, "versions": versions, "told": told, "stale": stale}


def test_changes_together_and_each_by_itself_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    imported(map(first, range(NUMBER)))
    assert Attribution.objects.count() == 3
    before = as_it_is()
    after = []
    for way in (change, in_parts):
        monkeypatch.setattr(writing, "change", way)
        with transaction.atomic():
            assert counts(imported(map(changed, range(NUMBER)))) == (0, NUMBER, 0, 0)
            assert counts(imported(map(changed, range(NUMBER)))) == (0, 0, NUMBER, 0)
            after.append(as_it_is())
            transaction.set_rollback(True)
    together, alone = after
    assert together == alone
    assert together["claims"] != before["claims"]
    assert sum(stale for _review, stale, _version in together["stale"]) > NUMBER / 4


def test_more_changes_cost_no_more_statements() -> None:
    def statements(number: int) -> Counter[str]:
        cells = [{**first(n), "id": f"{number} {n}", "review": ""} for n in range(number)]
        imported(cells)
        with CaptureQueriesContext(connection) as queries:
            news = [
                {**row, "answer": "9" if row["answer_kind"] == "quantity" else "South", "statement": "No."}
                for row in cells
            ]
            assert counts(imported(news)) == (0, number, 0, 0)
        kinds = (WRITTEN.match(query["sql"]) for query in queries)
        return Counter(kind["kind"] for kind in kinds if kind)

    few, many = statements(20), statements(40)
    more = many - few
    assert more.pop('DELETE FROM "claims_claimtoken"') == 20
    assert sum(more.values()) < 5, more


@pytest.mark.usefixtures("_either_way")
def test_a_quote_that_several_claims_of_an_attribution_bring_is_one_passage() -> None:
    imported(map(first, range(NUMBER)))
    quoted = {"quote": "as it was", "text_sha256": "ab" * 32}
    imported({"id": f"r{number}", **quoted} for number in range(0, NUMBER, 3))
    assert Passage.objects.count() == 1
    imported([{"id": "r0", **quoted, "quote": "as it was then"}])
    assert [passage.exact for passage in Passage.objects.all()] == ["as it was then"]


@pytest.mark.usefixtures("_either_way")
def test_what_is_wrong_with_one_change_keeps_no_other_from_being_made() -> None:
    imported(map(first, range(NUMBER)))
    news = [changed(number) for number in range(NUMBER)]
    news[3] = {"id": "r3", "answer": "many"}
    news[4] = {"id": "r4", "said_on": "some day"}
    told: list[Any] = []
    assert counts(imported(news, told=told, skip_bad=True)) == (0, NUMBER - 2, 0, 2)
    assert [(line, column) for line, column, _ in told] == [(5, "answer"), (6, "said_on")]


def test_what_only_the_database_refuses_is_found_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    imported(map(first, range(NUMBER)))
    monkeypatch.setattr(understanding, "READ", {**understanding.READ, "certainty": lambda text: text})
    news = [changed(number) | {"certainty": "certain" if number in {3, 11} else ""} for number in range(NUMBER)]
    before = rows()
    told: list[Any] = []
    report = imported(news, told=told)
    assert [(line, column) for line, column, _ in told] == [(5, "certainty"), (13, "certainty")]
    assert (report.refused, report.written) == (2, False)
    assert rows() == before


def test_what_somebody_changed_meanwhile_is_found_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    imported(map(first, range(NUMBER)))
    usual = rewriting.Rewriting.save

    def save(self: rewriting.Rewriting) -> None:
        past_guard: QuerySet[Claim] = QuerySet(Claim)
        past_guard.filter(external_id="r0").update(version=F("version") + 1)
        usual(self)

    monkeypatch.setattr(rewriting.Rewriting, "save", save)
    told: list[Any] = []
    report = imported(map(changed, range(NUMBER)), told=told, skip_bad=True)
    assert counts(report) == (0, NUMBER - 1, 0, 1)
    ((line, column, sentence),) = told
    assert (line, column) == (2, "id")
    assert "was changed by someone else" in sentence


def test_an_identifier_comes_once_in_an_import_however_far_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    imported([first(0), first(1)])
    monkeypatch.setattr(running, "BATCH", 1)
    told: list[Any] = []
    news = [{"id": "r0", "answer": "1"}, {"id": "r1", "statement": "No."}, {"id": "r0", "answer": "2"}]
    assert counts(imported(news, told=told, skip_bad=True)) == (0, 2, 0, 1)
    ((line, column, sentence),) = told
    assert (line, column) == (4, "id")
    assert sentence.startswith("An earlier row has this identifier already")
    assert Claim.objects.get(external_id="r0").answer == "1"


def test_a_review_that_is_brought_is_not_stale() -> None:
    imported([first(1)])
    imported([{"id": "r1", "answer": "North"}])
    assert Claim.objects.get().review_stale
    imported([{"id": "r1", "review": "discarded"}])
    assert not Claim.objects.get().review_stale
