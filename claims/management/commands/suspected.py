"""`manage.py suspected`: which records are probably the same and why, as a table to read or JSON to work with."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from claims.domain.suspicions import MOST_SHARING
from claims.domain.vocabulary import Judged, Suspected
from claims.queries.suspected import ToldPair, common_keys, suspected, told_pairs
from claims.wording import isolated, plain, shortened, word

AT_ONCE = 500
LONGEST = 200


class Command(BaseCommand):
    """Reads the stored pairs; judging them is done in the admin."""

    help = (
        "List agents and sources that are probably the same, and texts that are probably copied, the strongest first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", choices=[each.value for each in Suspected], default="", help="only these")
        parser.add_argument(
            "--judged", choices=[each.value for each in Judged], default="", help="pairs judged so, not those that wait"
        )
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, *, kind: str, judged: str, format: str, **_options: Any) -> None:  # noqa: A002 - the option's name
        pairs = _pairs(kind, judged)
        if format == "json":
            self.stdout.write(json.dumps([_as_json(each) for each in pairs], ensure_ascii=False, indent=2))
            return
        found = False
        for each in pairs:
            found = True
            self.stdout.write(_as_text(each))
        if not found:
            self.stdout.write("No pair is judged so." if judged else "No pair waits to be judged.")
        if common := common_keys():
            noun = "likeness is" if common == 1 else "likenesses are"
            self.stdout.write(f"{common:,} {noun} shared by more than {MOST_SHARING} records and paired nobody.")


def _pairs(kind: str, judged: str) -> Iterator[ToldPair]:
    pairs = list(suspected(kind, judged=judged))
    for start in range(0, len(pairs), AT_ONCE):
        yield from told_pairs(pairs[start : start + AT_ONCE])


def _as_json(told: ToldPair) -> dict[str, Any]:
    return {
        "kind": told.pair.kind,
        "strength": told.pair.strength,
        "judged": told.pair.judged,
        "records": [{"uid": str(record.uid), "name": str(record)} for record in (told.first, told.second)],
        "grounds": [{**ground, "sentence": plain(told.grounds[n])} for n, ground in enumerate(told.pair.reasons)],
    }


def _as_text(told: ToldPair) -> str:
    """The two on a line with what they are suspected of, and a line for each ground."""
    first, second = (plain(isolated(shortened(str(record), LONGEST))) for record in (told.first, told.second))
    lines = [f"{told.pair.strength:3}  {first}  ~  {second}  ({word(Suspected(told.pair.kind))})"]
    return "\n".join([*lines, *(f"     {plain(sentence)}" for sentence in told.grounds)])
