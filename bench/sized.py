"""Many claims at once, written past the services straight into the tables, derived ones included.

For plans and timings only: the rows are consistent with each other and meet every constraint, but nobody said these
things. One question has `LARGE` of the claims, the others twenty each; a tenth of the questions are contested.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, count, islice
from json import dumps
from typing import Any
from uuid import uuid4

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from claims.domain.vocabulary import AgentKind, AnswerKind, State
from claims.ledger.install import install, uninstall
from claims.models import (
    URGENCY,
    Agent,
    Attribution,
    Claim,
    ClaimState,
    ClaimToken,
    ClaimWording,
    NameToken,
    Passage,
    Position,
    Question,
    QuestionState,
    Record,
    Relay,
    Side,
    Snapshot,
    Source,
    Topic,
)
from claims.services.inserting import insert_prepared

CLAIMS = 100_000
LARGE = 3_000
OF_A_QUESTION = 20
OF_A_SOURCE = 20
OF_AN_ATTRIBUTION = 2
CHECKED, STALE = 40, 80
"""One claim in so many is checked, and one in so many of all is checked and out of date."""
TOPICS, SIDES, PUBLISHERS, SPEAKERS = 20, 4, 50, 2_000
WORDS = 997
NAMED = 5
POSITIONS = 2
BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)

ONE_ORIGIN = {"code": "one_origin", "values": {}}

Row = Mapping[str, Any]

_identifiers = count(uuid4().int >> 1)


@dataclass(frozen=True)
class Sized:
    """What was made: the keys of the first record of each kind; records of a kind follow one another."""

    claims: int
    questions: int
    topic: int
    side: int
    agent: int
    source: int
    question: int
    attribution: int
    claim: int


def make_sized(claims: int = CLAIMS) -> Sized:
    """Write `claims` claims with all around them; in an empty database some seconds for 100,000."""
    questions = 1 + (claims - min(LARGE, claims // 2)) // OF_A_QUESTION
    plan = Sized(
        claims, questions, *(first_free(model) for model in (Topic, Side, Agent, Source, Question, Attribution, Claim))
    )
    uninstall()  # nobody wrote these rows, and the journal is not what they are for
    _people(plan)
    _questions(plan)
    _attributions(plan)
    _claims(plan)
    for model, first in (
        *((Topic, plan.topic), (Side, plan.side), (Agent, plan.agent), (Source, plan.source)),
        *((Snapshot, plan.source), (Question, plan.question)),
    ):
        write_words(model, first)
    install()
    keyed = [Topic, Side, Agent, Source, Snapshot, Question, Position, Attribution, Claim]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), keyed):  # what is recorded next comes after
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
    return plan


def _people(plan: Sized) -> None:
    sources = plan.claims // OF_A_SOURCE + 1
    write(Topic, ({"id": plan.topic + n, "name": f"Topic {n}"} for n in range(TOPICS)))
    write(Side, ({"id": plan.side + n, "name": f"Side {n}", "party": n < SIDES // 2} for n in range(SIDES)))
    write(Agent, ({"id": plan.agent + n, **_agent(plan, n)} for n in range(PUBLISHERS + SPEAKERS)))
    write(
        Source,
        (
            {
                "id": plan.source + n,
                "title": f"Source {n}",
                "publisher_id": plan.agent + n % PUBLISHERS,
                "language": ("ar", "en")[n % 2],
                **_dated("published", n),
            }
            for n in range(sources)
        ),
    )
    write(
        Snapshot,
        ({"id": plan.source + n, "source_id": plan.source + n, "sha256": f"{n:064x}"} for n in range(sources)),
    )


def _agent(plan: Sized, number: int) -> Row:
    kind = AgentKind.OUTLET if number < PUBLISHERS else AgentKind.PERSON
    return {"name": f"Agent {number}", "kind": kind.value, "side_id": plan.side + number % SIDES}


def _questions(plan: Sized) -> None:
    kinds = {"kind": AnswerKind.QUANTITY.value, "unit": "people"}
    write(
        Question,
        (
            {"id": plan.question + n, "topic_id": plan.topic + n % TOPICS, "text": f"Question {n}?", **kinds}
            for n in range(plan.questions)
        ),
    )
    write(
        Position,
        (
            {
                "id": POSITIONS * (plan.question + n) + index,
                "question_id": plan.question + n,
                "index": index,
                "answer": str(_number(n, index)),
                "stance": "affirms",
                "claims": _claims_of(plan, n) // POSITIONS,
                "origins_fewest": 1,
                "origins_most": 1,
                "sources": 1,
                "speakers": min(_claims_of(plan, n) // POSITIONS, SPEAKERS),
                "first_claims": dumps(_first_claims(plan, n, index)),
                "contested": _state(n) is State.CONTESTED,
            }
            for n in range(plan.questions)
            for index in range(POSITIONS)
        ),
    )
    write(QuestionState, (_question_state(plan, n) for n in range(plan.questions)), key="question_id")


def _question_state(plan: Sized, number: int) -> Row:
    state = _state(number)
    first = plan.claim + _first_claim(plan, number)
    reason = {"code": "numbers_apart", "values": {"positions": [0, 1], "first": first, "second": first + 1}}
    contested = state is State.CONTESTED
    return {
        "question_id": plan.question + number,
        "state": state.value,
        "claims": _claims_of(plan, number),
        "origins_fewest": 2,
        "origins_most": 2,
        "exclusions_total": int(contested),
        "exclusions": dumps([{"positions": [0, 1], "reason": reason}] if contested else []),
        "reasons": dumps([{"code": "excluded", "values": {"total": 1}} if contested else ONE_ORIGIN]),
        "latest_claim_at": BEGINNING + timedelta(minutes=number),
    }


def _attributions(plan: Sized) -> None:
    numbers = range(plan.claims // OF_AN_ATTRIBUTION + 1)
    write(
        Attribution,
        (
            {
                "id": plan.attribution + n,
                "source_id": _source(plan, n),
                "speaker_id": _speaker(plan, n),
                **(_dated("said", n) if n % 2 else {}),
            }
            for n in numbers
        ),
    )
    relayed = (n for n in numbers if n % 3 == 0)
    write(Relay, ({"attribution_id": plan.attribution + n, "agent_id": plan.agent + n % PUBLISHERS} for n in relayed))
    quoted = (n for n in numbers if n % 2 == 0)
    write(
        Passage,
        (
            {"attribution_id": plan.attribution + n, "snapshot_id": _source(plan, n), "exact": f"words {n % WORDS}"}
            for n in quoted
        ),
    )


def _claims(plan: Sized) -> None:
    numbers = range(plan.claims)
    write(Claim, (_claim(plan, n) for n in numbers))
    _write_history(plan)
    write(ClaimWording, ({"claim_id": plan.claim + n, "language": "en", "text": f"Wording {n}."} for n in numbers))
    write(ClaimState, (_claim_state(plan, n) for n in numbers), key="claim_id")
    words = ("wording", "common")
    write(
        ClaimToken,
        (
            {"claim_id": plan.claim + n, "token": token}
            for n in numbers
            for token in (*words, f"word{n % WORDS}", str(n))
        ),
    )


def _claim(plan: Sized, number: int) -> Row:
    answer = _number(_question(plan, number), number % POSITIONS)
    return {
        "id": plan.claim + number,
        "attribution_id": plan.attribution + number // OF_AN_ATTRIBUTION,
        "question_id": plan.question + _question(plan, number),
        "line": number % OF_AN_ATTRIBUTION,
        "answer": str(answer),
        "quantity_low": answer,
        "quantity_high": answer,
        **_reviewed(number, "review_stale"),
        "recorded_at": BEGINNING + timedelta(minutes=number),
    }


def _claim_state(plan: Sized, number: int) -> Row:
    attribution = number // OF_AN_ATTRIBUTION
    question = _question(plan, number)
    state = _state(question)
    said = _dated("said", attribution) if attribution % 2 else {"said_from": None}
    source = _source(plan, attribution)
    return {
        "claim_id": plan.claim + number,
        "question_id": plan.question + question,
        "position_id": POSITIONS * (plan.question + question) + number % POSITIONS,
        "definite": True,
        "contested": state is State.CONTESTED,
        "state": state.value,
        "state_rank": URGENCY[state],
        "topic_id": plan.topic + question % TOPICS,
        "source_id": source,
        "publisher_id": plan.agent + (source - plan.source) % PUBLISHERS,
        "speaker_id": _speaker(plan, attribution),
        "side_id": plan.side + (_speaker(plan, attribution) - plan.agent) % SIDES,
        "language": ("ar", "en")[(source - plan.source) % 2],
        "said_from": said["said_from"],
        "published_from": _dated("published", source - plan.source)["published_from"],
        "recorded_at": BEGINNING + timedelta(minutes=number),
        "has_passage": attribution % 2 == 0,
        **_reviewed(number, "stale"),
    }


def _reviewed(number: int, stale: str) -> Row:
    return {"review": "pending" if number % CHECKED else "checked", stale: number % STALE == 0}


# --- which record belongs to which ------------------------------------------------------------------------------------


def _question(plan: Sized, claim: int) -> int:
    """The first question has the many claims that the others leave."""
    large = plan.claims - (plan.questions - 1) * OF_A_QUESTION
    return 0 if claim < large else 1 + (claim - large) // OF_A_QUESTION


def _first_claim(plan: Sized, question: int) -> int:
    return 0 if question == 0 else plan.claims - (plan.questions - question) * OF_A_QUESTION


def _first_claims(plan: Sized, question: int, index: int) -> list[int]:
    """The first claims of the first few speakers of a position: neighbours there have a speaker each."""
    first = _first_claim(plan, question)
    own = (plan.claim + n for n in count(first) if n % POSITIONS == index)
    return list(islice(own, min(NAMED, _claims_of(plan, question) // POSITIONS)))


def _claims_of(plan: Sized, question: int) -> int:
    return plan.claims - (plan.questions - 1) * OF_A_QUESTION if question == 0 else OF_A_QUESTION


def _state(question: int) -> State:
    return State.CONTESTED if question % 10 == 0 else State.SINGLE_ORIGIN


def _number(question: int, position: int) -> int:
    return 100 + question % 50 + (1_000 * position if _state(question) is State.CONTESTED else position)


def _source(plan: Sized, attribution: int) -> int:
    return plan.source + attribution * OF_AN_ATTRIBUTION // OF_A_SOURCE


def _speaker(plan: Sized, attribution: int) -> int:
    return plan.agent + PUBLISHERS + attribution % SPEAKERS


def _dated(name: str, number: int) -> dict[str, Any]:
    begin = BEGINNING + timedelta(days=number % 3_000)
    return {f"{name}_on": f"{begin:%Y-%m-%d}", f"{name}_from": begin, f"{name}_until": begin + timedelta(days=1)}


# --- writing ----------------------------------------------------------------------------------------------------------


def first_free(model: type[Model]) -> int:
    """The first key that is free, and after which all are."""
    last = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1


def write(model: Any, rows: Iterable[Row], *, key: str = "id") -> None:
    """Insert rows given as columns and values; what a row leaves out has the model's default."""
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None:
        return
    fields = [field for field in model._meta.concrete_fields if field.attname in first or field.attname != key]
    blank = model()
    constants = {field.attname: _prepared(field, getattr(blank, field.attname, None)) for field in fields}
    insert_prepared(model, fields, _values(chain([first], iterator), fields, constants))


