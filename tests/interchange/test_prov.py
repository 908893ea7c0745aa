"""PROV: every document that we write is read back equal, says what is on record, and what is malformed is refused."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st
from prov.model import ProvDocument

from claims.interchange.formats import FORMATS, export
from claims.interchange.given_json import Malformed
from claims.interchange.prov import writing
from claims.interchange.prov.reading import read_prov_json, read_prov_n
from claims.interchange.prov.writing import document_of, write_prov_json, write_prov_n
from claims.interchange.scope import Scope, TooMuch
from claims.ledger.models import Event, LoggedChange
from claims.permissions import NotAllowed, Role
from tests import factories as make
from tests.admin.forms import signed_in
from tests.interchange.provn_grammar import check
from tests.interchange.standards_world import HOSTILE, QUOTE, World, make_world
from tests.real_data import real_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whatever language a page was asked for in before."""
    with override("en"):
        yield


def written(write: Callable[[Scope, Any], None], scope: Scope) -> bytes:
    output = io.BytesIO()
    write(scope, output)
    return output.getvalue()


def scopes(world: World) -> list[Scope]:
    return [Scope(), Scope(topic=world.topic), Scope(question=world.question), Scope(claim=world.claim)]


def test_what_is_written_is_read_back_equal_whatever_the_texts() -> None:
    for scope in scopes(make_world()):
        document = document_of(scope)
        as_json, as_notation = written(write_prov_json, scope), written(write_prov_n, scope)
        assert ProvDocument.deserialize(io.BytesIO(as_json), format="json") == document
        assert read_prov_json(io.BytesIO(as_json)) == document
        assert read_prov_n(io.BytesIO(as_notation)) == document
        assert (as_json, as_notation) == (written(write_prov_json, scope), written(write_prov_n, scope))
        # By a grammar that shares no code with the library: as many statements as there are.
        assert sum(check(as_notation.decode()).values()) == len(document.records)


def test_the_document_says_what_is_on_record() -> None:
    world = make_world()
    told = json.loads(written(write_prov_json, Scope()))
    claim, attribution = f"claim:{world.claim.uid}/", f"attribution:{world.claim.attribution.uid}/"
    versions = [f"{claim}v/{number}/" for number in (1, 2, 3)]
    assert [told["entity"][each]["terms:version"]["$"] for each in versions] == ["1", "2", "3"]
    assert told["entity"][versions[0]]["prov:label"] == {"$": HOSTILE, "lang": "en"}
    assert told["entity"][versions[0]]["terms:note"] == HOSTILE
    assert told["entity"][versions[1]]["terms:note"] == "another note"
    revisions = pairs(told, "wasDerivedFrom", "prov:generatedEntity", "prov:usedEntity")
    assert {(versions[1], versions[0]), (versions[2], versions[1]), (claim, attribution)} <= revisions
    assert {(each, claim) for each in versions} <= pairs(
        told, "specializationOf", "prov:specificEntity", "prov:generalEntity"
    )
    # The way of the words: said, passed on twice, and as the source carries them.
    first, second = (f"relay:{each.uid}/" for each in world.claim.attribution.relays.order_by("position"))
    chain = [f"{attribution}words/", first, second, attribution]
    assert set(zip(chain[1:], chain[:-1], strict=True)) <= revisions
    passage, snapshot = f"passage:{world.passage.uid}/", f"snapshot:{world.snapshot.uid}/"
    assert {(attribution, passage), (passage, snapshot)} <= revisions
    assert told["entity"][passage]["prov:value"] == QUOTE
    assert told["entity"][snapshot]["terms:sha256"] == world.snapshot.sha256
    speaker, party = f"agent:{world.speaker.uid}/", f"agent:{world.speaker.speaks_for.uid}/"
    behalf = [each for each in told["actedOnBehalfOf"].values() if each["prov:delegate"] == speaker]
    assert {(each["prov:responsible"], each.get("prov:activity")) for each in behalf} == {
        (party, None), (party, f"{attribution}saying/"),
    }  # fmt: skip
    # Who changed it, when and why: as the log has it.
    change = LoggedChange.objects.get(reason=f"why: {HOSTILE}".strip())
    activity = told["activity"][f"change:{change.uid}/"]
    assert activity["terms:reason"] == change.reason
    assert (f"change:{change.uid}/", f"user:{world.editor.pk}/") in pairs(
        told, "wasAssociatedWith", "prov:activity", "prov:agent"
    )
    assert (versions[1], f"change:{change.uid}/") in pairs(told, "wasGeneratedBy", "prov:entity", "prov:activity")
    invalidated = pairs(told, "wasInvalidatedBy", "prov:entity", "prov:activity")
    assert {entity for entity, _change in invalidated} == {f"claim:{world.withdrawn.uid}/"}
    assert f"finding:{world.finding.uid}/v/1/" in told["entity"]


def pairs(told: dict[str, Any], relation: str, first: str, second: str) -> set[tuple[str, str]]:
    return {(each[first], each[second]) for each in told[relation].values()}


def test_editors_can_be_left_out() -> None:
    world = make_world()
    named = written(write_prov_n, Scope(question=world.question)).decode()
    unnamed = written(write_prov_n, Scope(question=world.question, editors=False)).decode()
    assert "Rim" in named
    assert "Rim" not in unnamed
    assert f"user:{world.editor.pk}/" not in unnamed
    assert "site:editor/" in unnamed


