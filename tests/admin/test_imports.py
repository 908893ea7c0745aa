"""The import in the admin: previewed, confirmed as it was shown, listed, and taken back."""

import io
import tracemalloc
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from claims.admin import import_previews
from claims.models import Claim, Import
from claims.permissions import Role
from claims.wording import plain
from tests import factories as make
from tests.admin.forms import signed_in
from tests.interchange.attacks import MAPS, MEGABYTE, TABLES
from tests.services.written import nothing_written, rows

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/claims/import/upload/"
HEAD = "id,question,answer_kind,answer,speaker,source\n"
GOOD = "1,How many?,quantity,300,Governor,A report\n"
OTHER = "2,How many?,quantity,1500,Mayor,A report\n"
BAD = "3,<b>Where</b>?,quantity,many,Mayor,A report\n"


def editor() -> Client:
    return signed_in(make.make_user(Role.EDITOR))


def previewed(client: Client, content: str, **more: Any) -> Any:
    file = SimpleUploadedFile("claims.csv", content.encode())
    return client.post(UPLOAD, {"file": file, "change_reason": "From the desk in Homs", **more})


def confirmed(client: Client, page: Any, **more: Any) -> Any:
    fields = page.context["form"].initial
    return client.post(UPLOAD, {**fields, **more}, follow=True)


def test_a_file_is_previewed_and_then_imported_as_it_was_shown() -> None:
    client = editor()
    with nothing_written():
        page = previewed(client, HEAD + GOOD + OTHER)
    assert page.context["report"].new == 2
    assert "would become contested" in page.content.decode()
    told = confirmed(client, page).content.decode()
    assert "2 rows: 2 new, 0 changed" in told
    assert "claims.csv" in told
    assert Claim.objects.filter(state__contested=True).count() == 2
    assert Claim.objects.first().history.get().history_change_reason == "From the desk in Homs"


def test_duplicates_that_would_be_suspected_are_counted_and_led_to() -> None:
    client = editor()
    page = previewed(client, HEAD + GOOD + OTHER)
    assert "would wait to be judged" not in page.content.decode()
    page = previewed(client, HEAD + GOOD + OTHER + OTHER.replace("2,", "3,").replace("Mayor", "the  mayor"))
    assert "1 suspected duplicate would wait to be judged." in page.content.decode()
    told = confirmed(client, page).content.decode()
    assert f'<a href="{reverse("admin:claims_suspectedpair_judge")}">1 suspected duplicate waits to be judged' in told


def test_refused_rows_are_shown_and_left_out_only_where_that_is_said() -> None:
    client = editor()
    page = previewed(client, HEAD + GOOD + BAD)
    assert "is no figure" in page.content.decode()
    with nothing_written():
        confirmed(client, page)
    confirmed(client, page, skip_bad="on")
    assert list(Claim.objects.values_list("external_id", flat=True)) == ["1"]


def test_rows_that_a_map_makes_of_one_record_are_counted_beside_the_records() -> None:
    table_map = '[columns]\nwho = "speaker"\n[templates]\nquestion = "{column}?"\nanswer = "{value}"\n'
    table_map += '[claims]\ncolumns = ["a", "b"]\n'
    content, client = "who,a,b\nX,1,2\n", editor()
    page = previewed(client, content, map=SimpleUploadedFile("map.toml", table_map.encode()))
    told = page.content.decode()
    assert "2 rows: 0 new, 0 changed, 0 unchanged, 2 refused. They are rows of the claims table." in told
    assert "made of: 1; refused of these, in whole or in part: 1." in told
    assert told.count("Say where this was published") == 1


def test_what_would_come_out_otherwise_than_shown_is_shown_again() -> None:
    client = editor()
    page = previewed(client, HEAD + GOOD)
    confirmed(client, previewed(client, HEAD + OTHER))
    with nothing_written():
        again = confirmed(client, page)
    assert "has changed since" in again.content.decode()
    confirmed(client, again)
    assert Claim.objects.count() == 2


@pytest.mark.parametrize("content", ["", "colour,taste\nred,sweet\n", HEAD + GOOD * 3])
def test_what_cannot_be_taken_is_said_and_nothing_written(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_previews, "MOST_ROWS", 2)
    with nothing_written():
        page = previewed(editor(), content)
    assert page.status_code == 200
    assert page.context["form"].errors


