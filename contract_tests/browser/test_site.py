"""The docs site in a browser: every page once, and one page of each kind in each size and colour scheme."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from conftest import Reader
from playwright.sync_api import Browser, expect

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("SITE", ROOT / ".build" / "site")).resolve()
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
KINDS = ("index.html", "gate.html", "reference/report.html")
"""One page of each kind."""
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
LINKS = "() => [...document.links].map((each) => each.href)"
IDS = "() => [...document.querySelectorAll('[id], a[name]')].map((each) => each.id || each.name)"
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


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


def _reader(browser: Browser, url: str, **options: Any) -> Reader:
    return Reader(browser, url, "data:", "blob:", **options)


def test_every_link_has_a_target_and_no_page_is_too_wide_or_requests_another_host(
    browser: Browser, url: str
) -> None:
    reader = _reader(browser, url, viewport=PHONE)
    links, ids, wide = {}, {}, []
    for name in PAGES:
        page = reader.open(name)
        links[name], ids[name] = page.evaluate(LINKS), {*page.evaluate(IDS)}
        if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
            wide.append(name)
    dead = []
    for name, found in links.items():
        for address, anchor in map(urldefrag, found):
            target = address.removeprefix(url) or "index.html"
            is_ours, known = address.startswith(url), ids.get(target)
            if is_ours and (known is None or (anchor and unquote(anchor) not in known)):
                dead.append((name, target, anchor))
    assert (dead, wide, reader.complaints) == ([], [], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_reports_no_violation_in_one_page_of_each_kind(
    browser: Browser, url: str, scheme: str, size: Any
) -> None:
    reader = _reader(browser, url, viewport=size, color_scheme=scheme)
    for name in KINDS:
        page = reader.open(name)
        page.evaluate(AXE)
        found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        assert [(name, each["id"], each["nodes"][0]["html"][:200]) for each in found] == []


def test_the_search_finds_a_public_name_and_opens_its_section(browser: Browser, url: str) -> None:
    page = _reader(browser, url).open("index.html")
    page.locator("dialog").wait_for(state="attached")  # the index is loaded
    page.get_by_role("button", name="Search").click()
    page.get_by_role("combobox").fill("retrieve_many")
    page.get_by_role("option").filter(has_text="retrieve_many").first.click()
    expect(page).to_have_url(
        re.compile(r"reference/client\.html.*#bluejay_results\.BluejayClient\.retrieve_many")
    )