def write_words(model: type[Record], first: int, number: int = 0) -> None:
    """Give the records from this key on their words, inside the database: "source" and "7" of "Source 7", or the hash.

    The first is numbered `number`, and so on.
    """
    quoted = connection.ops.quote_name
    table, words = quoted(model._meta.db_table), quoted(NameToken._meta.db_table)
    kind = str(model._meta.model_name)
    numbered: tuple[str, list[Any]] = ("CAST(id - %s + %s AS varchar(20))", [first, number])
    parts = [("sha256", [])] if model is Snapshot else [numbered, ("%s", [kind])]
    with connection.cursor() as cursor:
        for token, parameters in parts:
            cursor.execute(
                f"INSERT INTO {words} (kind, token, record) SELECT %s, {token}, id FROM {table} WHERE id >= %s",  # noqa: S608
                [kind, *parameters, first],
            )


def _values(rows: Iterable[Row], fields: Sequence[Any], constants: Row) -> Iterator[list[Any]]:
    """Each row's values as the database takes them; every row has an identifier of its own."""
    names = [field.attname for field in fields]
    kept: dict[Any, Any] = {}
    by_name = {field.attname: field for field in fields}
    for row in rows:
        values = {**constants, **row}
        if "uid" in constants:
            values["uid"] = f"{next(_identifiers):032x}"
        for name, value in row.items():
            if not isinstance(value, int | str):
                values[name] = kept[value] if value in kept else kept.setdefault(value, _prepared(by_name[name], value))
        yield [values[name] for name in names]


def _prepared(field: Any, value: Any) -> Any:
    return field.get_db_prep_value(value, connection)


def _write_history(plan: Sized) -> None:
    """A first version of every claim, copied inside the database."""
    table, history = (connection.ops.quote_name(each._meta.db_table) for each in (Claim, Claim.history.model))
    columns = ", ".join(connection.ops.quote_name(field.column) for field in Claim._meta.concrete_fields)
    statement = f"""
        INSERT INTO {history} ({columns}, history_date, history_type, history_change_reason)
        SELECT {columns}, recorded_at, '+', 'Sized' FROM {table} WHERE id >= %s
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [plan.claim])
