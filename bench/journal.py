"""Times what the journal costs: recording in batches with its triggers and without, in turns.

Run as `python -m bench journal`. A service records a batch: validated, with history and derived
state. Without means without every trigger of the ledger, the guards of histories included.
"""

import time
from statistics import median

from django.db import connection, transaction

from claims.ledger.install import install, uninstall
from claims.ledger.models import Entry
from claims.models import Agent, Attribution, Claim, Question, Source
from claims.services.recording import NewAttribution, NewClaim, record
from claims.services.transaction import change, save

ATTRIBUTIONS, CLAIMS = 500, 2
ROUNDS = 7
GOAL = 1.5


def batch() -> list[NewAttribution]:
    """Attributions with their claims, to be recorded in one change; all they refer to is on record."""
    with change(by=None, reason="Timed", command="bench") as this:
        source = Source(title="A source")
        questions = [Question(text=f"Question {number}", kind="quantity") for number in range(50)]
        speakers = [Agent(name=f"Speaker {number}", kind="person") for number in range(ATTRIBUTIONS)]
        save(this, [source, *questions, *speakers])
    return [
        NewAttribution(
            attribution=Attribution(source=source, speaker=speaker),
            claims=[
                NewClaim(
                    claim=Claim(question=questions[(number + line) % len(questions)], answer=str(number % 7)),
                    wordings={"en": f"Speaker {number} names a number."},
                )
                for line in range(CLAIMS)
            ],
        )
        for number, speaker in enumerate(speakers)
    ]


def recorded(*, journal: bool) -> tuple[float, int]:
    """Seconds for a batch, and how many entries it made; nothing of it stays."""
    with transaction.atomic():
        drafts = batch()
        if not journal:
            uninstall()
        entries = Entry.objects.count()
        began = time.perf_counter()
        record(attributions=drafts, by=None, reason="Timed", command="bench")
        took = time.perf_counter() - began
        made = Entry.objects.count() - entries
        transaction.set_rollback(True)
    return took, made


def main() -> None:
    """Print both, and the ratio."""
    install()
    recorded(journal=True)
    took: dict[bool, list[float]] = {True: [], False: []}
    made = 0
    for _ in range(ROUNDS):
        for journal in (False, True):
            seconds, entries = recorded(journal=journal)
            took[journal].append(seconds)
            made = max(made, entries)
    on, off = median(took[True]), median(took[False])
    print(f"{connection.vendor}: {ATTRIBUTIONS} attributions with {ATTRIBUTIONS * CLAIMS:,} claims in one change")
    print(f"without the journal {off:6.2f} s")
    print(f"with {made:,} entries {on:6.2f} s   {on / off:.2f} x (goal: below {GOAL})")


if __name__ == "__main__":
    main()
