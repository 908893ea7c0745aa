"""A headless Chromium for tests of pages, driven by Debian's own driver; nothing is downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

SWITCHES = (
    "headless=new", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
    "disable-component-update", "disable-sync", "disable-dev-shm-usage", "force-color-profile=srgb", "hide-scrollbars",
)  # fmt: skip
ABSENT = "Chromium and its driver are not installed, on Debian: apt-get install chromium chromium-driver"


@contextmanager
def chromium(profile: Path, *, width: int = 1280, height: int = 900, dark: bool = False) -> Iterator[Chrome]:
    """A browser whose pages are `width` by `height` CSS pixels, with a fresh profile in the given folder.

    Skips the calling test where Chromium is not installed; fails it in CI.
    """
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (program and driver):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(ABSENT)
    options = ChromeOptions()
    options.binary_location = program
    for switch in (*SWITCHES, f"user-data-dir={profile}"):
        options.add_argument(f"--{switch}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(service=Service(driver), options=options)
    try:
        # A window cannot be made as narrow as a telephone; the page in it can.
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        yield browser
    finally:
        browser.quit()


def violations(browser: Chrome) -> list[str]:
    """What the browser refused to load or run since it was last asked, by the page's Content-Security-Policy."""
    messages = (str(entry["message"]) for entry in browser.get_log("browser"))  # type: ignore[no-untyped-call]
    return [message for message in messages if "Content Security Policy" in message or "Refused to" in message]
