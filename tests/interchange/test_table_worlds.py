"""A desk exported as a claims table and imported into an empty database says the same, in claims and states alike."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from claims.models import (
    Claim,
    ClaimOption,
    ClaimState,
    ClaimWording,
    Import,
    OptionBroader,
    Passage,
    Position,
    QuestionState,
    Relay,
)
from tests.interchange.table_world import TableWorld
from tests.services.written import nothing_written

pytestmark = pytest.mark.django_db

FORMATS = ("csv", "jsonl", "xlsx")
# What is compared of each claim, as it is on record; names are taken without the white space around them.
TEXTS = ("stance", "certainty", "inferred", "review", "as_of", "as_of_from", "as_of_until")
UNDERSTOOD = ("yes", "quantity_low", "quantity_high", "only", "about")
QUESTION = ("kind", "several", "over_time", "window_hours", "tolerance", "rounding")
ATTRIBUTION = ("manner", "said_on", "said_from", "said_until", "speaker__uid", "speaker__kind")
SOURCE = ("url", "published_on", "published_from", "published_until", "language")
NAMES = (
    *("question__topic__name", "question__text", "question__unit", "attribution__role", "attribution__cue"),
    *("attribution__speaker__name", "attribution__source__title", "attribution__source__publisher__name"),
)
# Stated of the words, or else the speaker's own.
EITHER = (
    ("attribution__side__name", "attribution__speaker__side__name"),
    ("attribution__on_behalf_of__name", "attribution__speaker__speaks_for__name"),
)


@contextmanager
def undone() -> Iterator[None]:
    """The database is then as it was before."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def claims() -> dict[str, Any]:
    """Each claim by its identifier: as written, as understood, and what stands beside it."""
    asked = [f"question__{name}" for name in QUESTION]
    said = [f"attribution__{name}" for name in ATTRIBUTION] + [f"attribution__source__{name}" for name in SOURCE]
    plain = (*TEXTS, *UNDERSTOOD, *asked, *said)
    either = [name for names in EITHER for name in names]
    rows = Claim.objects.current().values(
        *("pk", "uid", "external_id", "answer", "attribution"), *plain, *NAMES, *either
    )
    parts = parts_of_claims()
    found = {}
    for row in rows:
        one = {name: row[name] for name in plain} | {name: bare(row[name]) for name in NAMES}
        one |= {names: bare(row[names[0]]) or bare(row[names[1]]) for names in EITHER}
        # How a choice is spelled follows from what its options are called by now.
        one["answer"] = None if row["question__kind"] == "choice" else row["answer"]
        one |= {name: kept.get(row[key], ()) for name, (key, kept) in parts.items()}
        found[called(row)] = one
    return found


def parts_of_claims() -> dict[str, tuple[str, Mapping[int, Any]]]:
    """Options with what is above them, wordings, relays and the first passage; each with the key they go by."""
    above: dict[int, set[str]] = {}
    for option, label in OptionBroader.objects.current().values_list("option", "broader__label"):
        above.setdefault(option, set()).add(label)
    options: dict[int, set[Any]] = {}
    for claim, option, label in ClaimOption.objects.current().values_list("claim", "option", "option__label"):
        options.setdefault(claim, set()).add((label, frozenset(above.get(option, set()))))
    wordings: dict[int, set[Any]] = {}
    for claim, *wording in ClaimWording.objects.current().values_list("claim", "language", "text"):
        wordings.setdefault(claim, set()).add(tuple(wording))
    relays: dict[int, list[str]] = {}
    for attribution, name in Relay.objects.current().order_by("position").values_list("attribution", "agent__name"):
        relays.setdefault(attribution, []).append(bare(name))
    fields = ("exact", "prefix", "suffix", "start", "end", "snapshot__sha256")
    passages = Passage.objects.current().order_by("-pk").values_list("attribution", *fields)
    first = {attribution: tuple(passage) for attribution, *passage in passages}
    of_claim, of_attribution = {"options": options, "wordings": wordings}, {"relays": relays, "passage": first}
    return {name: ("pk", each) for name, each in of_claim.items()} | {
        name: ("attribution", each) for name, each in of_attribution.items()
    }


def bare(name: str | None) -> str:
    return (name or "").strip()


def called(claim: Mapping[str, Any]) -> str:
    return bare(claim["external_id"]) or str(claim["uid"])


def states() -> tuple[Any, ...]:
    """The state of each question, its positions, and how each claim stands, by what these are called."""
    names = {row["pk"]: called(row) for row in Claim.objects.values("pk", "uid", "external_id")}
    questions = (
        QuestionState.objects.filter(question__claims__withdrawn=False)
        .distinct()
        .values(
            *("question__text", "state", "across_sides", "inferred_only", "claims", "origins_fewest", "origins_most"),
            "exclusions_total",
        )
    )
    positions = Position.objects.values(
        *("pk", "question__text", "stance", "claims", "origins_fewest", "origins_most", "sources", "speakers"),
        *("contested", "inferred", "shared"),
    )
    held: dict[int | None, list[str]] = {}
    stands = {}
    for row in ClaimState.objects.values(
        *("claim", "position", "standing", "revised_by", "contested", "questioned", "side__name", "state")
    ):
        name = names[row.pop("claim")]
        held.setdefault(row.pop("position"), []).append(name)
        side = (row.pop("side__name") or "").strip()
        stands[name] = {**row, "side": side, "revised_by": names.get(row["revised_by"])}
    found = [{"held_by": sorted(held[row.pop("pk")]), **row} for row in positions]
    for row in (*questions, *found):
        row["question__text"] = row["question__text"].strip()
    return sorted(questions, key=repr), sorted(found, key=repr), stands


def everything() -> tuple[Any, ...]:
    """What is compared."""
    return claims(), *states()


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.any_database) for seed in (2, 3))])
def test_a_desk_comes_back_from_its_table(seed: int, tmp_path: Path) -> None:
    files = [tmp_path / f"desk.{name}" for name in FORMATS]
    with undone():
        TableWorld(seed)
        for file in files:
            call_command("export_claims", output=file, verbosity=0)
        expected = everything()
        with nothing_written():
            for file in files:
                call_command("import_claims", str(file))
        assert not Import.objects.exists()
    assert len(expected[0]) > 10
    for file in files:
        with undone():
            call_command("import_claims", str(file))
            assert everything() == expected
