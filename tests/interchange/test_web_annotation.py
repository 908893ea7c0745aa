"""Web Annotations: written so that others can place them, read by the model, attached to what they name alone."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.validators import MaxLengthValidator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from claims.interchange.addresses import address, version_address
from claims.interchange.given_json import Malformed
from claims.interchange.scope import Scope
from claims.interchange.web_annotation import CONTEXT
from claims.interchange.web_annotation.model import check_document
from claims.interchange.web_annotation.reading import Read, annotations_in, import_annotations
from claims.interchange.web_annotation.writing import write_web_annotation
from claims.models import Passage
from claims.permissions import NotAllowed, Role
from tests import factories as make
from tests.interchange.expansion import expanded, nothing_dropped
from tests.interchange.standards_world import HOSTILE, QUOTE, TEXT, World, make_world
from tests.real_data import real_data
from tests.services.written import nothing_written, savepoints, why

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whatever language a page was asked for in before."""
    with override("en"):
        yield


def written(scope: Scope) -> Any:
    output = io.BytesIO()
    write_web_annotation(scope, output)
    return json.loads(output.getvalue())


def test_what_is_written_is_by_the_model_and_loses_nothing() -> None:
    world = make_world()
    for scope in (Scope(), Scope(topic=world.topic), Scope(question=world.question), Scope(claim=world.claim)):
        collection = written(scope)
        check_document(collection)
        assert nothing_dropped(collection)
        assert collection["total"] == len(collection["first"]["items"]) == 1
    (annotation,) = collection["first"]["items"]
    assert collection["id"] == address(world.claim)
    assert annotation["id"] == address(world.passage)
    assert [body.get("source") or body["value"] for body in annotation["body"]] == [
        version_address(world.claim), HOSTILE,
    ]  # fmt: skip
    target = annotation["target"]
    assert target["source"] == world.source.url
    assert target["state"]["schema:sha256"] == world.snapshot.sha256
    quote, place = target["selector"]
    assert (quote["exact"], quote["prefix"]) == (QUOTE, "“")
    assert TEXT[place["start"] : place["end"]] == QUOTE
    (meant,) = expanded({"@context": CONTEXT, **annotation})
    assert meant["http://www.w3.org/ns/oa#hasTarget"][0]["http://www.w3.org/ns/oa#hasSource"] == [
        {"@id": world.source.url}
    ]


def test_withdrawn_claims_are_left_out_and_queries_do_not_grow() -> None:
    world = make_world()
    make.make_passage(world.withdrawn.attribution)
    with CaptureQueriesContext(connection) as few:
        assert written(Scope())["total"] == 1
    for _number in range(4):
        make.make_passage(make.make_claim(world.question, statement="x").attribution)
    with CaptureQueriesContext(connection) as many:
        assert written(Scope())["total"] == 5
    assert len(many) == len(few) <= 8


def annotated(world: World, *, exact: str = "Nobody else was there.", **changed: Any) -> dict[str, Any]:
    """An annotation of somebody else's on words of the source, that names the claim."""
    return {
        "@context": CONTEXT,
        "id": "https://elsewhere.example/1",
        "type": "Annotation",
        "body": address(world.claim),
        "target": {"source": world.source.url, "selector": {"type": "TextQuoteSelector", "exact": exact}},
        **changed,
    }


def imported(*annotations: dict[str, Any], **options: Any) -> list[Read]:
    given = annotations_in(io.BytesIO(json.dumps(list(annotations)).encode()))
    return import_annotations(given, by=None, reason="A test", command="test", **options)


def test_our_own_export_comes_back_as_known() -> None:
    world = make_world()
    output = io.BytesIO()
    write_web_annotation(Scope(), output)
    output.seek(0)
    with nothing_written():
        read = import_annotations(annotations_in(output), by=None, reason="Again", command="test")
    assert [(each.annotation, each.outcome) for each in read] == [(address(world.passage), "known")]


