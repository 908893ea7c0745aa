"""What the tests of the archive share: desks with hostile words, their archives, and archives tampered with."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from random import Random
from typing import Any

from django.db import transaction

from claims.interchange.archive.exporting import export_archive
from claims.interchange.archive.importing import import_archive
from claims.interchange.archive.lines import Summary, spelled
from claims.models import (
    RECORDS,
    Agent,
    AgentName,
    Claim,
    ClaimState,
    Option,
    PassageLocation,
    Question,
    QuestionState,
    Side,
    Source,
    SuspectedPair,
    Topic,
)
from claims.permissions import Role
from claims.queries.contested import states, told
from claims.queries.suspected import MODELS
from claims.services.texts import attach_pasted, attach_text
from tests import factories as make
from tests.queries.recorded_world import ACTS, World

HOSTILE = (
    "\u202eright to left\u202c \u2067isolated\u2069 and \u200fmarked",
    "quotes \" ' ` and \\ and \\u0041, commas, ; and | > =",
    "line\nends\r\nof\rall \u2028kinds \u2029 and \x85 tabs\t and \x1f \x7f",
    "=1+1 +SUM(A1) -2 @cmd",
    "هُدْنَةٌ أوّليّة في الوَعْر، ـــ ٢٠١٦",
    "👩‍👩‍👧‍👦 🏳️‍🌈 and 𝄞 beyond the first plane",
    "e\u0301 and \u00e9, ﬁ and fi, \ufeff no mark \ufffe \uffff",
    "<script>alert(1)</script> &amp; %s %(x)s {0} {{ x }}",
)
TEXT = "Before. The words that stand here, هُدْنَة 👩‍👩‍👧, and after.\n"


def hostile_desk(seed: int) -> None:
    """A desk with every kind of record, changed in every way, with hostile words wherever people write."""
    world = World(seed)
    random = Random(seed)  # noqa: S311 - the same desks again and again
    above = make.make_option(make.make_question())
    make.make_claim(above.question, options=[make.make_option(above.question, broader=[above])])
    make.make_attribution(relays=[make.make_agent(), make.make_agent()])
    for act in random.sample(list(ACTS.values()), len(ACTS)):
        act(world)
    make.make_link(make.make_claim(), world.any_of(Claim), "revises")
    fields = ((Side, "note"), (Topic, "name"), (Question, "text"), (Agent, "name"), (AgentName, "text"))
    for model, name in (*fields, (Source, "title"), (Option, "label"), (Claim, "note"), (Claim, "external_id")):
        for number, row in enumerate(model.objects.order_by("pk")):
            changes: dict[str, Any] = {name: f"{random.choice(HOSTILE)} {number}"}
            if hasattr(row, "translations"):
                changes["translations"] = {language: random.choice(HOSTILE) for language in ("zh", "ar", "en-GB")}
            world.alter(row, **changes)
    question = world.any_of(Question)
    world.alter(question, outcome_of=random.choice([None, *Question.objects.exclude(pk=question.pk)]))
    _texts(random.choice(list(Source.objects.order_by("pk"))))


def _texts(source: Source) -> None:
    """Two texts of the source, in two encodings, one captured by a user, with a passage in them."""
    editor = make.make_user(Role.EDITOR)
    attached = attach_pasted(source=source, text=TEXT, captured_on="2016-09-20T10:00Z", by=editor, reason="A text")
    arabic = "المفاوضات مستمرة بين الطرفين على الهدنة في المدينة".encode("windows-1256")
    attach_text(source=source, content=arabic, encoding="windows-1256", by=None, reason="A text", command="test")
    make.make_passage(make.make_attribution(source=source), attached.snapshot, exact="The words that stand here")


def unmade(make_desk: Callable[[], Any]) -> tuple[bytes, Any]:
    """The archive of a desk and what follows from it; the database is then as it was before."""
    with transaction.atomic():
        make_desk()
        archive, follows = exported(), derived()
        transaction.set_rollback(True)
    return archive, follows


def exported() -> bytes:
    file = io.BytesIO()
    export_archive(file, by=None)
    return file.getvalue()


def imported(archive: bytes, *, make_users: bool = True) -> Summary:
    return import_archive(io.BytesIO(archive), reason="A desk moves", make_users=make_users)


def derived() -> dict[str, Any]:
    """What follows from the records, with identifiers for keys, which are of one database only."""
    claim_rows = ClaimState.objects.values_list(
        *("claim__uid", "question__uid", "standing", "revised_by__uid", "position__index", "contested", "questioned"),
        *("state", "recorded_at"),
    )
    locations = PassageLocation.objects.values_list("passage__uid", "snapshot__uid", "outcome", "start", "end", "found")
    return {
        "questions": told(states(contested_only=False)),
        "latest": sorted(QuestionState.objects.values_list("question__uid", "latest_claim_at"), key=str),
        "claims": sorted(claim_rows, key=lambda row: str(row[0])),
        "locations": sorted(locations, key=str),
        "suspected": sorted(map(_suspected, SuspectedPair.objects.all())),
    }


def _suspected(pair: SuspectedPair) -> str:
    uids = dict(MODELS[pair.table].objects.filter(pk__in=(pair.first, pair.second)).values_list("pk", "uid"))
    return repr((uids[pair.first], uids[pair.second], pair.kind, pair.strength, pair.judged, pair.reasons))


def number_of_records() -> int:
    return sum(model.objects.count() for model in RECORDS)


# --- tampering ----------------------------------------------------------------------------------------------------


def parts(archive: bytes) -> list[dict[str, Any]]:
    """The first line and the records, without the last line."""
    return [json.loads(line) for line in archive.split(b"\n")[:-2]]


def sealed(lines: list[Any]) -> bytes:
    """An archive of these lines, with a last line that is right; bytes stand as they are."""
    written = [line if isinstance(line, bytes) else spelled(line) for line in lines]
    body = b"".join(written)
    counts = Counter(line["type"] for line in lines[1:] if isinstance(line, dict) and "type" in line)
    return body + spelled({"type": "end", "counts": dict(counts), "sha256": sha256(body).hexdigest()})


def first_of(lines: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(line for line in lines[1:] if line["type"] == kind)
