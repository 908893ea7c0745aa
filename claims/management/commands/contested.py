"""`manage.py contested`: which questions are contested and why, as a table to read or JSON to work with."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import ngettext

from claims.domain.origins import Count
from claims.domain.vocabulary import State
from claims.queries.contested import ToldPosition, ToldQuestion, find_topic, states, told
from claims.queries.dates import recorded_by
from claims.queries.recorded import as_recorded_on, past
from claims.queries.recorded_states import current_questions, work_out_questions
from claims.wording import letter_of, plain, word_origins, word_state


class Command(BaseCommand):
    """Reads the stored states; those of the past, which are not stored, are worked out from the history."""

    help = "List the contested questions with their positions and why they exclude each other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--topic", metavar="NAME_OR_UID", help="only the questions of this topic")
        parser.add_argument("--all", action="store_true", help="questions in every state")
        parser.add_argument(
            "--as-recorded-on", metavar="MOMENT", help="as recorded by the end of that day, minute or second (EDTF)"
        )
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, *, format: str, **options: Any) -> None:  # noqa: A002 - the option's name
        moment: str = options["as_recorded_on"] or ""
        if not moment:
            questions = _questions(options["topic"], contested_only=not options["all"])
        else:
            try:
                until = recorded_by(moment)
            except ValidationError as error:
                raise CommandError(plain(str(error.message)), returncode=2) from None
            with as_recorded_on(until, written=moment):
                questions = _questions(options["topic"], contested_only=not options["all"])
        if format == "json":
            self.stdout.write(json.dumps([_as_json(each) for each in questions], ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n\n".join(_as_text(each) for each in questions) or "No question is contested.")


def _questions(topic: str | None, *, contested_only: bool) -> list[ToldQuestion]:
    found = find_topic(topic) if topic else None
    if topic and found is None:
        raise CommandError(f"There is no topic “{topic}”. Give its name or its identifier.", returncode=2)
    if past():
        work_out_questions(current_questions(**({"topic": found} if found else {})), whole=True)
    return told(states(topic=found, contested_only=contested_only))


def _as_json(question: ToldQuestion) -> dict[str, Any]:
    return {
        "uid": question.uid,
        "topic": question.topic,
        "question": question.question,
        "answer_kind": question.answer_kind,
        "state": question.state,
        "across_sides": question.across_sides,
        "claims": question.claims,
        "origins": question.origins,
        "positions": [
            {
                "answer": position.answer,
                "stance": position.stance,
                "claims": list(position.claims),
                "origins": position.origins,
                "sources": position.sources,
            }
            for position in question.positions
        ],
        "exclusions": [{"positions": list(positions), "reason": reason} for positions, reason in question.exclusions],
        "exclusions_total": question.exclusions_total,
    }


def _as_text(question: ToldQuestion) -> str:
    """The question, its state, a line a position, and the reasons."""
    lines = [f"{question.question}", f"  {word_state(State(question.state))}  ({question.topic or 'no topic'})"]
    for index, position in enumerate(question.positions):
        lines.append(f"  {letter_of(index)}  {position.worded}  –  {_counts(position)}")
    lines += [f"     {reason}" for reason in question.reasons]
    lines += [f"     {reason}" for _positions, reason in question.exclusions]
    if question.exclusions_total > len(question.exclusions):
        lines.append(f"     … and {question.exclusions_total - len(question.exclusions)} more")
    return "\n".join(lines)


def _counts(position: ToldPosition) -> str:
    claims = ngettext("%(n)s claim", "%(n)s claims", len(position.claims)) % {"n": len(position.claims)}
    sources = ngettext("%(n)s source", "%(n)s sources", position.sources) % {"n": position.sources}
    return f"{claims}, {word_origins(Count(position.origins, position.origins_most))}, {sources}"