def test_what_was_tampered_with_is_not_imported() -> None:
    client = editor()
    page = previewed(client, HEAD + GOOD)
    with nothing_written():
        confirmed(client, page, packed="x" + page.context["form"].initial["packed"])


def test_a_record_leads_to_the_import_that_it_came_with() -> None:
    client = editor()
    made = make.make_claim()
    confirmed(client, previewed(client, HEAD + GOOD))
    link = f'href="{reverse("admin:claims_import_change", args=[Import.objects.get().pk])}"'
    claim = Claim.objects.get(external_id="1")
    make.record(made.attribution.source)  # what is changed at other times has not come with it
    for record, came in ((claim, True), (claim.attribution, True), (claim.question, True), (made, False)):
        page = client.get(reverse(f"admin:claims_{record._meta.model_name}_change", args=[record.pk]))
        assert (link in page.content.decode()) is came, record


def test_an_import_is_taken_back_with_a_reason() -> None:
    client = editor()
    confirmed(client, previewed(client, HEAD + GOOD))
    imported = Import.objects.get()
    page = reverse("admin:claims_import_change", args=[imported.pk])
    assert "Take the import back" in client.get(page).content.decode()
    undo = reverse("admin:claims_import_undo", args=[imported.pk])
    assert client.post(undo, {}).context["form"].errors
    told = client.post(undo, {"change_reason": "The wrong file"}, follow=True).content.decode()
    assert "This import was taken back." in told
    assert not Claim.objects.current().exists()


def test_the_pages_are_there_in_arabic() -> None:
    client = editor()
    client.cookies["django_language"] = "ar"
    with translation.override("en"):  # and back to it
        page = previewed(client, HEAD + GOOD + BAD).content.decode()
    assert 'dir="rtl"' in page
    assert "صفّان" in page
    assert "<b>Where" not in page


class Upload(io.RawIOBase):
    """The body of a form with one file in it, made as it is read."""

    def __init__(self, size: int) -> None:
        self.parts = [
            b"--x\r\nContent-Disposition: form-data; name=file; filename=claims.csv\r\n\r\n",
            *[b"a" * MEGABYTE] * (size // MEGABYTE),
            b"\r\n--x\r\nContent-Disposition: form-data; name=change_reason\r\n\r\nr\r\n--x--\r\n",
        ]
        self.length = sum(map(len, self.parts))

    def read(self, size: int = -1) -> bytes:
        if not self.parts:
            return b""
        first = self.parts.pop(0)
        if 0 <= size < len(first):
            self.parts.insert(0, first[size:])
        return first[:size] if size >= 0 else first


def test_attacks_are_refused_on_the_page() -> None:
    """Each in little memory and a sentence that the form or the preview shows, and nothing is written."""
    client = editor()
    files = [(name, {"file": content}, said) for name, (content, said) in TABLES.items()]
    maps = [(name, {"file": b"answer\nx\n", "map": content}, said) for name, (content, said) in MAPS.items()]
    before = rows()
    for name, given, sentence in [*files, *maps]:
        posted = {kind: SimpleUploadedFile("claims", content) for kind, content in given.items()}
        tracemalloc.start()
        page = client.post(UPLOAD, {**posted, "change_reason": "r"})
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        found = [*page.context["form"].errors.values(), *page.context.get("refused", ())]
        larger = max(map(len, given.values())) > import_previews.MOST_BYTES
        assert page.status_code == 200
        assert ("larger than a megabyte" if larger else sentence) in plain(str(found)), name
        assert most < 40 * MEGABYTE, name
    assert rows() == before


def test_of_a_hundred_megabytes_none_stays_in_memory() -> None:
    client, body = editor(), Upload(100 * MEGABYTE)
    tracemalloc.start()
    page = client.request(
        REQUEST_METHOD="POST",
        PATH_INFO=UPLOAD,
        CONTENT_TYPE="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(body.length),
        **{"wsgi.input": body},
    )
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "larger than a megabyte" in str(page.context["form"].errors)
    assert most < 16 * MEGABYTE
