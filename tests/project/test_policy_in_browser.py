"""The admin works under the Content-Security-Policy, which does refuse what it should."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.chromium import chromium, violations


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    with chromium(tmp_path) as started:
        yield started


@pytest.mark.django_db(transaction=True)
def test_the_admin_works_and_inline_script_does_not(live_server: LiveServer, browser: Chrome) -> None:
    user = get_user_model().objects.create_superuser("administrator")
    client = Client()
    client.force_login(user)
    browser.get(f"{live_server.url}/admin/login/")
    browser.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value})
    for path in ("/admin/", "/admin/claims/claim/", "/admin/claims/attribution/add/"):
        browser.get(live_server.url + path)
        assert violations(browser) == []
    assert browser.find_elements(By.CSS_SELECTOR, ".select2-container"), "The admin's own script has run."
    browser.execute_script(
        "const script = document.createElement('script'); script.textContent = 'window.ran = true';"
        "document.body.append(script); document.body.setAttribute('style', 'margin: 99px');"
    )
    assert browser.execute_script("return window.ran") is None
    assert len(violations(browser)) == 2
