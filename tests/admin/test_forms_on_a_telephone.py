"""The editors' forms on a telephone: every field can be seen and written in, in both directions."""

from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome

from claims.models import Record, User
from tests.admin.world import make_world
from tests.chromium import chromium

WIDTH = 390
# A short word, and a tick.
LEAST = {"text": 70, "other": 10}
OUT_OF_PLACE = f"""
    const aside = '.empty-form, .select2-container, .select2-hidden-accessible';
    const shown = each => each.checkVisibility() && !each.closest(aside);
    const box = each => each.getBoundingClientRect();
    const named = each => [each.name || each.textContent.trim(), box(each).left, box(each).right].join(' ');
    return [...document.querySelectorAll('#content :is(input, select, textarea, button):not([type=hidden])')]
        .filter(shown)
        .filter(each => {{
            const least = each.matches('.vTextField, textarea, .vURLField') ? {LEAST["text"]} : {LEAST["other"]};
            return box(each).width < least || box(each).left < 0 || box(each).right > {WIDTH};
        }}).map(named);
"""


@pytest.fixture
def telephone(tmp_path: Path) -> Iterator[Chrome]:
    with chromium(tmp_path, width=WIDTH) as started:
        yield started


def sign_in(browser: Chrome, live_server: LiveServer, client: Client, language: str) -> None:
    browser.get(f"{live_server.url}/admin/login/")
    for name, value in (("sessionid", client.cookies["sessionid"].value), ("django_language", language)):
        browser.add_cookie({"name": name, "value": value})


def pages(records: dict[str, Record], client: Client) -> Iterator[str]:
    """The way in for files, and of each kind of record the form to add one and the form of one that there is."""
    yield reverse("admin:claims_import_upload")
    for name, record in records.items():
        with suppress(NoReverseMatch):
            forms = reverse(f"admin:claims_{name}_add"), reverse(f"admin:claims_{name}_change", args=[record.pk])
            yield from (form for form in forms if client.get(form).status_code == HTTPStatus.OK)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_field_of_a_form_can_be_written_in(live_server: LiveServer, telephone: Chrome, language: str) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("administrator"))
    sign_in(telephone, live_server, client, language)
    wrong: dict[str, list[str]] = {}
    for page in pages(make_world(), client):
        telephone.get(live_server.url + page)
        if out_of_place := telephone.execute_script(OUT_OF_PLACE):
            wrong[page] = out_of_place
    assert not wrong
