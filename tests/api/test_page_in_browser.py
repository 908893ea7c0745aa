"""The page to try the API works in a browser under our policy: a list is read, and a record changed, in a session."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from claims.permissions import Role
from tests import factories as make
from tests.chromium import chromium, violations


def ask(browser: Any, operation: str, **typed: str) -> tuple[str, str]:
    """Open an operation, fill its form in, send it, and read status and answer."""
    browser.execute_script(f"document.getElementById('{operation}').open = true")
    box = browser.find_element(By.ID, operation)
    for name, text in typed.items():
        field = box.find_element(By.CSS_SELECTOR, f"[id$='-{name.replace('_', '-')}']")
        browser.execute_script("arguments[0].value = arguments[1]", field, text)
    browser.execute_script("arguments[0].requestSubmit()", box.find_element(By.CSS_SELECTOR, "form"))
    answer = box.find_element(By.CSS_SELECTOR, "[data-answer]")
    WebDriverWait(browser, 10).until(lambda _browser: answer.find_element(By.CLASS_NAME, "api-status").text)
    return answer.find_element(By.CLASS_NAME, "api-status").text, answer.find_element(By.TAG_NAME, "code").text


@pytest.mark.django_db(transaction=True)
def test_a_list_is_read_and_a_record_changed(live_server: Any, tmp_path: Path) -> None:
    topic = make.make_topic(name="al-Waer")
    client = Client()
    client.force_login(make.make_user(Role.EDITOR))
    with chromium(tmp_path) as browser:
        browser.get(f"{live_server.url}/sign-in/")
        browser.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value})
        browser.get(f"{live_server.url}/api/")
        status, answer = ask(browser, "list_topics", size="5")
        assert status.startswith("200")
        assert '"name": "al-Waer"' in answer
        body = '{"note": "from the page", "reason": "Tried – جُرّب"}'
        status, _answer = ask(browser, "change_topic", uid=str(topic.uid), If_Match='"1"', body=body)
        assert status.startswith("200")
        status, answer = ask(browser, "read_topic", uid=str(topic.uid), If_None_Match="")
        assert '"note": "from the page"' in answer
        assert violations(browser) == []
    topic.refresh_from_db()
    assert (topic.version, topic.note) == (2, "from the page")
