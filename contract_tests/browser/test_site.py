"""The docs site, as a reader meets it in a browser.

Every page is opened on a phone and on a desktop, in light and in dark. The tests judge what was seen there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from conftest import PATIENCE
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("SITE", ROOT / ".build" / "site")).resolve()
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
KINDS = ("index.html", "ci.html", "command.html", "reference/client.html", "reference/contract.html")
"""One page of each kind."""
SURFACE = ROOT / "contract_tests" / "tests" / "structure" / "public_surface.txt"
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
LINKS = "() => [...document.links].map((each) => each.href)"
IDS = "() => [...document.querySelectorAll('[id], a[name]')].map((each) => each.id || each.name)"


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Print nothing."""


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """Serve the site on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(SITE))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Reader:
    """One browser window, and everything in it that a reader should not meet."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.url = url
        self.complaints: list[str] = []
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.on("request", self._check)
        context.on("console", lambda message: self.complaints.append(f"console: {message.text}"))
        context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))
        self.page = context.new_page()

    def open(self, name: str) -> Page:
        """Open a page of the site."""
        self.page.goto(self.url + name)
        return self.page

    def found_by_axe(self) -> list[str]:
        """Return what axe finds on the page."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"][:3]]

    def _check(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"request: {request.url}")


@pytest.fixture(scope="session")
def seen(browser: Browser, url: str) -> dict[str, dict[str, Any]]:
    """What a reader meets on each page: findings of axe, links, targets of links, and width on a phone."""
    reader, met = Reader(browser, url, viewport=DESKTOP), {}
    for name in PAGES:
        page = reader.open(name)
        met[name] = {"axe": reader.found_by_axe(), "links": page.evaluate(LINKS), "ids": page.evaluate(IDS)}
        page.set_viewport_size(PHONE)
        met[name]["width"] = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size(DESKTOP)
        met[name]["complaints"], reader.complaints[:] = list(reader.complaints), []
    return met


def _each(seen: dict[str, dict[str, Any]], key: str) -> dict[str, Any]:
    return {name: page[key] for name, page in seen.items() if page[key]}


def test_axe_finds_nothing_on_any_page(seen: dict[str, dict[str, Any]]) -> None:
    assert _each(seen, "axe") == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_in_any_scheme_and_size(
    browser: Browser, url: str, scheme: Any, size: Any
) -> None:
    reader = Reader(browser, url, viewport=size, color_scheme=scheme)
    found = {}
    for name in KINDS:
        reader.open(name)
        found[name] = reader.found_by_axe()
    assert {name: each for name, each in found.items() if each} == {}


def test_no_page_writes_to_the_console_or_sends_a_request_to_another_host(
    seen: dict[str, dict[str, Any]],
) -> None:
    assert _each(seen, "complaints") == {}


def test_no_page_is_wider_than_a_phone(seen: dict[str, dict[str, Any]]) -> None:
    assert {name: page["width"] for name, page in seen.items() if page["width"] > PHONE["width"]} == {}


def test_every_link_has_a_target(seen: dict[str, dict[str, Any]], url: str) -> None:
    dead = []
    for name, page in seen.items():
        for link in page["links"]:
            address, anchor = urldefrag(link)
            if address.startswith(url):
                target = address.removeprefix(url) or "index.html"
                ids = seen[target]["ids"] if target in seen else None
                if ids is None or (anchor and unquote(anchor) not in ids):
                    dead.append((name, link))
    assert dead == []


def test_the_reference_names_every_public_name(seen: dict[str, dict[str, Any]]) -> None:
    documented = {anchor for page in seen.values() for anchor in page["ids"]}
    public = {line.partition("(")[0] for line in SURFACE.read_text().splitlines()}
    assert sorted(public - documented) == []


def test_the_search_finds_a_public_name_and_opens_it(browser: Browser, url: str) -> None:
    reader = Reader(browser, url, viewport=DESKTOP)
    page = reader.open("index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("retrieve_many")
    expect(page.get_by_role("link", name="retrieve_many").first).to_be_visible()
    assert reader.complaints == []
