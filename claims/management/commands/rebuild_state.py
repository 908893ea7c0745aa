"""`manage.py rebuild_state [--check]`: derived state worked out again from the records, or compared with them."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.models import Agent, Claim, Passage, Question, SnapshotContent, Source
from claims.queries.words import NAMES_OF
from claims.services.derived import differences, refresh
from claims.services.locations import location_differences, relocate
from claims.services.suspecting import (
    fingerprint_differences,
    suspicion_differences,
    write_fingerprints,
    write_suspicions,
)
from claims.services.transaction import change, lock_questions, lock_records
from claims.services.words import word_differences, write_words

AT_ONCE = 200


class Command(BaseCommand):
    """Goes through questions, claims without one, texts, names, and suspected duplicates, a few hundred at a time."""

    help = "Work out positions, states, search words and suspected duplicates again; with --check say what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where something differs")

    def handle(self, *, check: bool, **_options: Any) -> None:
        wrong = 0
        for questions, claims in self._parts():
            if check:
                for difference in differences(questions=questions, claims=claims):
                    wrong += 1
                    self.stdout.write(difference)
            else:
                with change(by=None, reason="Derived state rebuilt", command="rebuild_state") as this:
                    lock_questions(this, questions)
                    refresh(questions=questions, claims=claims)
        wrong += self._locations(check=check) + self._words(check=check) + self._suspicions(check=check)
        if wrong:
            raise CommandError(f"{wrong} differences. Run “manage.py rebuild_state” to mend them.", returncode=1)
        self.stdout.write("Derived state is as the records make it." if check else "Derived state is rebuilt.")

    def _locations(self, *, check: bool) -> int:
        """The passages' places in the texts, source by source; returns how many differ."""
        wrong = 0
        for source in Source.objects.filter(snapshots__content__isnull=False).distinct().values_list("pk", flat=True):
            if check:
                for difference in location_differences([source]):
                    wrong += 1
                    self.stdout.write(difference)
            else:
                with change(by=None, reason="Derived state rebuilt", command="rebuild_state"):
                    passages = Passage.objects.filter(attribution__source=source).select_related("attribution")
                    relocate(list(passages))
        return wrong

    def _words(self, *, check: bool) -> int:
        """The words of names, table by table; returns of how many records they differ."""
        wrong = 0
        for model in NAMES_OF:
            records = list(model.objects.order_by("pk").values_list("pk", flat=True))
            for start in range(0, len(records), AT_ONCE):
                part = records[start : start + AT_ONCE]
                if check:
                    for difference in word_differences(model, part):
                        wrong += 1
                        self.stdout.write(difference)
                else:
                    with change(by=None, reason="Derived state rebuilt", command="rebuild_state") as this:
                        lock_records(this, model, part)
                        write_words(model, part)
        return wrong

    def _suspicions(self, *, check: bool) -> int:
        """Fingerprints of texts, keys and pairs of suspected duplicates; returns how many differ."""
        wrong = 0
        texts = list(SnapshotContent.objects.order_by("pk").values_list("pk", flat=True))
        every: list[tuple[str, list[int]]] = [("", texts)]
        for table, model in (("agent", Agent), ("source", Source)):
            every.append((table, list(model.objects.order_by("pk").values_list("pk", flat=True))))
        for table, keys in every:
            for start in range(0, len(keys), AT_ONCE):
                part = keys[start : start + AT_ONCE]
                if check:
                    for difference in suspicion_differences(table, part) if table else fingerprint_differences(part):
                        wrong += 1
                        self.stdout.write(difference)
                else:
                    with change(by=None, reason="Derived state rebuilt", command="rebuild_state"):
                        write_suspicions(table, part) if table else write_fingerprints(part)
        return wrong

    def _parts(self) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
        """Questions with their claims, then the claims without a question; each part is told on a terminal."""
        questions = list(Question.objects.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(questions), AT_ONCE):
            part = questions[start : start + AT_ONCE]
            self._say(f"questions {start + len(part)} of {len(questions)}")
            yield part, list(Claim.objects.filter(question__in=part).values_list("pk", flat=True))
        unasked = list(Claim.objects.filter(question=None).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(unasked), AT_ONCE):
            self._say(f"claims without a question {start} of {len(unasked)}")
            yield [], unasked[start : start + AT_ONCE]

    def _say(self, progress: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(progress)