def test_words_of_others_become_passages_of_the_attribution() -> None:
    world = make_world()
    place = {"type": "TextPositionSelector", "start": 0, "end": 3}
    by_place = annotated(world, target={"source": {"id": world.source.url}, "selector": place})
    narrowed = {
        "type": "FragmentSelector",
        "value": "p1",
        "refinedBy": {"type": "TextQuoteSelector", "exact": "on Monday"},
    }
    refined = annotated(
        world,
        body=[{"type": "SpecificResource", "source": version_address(world.claim, 1)}],
        target={
            "source": address(world.source),
            "selector": narrowed,
            "state": {"type": "TimeState", "schema:sha256": world.snapshot.sha256},
        },
    )
    read = imported(annotated(world), by_place, refined)
    assert [each.outcome for each in read] == ["added"] * 3
    passages = Passage.objects.filter(attribution=world.claim.attribution).order_by("pk")
    assert [(each.exact, TEXT[each.start : each.end]) for each in passages][1:] == [
        ("Nobody else was there.", "Nobody else was there."), ("She", "She"), ("on Monday", "on Monday"),
    ]  # fmt: skip
    assert why(passages[1]) == ("A test", None)
    assert [each.outcome for each in imported(annotated(world), by_place, refined)] == ["known"] * 3


def test_what_cannot_be_attached_says_why_and_writes_nothing() -> None:
    world = make_world()
    other = make.make_claim(world.question)
    selector = {"type": "TextQuoteSelector", "exact": QUOTE}
    cases = [
        (annotated(world, exact="It was never agreed to at all"), "do not stand in the text"),
        (annotated(world, target={"source": "https://other.example/", "selector": selector}), "carried by"),
        (annotated(world, target="https://news.example/report?a=1&b=2"), "one source with the words"),
        (annotated(world, target=[{"source": world.source.url, "selector": selector}] * 2), "one source"),
        (annotated(world, target={"source": world.source.url}), "TextQuoteSelector"),
        (annotated(world, body=[address(world.claim), address(other)]), "several attributions"),
        (
            annotated(
                world,
                target={
                    "source": world.source.url,
                    "selector": selector,
                    "state": {"type": "TimeState", "schema:sha256": "0" * 64},
                },
            ),
            "not on record for this source",
        ),
        (annotated(world, body=address(other), target={"source": address(other.attribution.source),
                                                       "selector": selector}), "has no text yet"),
    ]  # fmt: skip
    with nothing_written():
        for annotation, sentence in cases:
            (read,) = imported(annotation)
            assert (read.outcome, sentence in read.sentence) == ("refused", True), read
        assert [each.outcome for each in imported(annotated(world), cases[0][0])] == ["added", "refused"]
        assert [each.outcome for each in imported(annotated(world), cases[1][0])] == ["added", "refused"]
        assert [each.outcome for each in imported(annotated(world), dry_run=True)] == ["added"]
    with CaptureQueriesContext(connection) as queries:
        read = imported(annotated(world), *(each for each, _sentence in cases), skip_refused=True)
    assert savepoints(queries) == 1  # of the test's own transaction
    assert [each.outcome for each in read] == ["added"] + ["refused"] * len(cases)
    assert Passage.objects.filter(attribution=world.claim.attribution).count() == 2


def test_what_only_a_change_in_parts_refuses_is_refused_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    monkeypatch.setattr(Passage._meta.get_field("exact"), "validators", [MaxLengthValidator(5)])
    monkeypatch.setattr(Passage._meta.get_field("exact"), "plainly", 0)
    place = {"type": "TextPositionSelector", "start": 0, "end": 3}
    short = annotated(world, target={"source": {"id": world.source.url}, "selector": place})
    for orders in ({"dry_run": True}, {"skip_refused": True}):
        read = imported(annotated(world), short, **orders)
        assert [each.outcome for each in read] == ["refused", "added"]
    assert Passage.objects.filter(attribution=world.claim.attribution).count() == 2


def test_only_those_who_may_revise_may_import() -> None:
    world = make_world()
    given = annotations_in(io.BytesIO(json.dumps(annotated(world)).encode()))
    with pytest.raises(NotAllowed), nothing_written():
        import_annotations(given, by=make.make_user(Role.RESEARCHER), reason="A test")


