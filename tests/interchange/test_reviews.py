"""The reviews of fact-checkers on their way in: recognised, imported as claims, known again, and the refused mended."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.models import Attribution, Claim, Import, QuestionState
from claims.permissions import Role
from tests import factories as make
from tests.admin.forms import signed_in
from tests.interchange.test_schema_org import REVIEW, changed
from tests.real_data import real_data
from tests.services.written import nothing_written, rows

pytestmark = pytest.mark.django_db

ANOTHER = changed(url="https://other.example/7", author={"@type": "Organization", "name": "Others"})
BAD = changed(url="https://checks.example/2", datePublished="last week")


def written(path: Path, value: Any) -> str:
    text = "\n".join(map(json.dumps, value)) if path.suffix == ".jsonl" else json.dumps(value)
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", ["feed.json", "feed.jsonl"])
def test_a_feed_is_claims_and_the_same_again_changes_nothing(name: str, tmp_path: Path) -> None:
    file = written(tmp_path / name, [REVIEW, ANOTHER])
    call_command("import_claims", file)
    assert (Claim.objects.count(), Attribution.objects.count()) == (4, 3)  # the mayor's words are there once
    state = QuestionState.objects.get()
    assert (state.question.text, state.claims) == ("How is it rated: “The bridge was closed.”?", 2)
    claimed = Attribution.objects.earliest("pk")
    assert (claimed.speaker.name, claimed.role, claimed.source.url) == ("A mayor", "Mayor", "https://news.example/1")
    assert Import.objects.get().files[0]["format"] == "claimreview"
    with nothing_written():
        call_command("import_claims", file)
    rating = {**REVIEW["reviewRating"], "alternateName": "Mostly true"}
    call_command("import_claims", written(tmp_path / name, [changed(reviewRating=rating), ANOTHER]))
    assert sorted(Claim.objects.exclude(question=None).values_list("answer", flat=True)) == ["Half true", "Mostly true"]


def test_schema_orgs_own_examples_are_imported() -> None:
    file = str(real_data("data/claimreview-schemaorg/examples.txt"))
    call_command("import_claims", file, format="claimreview")
    spoken = Attribution.objects.order_by("pk").values_list("speaker__name", "source__published_on", "said_on")
    assert [name for name, *_dates in spoken] == ["Rich Perry", "politifact.com", "Barack Obama", "danbri.org"]
    with nothing_written():
        call_command("import_claims", file, format="claimreview")


def test_refused_reviews_are_mended_and_come_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rejects = tmp_path / "rejects.json"
    graph = {"@graph": [changed(author={"@id": "#us"}), {**BAD, "author": {"@id": "#us"}},
                        {"@id": "#us", "@type": "Organization", "name": "Checks"}]}  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        call_command("import_claims", written(tmp_path / "graph.json", graph), rejects=rejects, skip_bad=True)
    assert ended.value.code == 1
    assert "graph.json:2: published_on: " in capsys.readouterr().err
    assert Claim.objects.count() == 2
    kept = rejects.read_text(encoding="utf-8")
    assert "last week" in json.loads(kept)["@graph"][0]["refused because"]
    rejects.write_text(kept.replace('"last week"', '"2016-09-21"'), encoding="utf-8")
    call_command("import_claims", str(rejects))
    review = Claim.objects.exclude(question=None).order_by("pk").last()
    assert review.attribution.speaker.name == "Checks"
    assert review.attribution.source.published_on == "2016-09-21"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"@type": "Article"}', "There is no ClaimReview in it"),
        ('{"@type": "ClaimReview", ', "This is not JSON"),
        ('{"@type": "ClaimReview"}\n{"@type": ', "Line 2: This is not JSON"),
        ("<html></html>", "This is not JSON"),
        ('[{"id": "a"}]', "This is a JSON list"),
    ],
)
def test_what_is_no_feed_is_refused(
    content: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "feed.json"
    file.write_text(content, encoding="utf-8")
    before = rows()
    with pytest.raises((CommandError, SystemExit)) as refused:
        call_command("import_claims", str(file))
    assert sentence in f"{refused.value} {capsys.readouterr().err}"
    assert rows() == before


def test_a_map_is_not_for_reviews(tmp_path: Path) -> None:
    table_map = tmp_path / "map.toml"
    table_map.write_text('[columns]\nurl = "source_url"\n', encoding="utf-8")
    with pytest.raises(CommandError, match="A map is for tables"):
        call_command("import_claims", written(tmp_path / "feed", [REVIEW]), map=str(table_map), format="claimreview")


@pytest.mark.parametrize("named", ["", "claimreview"])
def test_the_page_takes_them_too(named: str) -> None:
    client, upload = signed_in(make.make_user(Role.EDITOR)), "/admin/claims/import/upload/"
    file = SimpleUploadedFile("feed.json", json.dumps([REVIEW]).encode())
    page = client.post(upload, {"file": file, "format": named, "change_reason": "Reviews"})
    assert page.context["report"].new == 2
    client.post(upload, page.context["form"].initial)
    assert Claim.objects.count() == 2
