"""Opens pages in a browser: every console message, error, dialog and request fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PAGES = Path(os.environ.get("REPORT_PAGES", ".build/browser/pages")).resolve()
Open = Callable[..., Page]
PATIENCE = 300_000
"""The maximum wait in milliseconds. No page needs so much time, however busy the machine is."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


class Reader:
    """A browser window. `complaints` lists messages, errors, dialogs, and requests for anything else."""

    def __init__(self, browser: Browser, base: str, *others: str, **options: Any) -> None:
        self.complaints: list[str] = []
        self._base = base
        self._allowed = (base, *others)
        self._context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        self._context.set_default_timeout(PATIENCE)
        self._context.on("request", self._check)
        self._context.on("console", lambda message: self.complaints.append(f"console: {message.text}"))
        self._context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))
        self._context.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        self._page = self._context.new_page()

    def open(self, name: str) -> Page:
        """Open a page below the base URL."""
        self._page.goto(self._base + name)
        return self._page

    def close(self) -> None:
        """Close the window."""
        self._context.close()

    def _check(self, request: Any) -> None:
        if not request.url.startswith(self._allowed):
            self.complaints.append(f"request: {request.url}")


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Yield a function that opens a page by name, with a fragment and options of a browser context."""
    readers: list[Reader] = []

    def open_page(name: str, fragment: str = "", **options: Any) -> Page:
        readers.append(Reader(browser, f"{PAGES.as_uri()}/", **options))
        return readers[-1].open(f"{name}.html{fragment}")

    yield open_page
    for each in readers:
        each.close()
    assert [line for each in readers for line in each.complaints] == []
