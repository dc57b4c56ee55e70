"""The report of a run, and that of the contract kit (the pages `kit/...`), opened in a browser.

`visit` fails each test whose page writes to the console, raises an error or sends a request.
"""

from __future__ import annotations

from importlib.resources import files

import pytest
from conftest import PAGES, Open
from playwright.sync_api import Page, expect

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
NAMES = sorted(f"{path.relative_to(PAGES).with_suffix('')}" for path in PAGES.rglob("*.html"))
LIGHT_PAGES = [name for name in NAMES if name not in {"large", "megabyte", "kit/large"}]
WIDTHS = (320, 390, 768, 1024, 1920)
BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor"
SPLIT_WORDS = """
() => {
  const broken = [];
  for (const each of document.querySelectorAll("body > header, main > section, footer")) {
    const walker = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      for (const word of walker.currentNode.data.matchAll(/[^\\s\\u2010→-]{1,30}/g)) {
        const range = document.createRange();
        range.setStart(walker.currentNode, word.index);
        range.setEnd(walker.currentNode, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
        if (lines.size > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}
"""
"""Returns the words that a line break splits."""
CUT_OFF = """
() => [...document.querySelectorAll("body *")]
  .filter((each) => each.clientWidth && getComputedStyle(each).overflowX !== "visible")
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.outerHTML.slice(0, 200))
"""
"""Returns the elements whose content is wider than the element, so that a part of it is cut off."""
SHOWN = "[...document.querySelectorAll('.c')].filter((each) => each.checkVisibility())"


def open_all(page: Page) -> None:
    """Open the first 15 conversations, and the folded list."""
    page.evaluate(
        "[...document.querySelectorAll('details')].slice(0, 15).forEach((each) => (each.open = true));"
        "document.querySelectorAll('.passed').forEach((each) => (each.open = true))"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", LIGHT_PAGES)
def test_axe_reports_no_violation_in_a_page_with_open_conversations(
    visit: Open, name: str, scheme: str
) -> None:
    page = visit(name, color_scheme=scheme)
    open_all(page)
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_every_screen(visit: Open, name: str) -> None:
    page = visit(name)
    box = page.locator(".overview").first.bounding_box()
    assert name not in {"settled", "compared", "history"} or (box and box["y"] + box["height"] <= 800)
    if name in LIGHT_PAGES:
        open_all(page)
    wide = []
    for width in WIDTHS if name in LIGHT_PAGES else WIDTHS[::4]:
        page.set_viewport_size({"width": width, "height": 800})
        wide.append(page.evaluate("document.documentElement.scrollWidth") - width)
    assert {*wide} == {0}
    if name in {"settled", "compared", "history", "several", "kit/faults"}:
        page.set_viewport_size({"width": 390, "height": 800})
        assert [page.evaluate(each) for each in (SPLIT_WORDS, CUT_OFF)] == [[], []]


def test_a_conversation_on_the_first_screen_can_be_opened_with_the_keyboard(visit: Open) -> None:
    page = visit("settled")
    link = page.locator(".overview .first a").first
    while not link.evaluate("each => each === document.activeElement"):
        page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    opened = page.locator(link.get_attribute("href") or "")
    expect(opened).to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Space")
    assert not opened.evaluate("each => each.open")


def test_a_link_or_a_url_fragment_opens_a_conversation_even_in_the_folded_list(visit: Open) -> None:
    page = visit("bad")
    page.locator(".callers a.p").first.click()
    expect(page.locator(".passed .c[open] .full").first).to_be_visible()
    expect(visit("settled", "#c482130001").locator("#c482130001 .full")).to_be_visible()


def test_without_javascript_everything_can_be_opened_and_no_filter_is_shown(visit: Open) -> None:
    page = visit("settled", java_script_enabled=False)
    expect(page.locator(".overview").first).to_be_visible()
    assert (page.locator(".c").count(), page.locator(".filter").is_visible()) == (15, False)
    page.locator("#c482130003 > summary").click()
    expect(page.locator("#c482130003")).to_contain_text("No emergency slot was offered")
    page = visit("kit/faults", java_script_enabled=False)
    returned = page.get_by_text("The client returned").first
    assert not returned.is_visible()
    page.locator(".overview .first a").first.click()
    expect(returned).to_be_visible()


@pytest.mark.parametrize("name", ["hostile", "kit/hostile"])
def test_received_html_is_shown_as_text(visit: Open, name: str) -> None:
    page = visit(name)
    open_all(page)
    assert page.locator("h1").count() == 1
    assert page.locator("img, iframe, object, form").count() == 0
    targets = page.evaluate("[...document.links].map((each) => each.protocol)")
    assert set(targets) <= {"https:", "file:"}
    assert "<script>pwned()</script>" in page.evaluate("document.documentElement.textContent")


def test_the_colours_follow_the_system_but_a_page_is_printed_in_light_ones_on_a4(visit: Open) -> None:
    assert visit("settled", color_scheme="light").evaluate(BACKGROUND) == "rgb(255, 255, 255)"
    page = visit("compared", color_scheme="dark")
    assert page.evaluate(BACKGROUND) == "rgb(21, 24, 28)"
    page.locator(".filter [name=caller]").fill("nobody")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(BACKGROUND) == "rgb(255, 255, 255)"
    assert not page.locator(".filter").is_visible()
    assert page.locator(".c").first.is_visible()  # the filter doesn't apply
    page.set_viewport_size({"width": 672, "height": 1000})  # A4 without its margins, at 96 dpi
    assert page.evaluate("document.documentElement.scrollWidth") == 672
    data = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.9" in data or b"/MediaBox [0 0 595" in data


def test_conversations_can_be_filtered_by_outcome_caller_and_text(visit: Open) -> None:
    page = visit("bad")
    outcome, caller, text = (page.locator(f".filter [name={each}]") for each in ("outcome", "caller", "text"))
    outcome.select_option("unknown")
    assert page.evaluate(f"[...new Set({SHOWN}.map((each) => each.dataset.outcome))]") == ["q"]
    outcome.select_option("passed")  # opens the folded list
    caller.fill("103")
    assert page.evaluate(f"[...new Set({SHOWN}.map((each) => each.dataset.caller))]") == ["103"]
    left, everything = page.evaluate(f"{SHOWN}.length"), page.locator(".c").count()
    expect(page.locator(".filter output")).to_have_text(f"{left} of {everything} shown")
    outcome.select_option("")
    caller.fill("")
    text.fill("INSURANCE number")
    said = page.evaluate(f"{SHOWN}.map((each) => each.innerText)")
    assert [each for each in said if "insurance" not in each] == [] != said
    text.fill("")
    assert page.locator(".c[hidden]").count() == 0