def test_the_number_of_queries_does_not_grow_with_the_claims() -> None:
    world = make_world()
    with CaptureQueriesContext(connection) as few:
        document_of(Scope(topic=world.topic))
    for _number in range(5):
        make.make_passage(make.make_claim(world.question).attribution)
    with CaptureQueriesContext(connection) as many:
        document_of(Scope(topic=world.topic))
    assert len(many) == len(few) <= 60


def test_more_than_memory_should_hold_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_world()
    monkeypatch.setattr(writing, "MOST_CLAIMS", 2)
    with pytest.raises(TooMuch, match="More than 2 claims"):
        written(write_prov_json, Scope())
    with pytest.raises(CommandError, match="More than 2 claims"):
        call_command("export_provenance", output=str(tmp_path / "all.json"))
    assert list(tmp_path.iterdir()) == []


def test_an_export_is_on_record_and_needs_the_right() -> None:
    world = make_world()
    scope = Scope(claim=world.claim)
    for role, allowed in ((Role.RESEARCHER, True), (None, False)):
        user = make.make_user(role)
        if allowed:
            export(scope, FORMATS["prov-json"], io.BytesIO(), by=user)
            event = Event.objects.latest("pk")
            assert (event.kind, event.user_id) == ("export", user.pk)
            assert event.detail == {"format": "prov-json", "claim": str(world.claim.uid)}
        else:
            with pytest.raises(NotAllowed, match="may not export claims"):
                export(scope, FORMATS["prov-json"], io.BytesIO(), by=user)


def test_a_command_writes_and_another_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = make_world()
    for chosen, name in (("prov-json", "out.json"), ("prov-n", "out.provn")):
        path = tmp_path / name
        call_command("export_provenance", question=str(world.question.uid), format=chosen, output=str(path))
        call_command("check_prov", str(path))
        assert f"{name}: Entity " in capsys.readouterr().out
    with pytest.raises(CommandError, match="There is no topic “nowhere”"):
        call_command("export_provenance", topic="nowhere")


@pytest.mark.parametrize(("kind", "most"), [("claims", 1000), ("questions", 10**7), ("topics", 1000)])
def test_pages_offer_downloads_to_those_who_may(
    kind: str, most: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PUBLIC_READ = True
    monkeypatch.setattr("claims.views.record_downloads.MOST_IN_MEMORY", most)
    world = make_world("plain")
    record: Any = {"claims": world.claim, "questions": world.question, "topics": world.topic}[kind]
    page, link = f"/{kind}/{record.uid}/", f"/{kind}/{record.uid}/download/prov-n/"
    researcher = signed_in(make.make_user(Role.RESEARCHER))
    assert link in researcher.get(page).content.decode()
    assert link not in Client().get(page).content.decode()
    assert Client().get(link).status_code == 302
    answer = researcher.get(link)
    content = b"".join(answer)
    assert check(content.decode())["entity"] > 5
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{kind[:-1]}-{record.uid}.provn"'
    assert Event.objects.filter(kind="export").count() == 1
    assert researcher.head(link).status_code == 200
    assert researcher.get(f"/{kind}/{record.uid}/download/nonsense/").status_code == 404


def test_every_malformed_file_is_refused_and_every_other_read() -> None:
    refused, read = 0, 0
    for path in sorted(real_data("data/prov-tests/malformed").iterdir()):
        with path.open("rb") as stream, pytest.raises(Malformed, match=r"^This is not (JSON|PROV-JSON): .+\.$"):
            read_prov_json(stream)
        refused += 1
    for path in sorted(real_data("data/prov-tests/json").iterdir()):
        with path.open("rb") as stream:
            document = read_prov_json(stream)
        assert document == ProvDocument.deserialize(content=path.read_text(encoding="utf-8"), format="json")
        read += 1
    assert (refused, read) == (17, 398)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[" * 200_000, "nested more than 100 levels"),
        (b'{"entity":' * 200 + b"1" + b"}" * 200, "nested more than 100 levels"),
        (b'{"entity": {"a\\u0000b": {}}}', "NUL"),
        (b'{"entity": {"ex:\\ud800": {}}}', "surrogate"),
        (b'{"entity": {}, "entity": {}}', "given twice"),
        (b'{"entity": NaN}', "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"entity": {"no-such-prefix:e": {}}}', "“no-such-prefix:e” begins with a prefix"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too long"),
    ],
)
def test_what_would_break_a_reader_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        read_prov_json(io.BytesIO(content))


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.interchange.given_json.MOST_BYTES", 10)
    monkeypatch.setattr("claims.interchange.prov.reading.MOST_BYTES", 10)
    with pytest.raises(Malformed, match="larger than"):
        read_prov_n(io.BytesIO(b"document endDocument"))


WORDS = st.sampled_from(
    ["entity", "prefix", "bundle", "ex:a", "ex", "prov:type", "$", "type", "lang", "xsd:int", "wasDerivedFrom",
     "prov:time", "activity", "prov:generatedEntity", "xsd:dateTime", "default", "_:b", ""]
)  # fmt: skip
VALUES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(value=VALUES)
@drawn(max_examples=200)
def test_nothing_else_comes_out_of_a_file_than_a_document_or_a_sentence(value: Any) -> None:
    for given_value in (value, {"prefix": {"ex": "http://example.org/"}, "entity": value}):
        try:
            read: object = read_prov_json(io.BytesIO(json.dumps(given_value).encode()))
        except Malformed as refused:
            read = str(refused)
        assert isinstance(read, ProvDocument) or (isinstance(read, str) and read.endswith("."))
