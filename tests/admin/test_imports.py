"""The import in the admin: previewed, confirmed as it was shown, listed, and taken back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from claims.admin import import_previews
from claims.models import Claim, Import
from claims.permissions import Role
from tests import factories as make
from tests.admin.forms import signed_in
from tests.services.written import nothing_written

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


def test_refused_rows_are_shown_and_left_out_only_where_that_is_said() -> None:
    client = editor()
    page = previewed(client, HEAD + GOOD + BAD)
    assert "is no figure" in page.content.decode()
    with nothing_written():
        confirmed(client, page)
    confirmed(client, page, skip_bad="on")
    assert list(Claim.objects.values_list("external_id", flat=True)) == ["1"]


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
