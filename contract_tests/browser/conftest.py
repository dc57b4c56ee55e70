"""Opens pages in a browser: every console message, error, dialog and request fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PAGES = Path(os.environ.get("REPORT_PAGES", ".build/browser/pages")).resolve()
Open = Callable[..., Page]
PATIENCE = 300_000
"""The maximum wait in milliseconds. No page needs so much time, however busy the machine is."""
expect.set_options(timeout=PATIENCE)


def chromium() -> str:
    """Return the path of the browser."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or ""


@contextmanager
def launched() -> Iterator[Browser]:
    """Run the browser; only the thread that starts it may use it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Yield a function that opens a page by name, with a fragment and options of a browser context."""
    complaints: list[str] = []
    contexts = []

    def requested(request: Any) -> None:
        if not request.url.startswith(PAGES.as_uri()):
            complaints.append(f"request: {request.url}")

    def open_page(name: str, fragment: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("request", requested)
        page.goto(f"{(PAGES / name).as_uri()}.html{fragment}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
