"""Tampering with the database under a checkpoint, by somebody who can drop triggers: every way tried is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from hashlib import sha256

import pytest

from claims.ledger import sealing
from claims.ledger.checkpoints import Shelf, checkpoint
from claims.ledger.install import uninstall
from claims.ledger.reconcile import reconcile
from claims.ledger.verifying import verify
from tests.factories import make_claim, make_topic
from tests.ledger.conftest import run, undone

pytestmark = pytest.mark.django_db(transaction=True)

TRIALS_OF_THE_JOURNAL, TRIALS_OF_RECORDS = 240, 40
Random = random.Random


def entry_of(chance: Random) -> int:
    """The entry of a random leaf."""
    size = run("SELECT count(*) FROM ledger_leaf")[0][0]
    return int(run("SELECT entry_id FROM ledger_leaf WHERE number = %s", chance.randrange(size))[0][0])


def flip_content(chance: Random) -> None:
    entry = entry_of(chance)
    ((body,),) = run("SELECT body FROM ledger_payload WHERE entry_id = %s", entry)
    place = chance.randrange(len(body))
    changed = body[:place] + chr(ord(body[place]) ^ 1 << chance.randrange(3)) + body[place + 1 :]
    run("UPDATE ledger_payload SET body = %s WHERE entry_id = %s", changed, entry)


def flip_field(chance: Random) -> None:
    field, value = chance.choice([
        ("row_key", "'77777'"), ("table_name", "'claims_other'"), ("user_id", "4711"), ("at", "'2001-01-01 01:01:01'"),
        ("operation", "'A'"), ("change", "'00000000000000000000000000000001'"),
    ])  # fmt: skip
    run(f"UPDATE ledger_entry SET {field} = {value} WHERE id = %s", entry_of(chance))  # noqa: S608


def flip_salt(chance: Random) -> None:
    run("UPDATE ledger_payload SET salt = %s WHERE entry_id = %s", chance.randbytes(32), entry_of(chance))


def flip_leaf(chance: Random) -> None:
    column = chance.choice(["hash", "commitment"])
    run(f"UPDATE ledger_leaf SET {column} = %s WHERE entry_id = %s", chance.randbytes(32), entry_of(chance))  # noqa: S608


def flip_node(chance: Random) -> None:
    run("UPDATE ledger_node SET hash = %s", chance.randbytes(32))


def delete(chance: Random) -> None:
    table, key = chance.choice([("ledger_entry", "id"), ("ledger_payload", "entry_id"), ("ledger_leaf", "entry_id")])
    run(f"DELETE FROM {table} WHERE {key} = %s", entry_of(chance))  # noqa: S608


def redact_in_silence(chance: Random) -> None:
    run("UPDATE ledger_payload SET body = NULL, salt = NULL WHERE entry_id = %s", entry_of(chance))


def swap(chance: Random) -> None:
    one = entry_of(chance)
    other = next(entry for entry in iter(lambda: entry_of(chance), None) if entry != one)
    table, key = chance.choice([("ledger_payload", "entry_id"), ("ledger_leaf", "entry_id"), ("ledger_entry", "id")])
    for old, new in ((one, -1), (other, one), (-1, other)):
        run(f"UPDATE {table} SET {key} = %s WHERE {key} = %s", new, old)  # noqa: S608


def insert(chance: Random) -> None:
    """An entry, with everything that belongs to it, below where the sweeper looks."""
    entry = -chance.randrange(1, 1000)
    run(
        "INSERT INTO ledger_entry (id, at, table_name, row_key, operation) "
        "SELECT %s, at, table_name, row_key, operation FROM ledger_entry WHERE id = %s",
        entry,
        entry_of(chance),
    )
    run(
        "INSERT INTO ledger_payload SELECT %s, salt, body FROM ledger_payload WHERE entry_id = %s",
        entry,
        entry_of(chance),
    )
    if chance.random() < 0.5:
        run(
            "INSERT INTO ledger_leaf (number, entry_id, commitment, hash) VALUES (%s, %s, %s, %s)",
            -chance.randrange(1, 9), entry, chance.randbytes(32), chance.randbytes(32),
        )  # fmt: skip


def truncate(chance: Random) -> None:
    size = run("SELECT count(*) FROM ledger_leaf")[0][0]
    to = size - chance.randrange(1, 40)
    run("DELETE FROM ledger_payload WHERE entry_id IN (SELECT entry_id FROM ledger_leaf WHERE number >= %s)", to)
    run("DELETE FROM ledger_entry WHERE id IN (SELECT entry_id FROM ledger_leaf WHERE number >= %s)", to)
    run("DELETE FROM ledger_leaf WHERE number >= %s", to)
    run('DELETE FROM ledger_node WHERE ("index" + 1) * 256 > %s', to)


def recompute_everything(chance: Random) -> None:
    """Change one entry and make the whole tree anew, so that it is right in itself."""
    chance.choice([flip_content_well, truncate])(chance)
    run("DELETE FROM ledger_leaf")
    run("DELETE FROM ledger_node")
    sealing.seal(everywhere=True)


def flip_content_well(chance: Random) -> None:
    body = '{"before":null,"after":{"id":1},"secrets":[]}'
    run("UPDATE ledger_payload SET body = %s WHERE entry_id = %s", body, entry_of(chance))


OF_THE_JOURNAL: tuple[Callable[[Random], None], ...] = (
    flip_content, flip_field, flip_salt, flip_leaf, flip_node, delete, redact_in_silence, swap, insert, truncate,
    recompute_everything,
)  # fmt: skip


@pytest.fixture
def signed(place: Shelf) -> Shelf:
    """A journal of some hundred entries under two checkpoints."""
    checkpoint(place)
    for _number in range(3):
        make_claim()
    make_topic(name="قصة")
    checkpoint(place)
    return place


@pytest.mark.any_django
def test_tampering_with_the_journal_is_found(signed: Shelf) -> None:
    assert list(verify(signed)) == []
    uninstall()
    for trial in range(TRIALS_OF_THE_JOURNAL):
        way = OF_THE_JOURNAL[trial % len(OF_THE_JOURNAL)]
        with undone():
            way(random.Random(trial))  # noqa: S311 - a test that can be repeated
            told = list(verify(signed))
        assert told, f"{way.__name__} {trial} was not found"
        assert all(sentence.endswith((".", ").")) for sentence in told)
    assert list(verify(signed)) == []


def found(place: Shelf) -> list[str]:
    """What differs, but for the triggers, which are away."""
    told = [each.sentence for each in reconcile(place) if each.differs]
    return [sentence for sentence in told if not sentence.startswith("The trigger ")]


def test_tampering_with_records_is_found(signed: Shelf) -> None:
    tables = ["claims_claim", "claims_topic", "claims_attribution", "claims_source", "claims_agent"]
    uninstall()
    assert found(signed) == []
    histories = [table.replace("claims_", "claims_historical") for table in tables]
    for trial in range(TRIALS_OF_RECORDS):
        chance = random.Random(trial)  # noqa: S311 - a test that can be repeated
        table = chance.choice(tables + histories)
        key = "history_id" if "historical" in table else "id"
        with undone():
            chosen = chance.choice(run(f"SELECT {key} FROM {table}"))[0]  # noqa: S608
            done: dict[str, str] = {
                "version": f"UPDATE {table} SET version = version + 1 WHERE {key} = {chosen}",  # noqa: S608
                "withdrawn": f"UPDATE {table} SET withdrawn = NOT withdrawn WHERE {key} = {chosen}",  # noqa: S608
                "uid": f"UPDATE {table} SET uid = '{sha256(bytes(trial)).hexdigest()[:32]}' WHERE {key} = {chosen}",  # noqa: S608
                "deleted": f"DELETE FROM {table if 'historical' in table else 'claims_topic'} WHERE {key} > 0",  # noqa: S608
            }
            what = chance.choice(list(done))
            run(done[what])
            told = found(signed)
        assert told, f"{what} of {table}, trial {trial}, was not found"
    assert found(signed) == []