def test_the_command_tells_of_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = make_world()
    path = tmp_path / "annotations.json"
    elsewhere = annotated(world, body="https://elsewhere.example/post", id="https://elsewhere.example/\u202e2")
    path.write_text(json.dumps([annotated(world), elsewhere]), encoding="utf-8")
    call_command("import_annotations", str(path), dry_run=True)
    assert Passage.objects.filter(exact="Nobody else was there.").count() == 0
    call_command("import_annotations", str(path), reason="From a colleague")
    assert "1 added, 0 known, 1 not_ours, 0 refused" in capsys.readouterr().out
    assert why(Passage.objects.get(exact="Nobody else was there."))[0] == "From a colleague"
    path.write_text(json.dumps([annotated(world, exact="Not there at all, this")]), encoding="utf-8")
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_annotations", str(path))
    path.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="not JSON"):
        call_command("import_annotations", str(path))


def test_every_valid_annotation_of_the_test_suite_is_accepted() -> None:
    accepted, read = 0, []
    for path in sorted(real_data("data/web-annotation/correct").iterdir()):
        with path.open("rb") as stream:
            read += annotations_in(stream)
        accepted += 1
    assert accepted == 45
    with nothing_written():
        outcomes = {each.outcome for each in import_annotations(read, by=None, reason="A test", command="test")}
    assert outcomes == {"not_ours"}
    assert len(read) == 41 + 41 + 4


def test_every_invalid_annotation_of_the_test_suite_is_refused_for_what_is_wrong_with_it() -> None:
    refused, mended = 0, []
    for path in sorted(real_data("data/web-annotation/incorrect").iterdir()):
        text = path.read_text(encoding="utf-8")
        with pytest.raises(Malformed, match=r"\.$"):
            annotations_in(io.BytesIO(text.encode()))
        refused += 1
        # Most have two identifiers, or a comma too many, besides what they are there for. Without these:
        text = re.sub(r",(\s*[}\]])", r"\1", re.sub(r'"id": \[[^]]*\]', '"id": "http://example.org/1"', text))
        try:
            annotations_in(io.BytesIO(text.encode()))
        except Malformed as error:
            sentence = str(error)
        else:
            sentence = "mended"
            mended.append(path.name)
        assert re.search(r"Web Annotation Data Model, \d[\d.]*\)\.$|not JSON|mended", sentence)
    # Two identifiers were all that was wrong with the one, and the other names no language but a “langauage”.
    assert (refused, mended) == (39, ["anno15.json", "anno7.json"])


@pytest.mark.parametrize(
    ("annotation", "where"),
    [
        ({"target": {"source": "urn:a", "selector": {"type": "TextQuoteSelector"}}},
         "annotation.target.selector.exact"),
        ({"target": {"source": "urn:a", "selector": [{"type": "TextPositionSelector", "start": -1, "end": 2}]}},
         "annotation.target.selector[0].start"),
        ({"target": {"source": "urn:a", "selector": {"type": "TextPositionSelector", "start": 3, "end": 2}}},
         "annotation.target.selector.end"),
        ({"target": {"source": "urn:a", "selector": {"type": "RangeSelector", "startSelector": "urn:b"}}},
         "annotation.target.selector.endSelector"),
        ({"target": {"source": "urn:a", "state": {"type": "TimeState", "sourceDate": "2016"}}},
         "annotation.target.state.sourceDate"),
        ({"target": {"source": "urn:a", "state": {"type": "HttpRequestState"}}}, "annotation.target.state.value"),
        ({"target": []}, "annotation.target"),
        ({"target": "urn:a", "created": "2016-13-45T00:00:00Z"}, "annotation.created"),
        ({"target": "urn:a", "body": {"type": "Choice", "items": [{"value": 1}]}}, "annotation.body.items[0].value"),
        ({"target": None}, "annotation.target"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(annotation: dict[str, Any], where: str) -> None:
    document = {"@context": CONTEXT, "id": "urn:x", "type": "Annotation", **annotation}
    with pytest.raises(Malformed) as refused:
        annotations_in(io.BytesIO(json.dumps(document).encode()))
    assert str(refused.value).startswith(f"{where}: ")
