"""The docs site, opened in a browser.

Every page is opened once, and the tests judge what the browser found there. One page of each kind is also
judged in each size and colour scheme.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from conftest import Reader, launched
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
WHOLE_PAGE = "axe.run({resultTypes: ['violations']})"
ABOUT_LOOKS = "['color-contrast', 'link-in-text-block']"
ARTICLE = f"""() => {{
    const rules = Object.fromEntries({ABOUT_LOOKS}.map((rule) => [rule, {{enabled: false}}]));
    return axe.run("article", {{resultTypes: ["violations"], rules}});
}}"""
LOOKS = """(scheme) => {
    document.body.dataset.mdColorSwitching = ""; // stops transitions between colours, as the theme does
    document.body.dataset.mdColorScheme = scheme;
    const kinds = new Map();
    for (const element of document.querySelectorAll("article *")) {
        if (!element.checkVisibility()) continue;
        if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
        const {color, fontSize, fontWeight} = getComputedStyle(element);
        const looks = [element.tagName, color, fontSize, fontWeight];
        for (let each = element; each; each = each.parentElement) {
            const {backgroundColor, opacity} = getComputedStyle(each);
            const isPlain = backgroundColor === "rgba(0, 0, 0, 0)" && opacity === "1";
            if (!isPlain) looks.push(backgroundColor, opacity);
        }
        kinds.set(looks.join(), element);
    }
    return axe.run({include: [...kinds.values()]}, {resultTypes: ["violations"], runOnly: RULES});
}""".replace("RULES", ABOUT_LOOKS)
"""Judges one text of each appearance, because axe takes many seconds for all texts of a long page."""


@dataclass(frozen=True)
class Seen:
    """What the browser found on a page."""

    axe: list[str]
    links: list[str]
    ids: set[str]
    phone_width: int
    complaints: list[str]


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


def _found(result: Any) -> list[str]:
    return [f"{each['id']}: {node['html'][:200]}" for each in result["violations"] for node in each["nodes"]]


def _read(reader: Reader, name: str) -> Seen:
    page = reader.open(name)
    page.evaluate(AXE)
    found = _found(page.evaluate(ARTICLE))
    for scheme in ("default", "slate"):
        found += _found(page.evaluate(LOOKS, scheme))
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(DESKTOP)
    complaints, reader.complaints = reader.complaints, []
    return Seen(found, page.evaluate(LINKS), set(page.evaluate(IDS)), width, complaints)


def _read_all(url: str, names: list[str]) -> dict[str, Seen]:
    with launched() as browser:
        reader = _reader(browser, url)
        return {name: _read(reader, name) for name in names}


@pytest.fixture(scope="session")
def seen(url: str) -> dict[str, Seen]:
    """Read all pages, in two browsers at once."""
    with ThreadPoolExecutor() as pool:
        first, second = pool.map(partial(_read_all, url), (PAGES[::2], PAGES[1::2]))
    return first | second


def test_axe_reports_no_violation_in_any_article(seen: dict[str, Seen]) -> None:
    assert {name: page.axe for name, page in seen.items() if page.axe} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_reports_no_violation_in_one_page_of_each_kind(
    browser: Browser, url: str, scheme: str, size: Any
) -> None:
    reader = _reader(browser, url, viewport=size, color_scheme=scheme)
    found = {}
    for name in KINDS:
        page = reader.open(name)
        page.evaluate(AXE)
        found[name] = _found(page.evaluate(WHOLE_PAGE))
    assert {name: each for name, each in found.items() if each} == {}


def test_no_page_writes_to_the_console_or_requests_another_host(seen: dict[str, Seen]) -> None:
    assert {name: page.complaints for name, page in seen.items() if page.complaints} == {}


def test_no_page_is_wider_than_a_phone(seen: dict[str, Seen]) -> None:
    assert {name for name, page in seen.items() if page.phone_width > PHONE["width"]} == set()


def test_every_link_has_a_target(seen: dict[str, Seen], url: str) -> None:
    dead = []
    for name, page in seen.items():
        for address, anchor in map(urldefrag, page.links):
            target = address.removeprefix(url) or "index.html"
            if address.startswith(url):
                is_there = target in seen and (not anchor or unquote(anchor) in seen[target].ids)
                dead += [] if is_there else [(name, target, anchor)]
    assert dead == []


def test_the_search_finds_a_public_name_and_opens_its_section(browser: Browser, url: str) -> None:
    reader = _reader(browser, url)
    page = reader.open("index.html")
    page.locator("dialog").wait_for(state="attached")  # the index is loaded
    page.get_by_role("button", name="Search").click()
    page.get_by_role("combobox").fill("retrieve_many")
    page.get_by_role("option").filter(has_text="retrieve_many").first.click()
    expect(page).to_have_url(
        re.compile(r"reference/client\.html.*#bluejay_results\.BluejayClient\.retrieve_many")
    )
    assert reader.complaints == []
