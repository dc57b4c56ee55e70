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
LIGHT_PAGES = [name for name in NAMES if name not in {"large", "10000", "megabyte", "kit/large"}]
WIDTHS = (320, 375, 390, 600, 768, 1024, 1280, 1920, 2560)
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


def open_all(page: Page) -> None:
    """Open the first 15 conversations, and the folded list."""
    page.evaluate(
        "[...document.querySelectorAll('details')].slice(0, 15).forEach((each) => (each.open = true));"
        "document.querySelectorAll('.passed').forEach((each) => (each.open = true))"
    )


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        *((name, "light") for name in LIGHT_PAGES),
        ("settled", "dark"),
        ("compared", "dark"),
        ("kit/faults", "dark"),
    ],
)
def test_axe_reports_no_violation_in_a_page_with_open_conversations(
    visit: Open, name: str, scheme: str
) -> None:
    page = visit(name, color_scheme=scheme)
    open_all(page)
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_page_scrolls_sideways_at_any_width(visit: Open, name: str) -> None:
    page = visit(name)
    if name in LIGHT_PAGES:
        open_all(page)
    widths = WIDTHS if name in LIGHT_PAGES else (WIDTHS[0], WIDTHS[-1])
    wide = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        wide.append(page.evaluate("document.documentElement.scrollWidth"))
    assert wide == list(widths)


@pytest.mark.parametrize("name", ["settled", "compared", "unknown", "history", "several", "kit/faults"])
def test_lines_are_broken_only_between_words_on_a_phone(visit: Open, name: str) -> None:
    page = visit(name, viewport={"width": 390, "height": 800})
    open_all(page)
    assert page.evaluate(SPLIT_WORDS) == []


@pytest.mark.parametrize(
    "name", ["empty", "settled", "unknown", "compared", "large", "history", "few", "kit/faults"]
)
def test_the_first_screen_of_a_report_fits_into_1280_by_800_pixels(visit: Open, name: str) -> None:
    box = visit(name).locator(".overview").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800


def test_each_decision_has_its_own_mark_and_colour(visit: Open) -> None:
    found = {}
    for name in ("ship", "bad", "few"):
        heading = visit(name).get_by_role("heading", level=1)
        expect(heading.locator("svg")).to_be_visible()
        found[heading.inner_text().strip()] = heading.evaluate("each => getComputedStyle(each).color")
    assert [*found] == ["Ship", "Don't ship", "Inconclusive"]
    assert len({*found.values()}) == 3


def test_a_conversation_on_the_first_screen_can_be_opened_with_the_keyboard(visit: Open) -> None:
    page = visit("settled")
    link = page.locator(".overview .first a").first
    while not link.evaluate("each => each === document.activeElement"):
        page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    opened = page.locator(link.get_attribute("href") or "")
    expect(opened).to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Space")
    assert not opened.evaluate("each => each.open")


def test_a_link_opens_a_conversation_even_if_the_list_is_folded(visit: Open) -> None:
    page = visit("bad")
    page.locator(".callers a.p").first.click()
    expect(page.locator(".passed")).to_have_attribute("open", "")
    expect(page.locator(".passed .c[open] .full").first).to_be_visible()


def test_a_page_opens_the_conversation_whose_id_is_in_the_url_fragment(visit: Open) -> None:
    page = visit("settled", "#c482130001")
    expect(page.locator("#c482130001 .full")).to_be_visible()


def test_every_conversation_can_be_opened_without_javascript(visit: Open) -> None:
    page = visit("settled", java_script_enabled=False)
    expect(page.locator(".overview").first).to_be_visible()
    assert page.locator(".c").count() == 15
    page.locator("#c482130003 > summary").click()
    expect(page.locator("#c482130003")).to_contain_text("No emergency slot was offered")


@pytest.mark.parametrize("name", ["hostile", "kit/hostile"])
def test_received_html_is_shown_as_text(visit: Open, name: str) -> None:
    page = visit(name)
    open_all(page)
    assert page.locator("h1").count() == 1
    assert page.locator("img, iframe, object, form").count() == 0
    targets = page.evaluate("[...document.links].map((each) => each.protocol)")
    assert set(targets) <= {"https:", "file:"}
    text = page.evaluate("document.documentElement.textContent")
    assert not {"\u202e", "\u2066", "\u200f", "\x00", "\x07", "\x1b", "\ufffd"} & set(text)
    assert "<script>pwned()</script>" in text
    assert "{{ 7 * 7 }}" in text


@pytest.mark.parametrize("name", ["settled", "compared", "kit/faults"])
def test_a_page_is_printed_in_light_colours_and_fits_on_a4(visit: Open, name: str) -> None:
    page = visit(name, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    page.set_viewport_size({"width": 672, "height": 1000})  # A4 without its margins, at 96 dpi
    assert page.evaluate("document.documentElement.scrollWidth") == 672
    data = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.9" in data or b"/MediaBox [0 0 595" in data


def test_the_colours_follow_the_dark_or_light_scheme_of_the_system(visit: Open) -> None:
    colors = {
        scheme: visit("settled", color_scheme=scheme).evaluate(
            "getComputedStyle(document.documentElement).backgroundColor"
        )
        for scheme in ("light", "dark")
    }
    assert colors == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 28)"}


CUT_OFF = """
() => [...document.querySelectorAll("body *")]
  .filter((each) => each.clientWidth && getComputedStyle(each).overflowX !== "visible")
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.outerHTML.slice(0, 200))
"""
"""Returns the elements whose content is wider than the element, so that a part of it is cut off."""


@pytest.mark.parametrize("name", ["ship", "bad", "few", "compared", "history", "several", "kit/faults"])
def test_nothing_is_cut_off_on_a_phone(visit: Open, name: str) -> None:
    page = visit(name, viewport={"width": 390, "height": 800})
    open_all(page)
    assert page.evaluate(CUT_OFF) == []


def shown(page: Page) -> list[str]:
    """Return the ids of the conversations that are displayed in the list."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('.c')].filter((each) => each.checkVisibility()).map((each) => each.id)"
    )
    return found


def test_conversations_can_be_filtered_by_outcome_caller_and_text(visit: Open) -> None:
    page = visit("bad")
    everything = page.locator(".c").count()
    outcome, caller, text = (page.locator(f".filter [name={each}]") for each in ("outcome", "caller", "text"))
    outcome.select_option("unknown")
    assert {page.locator(f"#{each}").get_attribute("data-outcome") for each in shown(page)} == {"q"}
    outcome.select_option("passed")  # opens the folded list
    caller.fill("103")
    assert {page.locator(f"#{each}").get_attribute("data-caller") for each in shown(page)} == {"103"}
    expect(page.locator(".filter output")).to_have_text(f"{len(shown(page))} of {everything} shown")
    outcome.select_option("")
    caller.fill("")
    text.fill("INSURANCE number")
    assert shown(page)
    assert [each for each in shown(page) if "insurance" not in page.locator(f"#{each}").inner_text()] == []
    text.fill("")
    assert page.locator(".c[hidden]").count() == 0


def test_the_filter_needs_scripts_and_is_not_printed(visit: Open) -> None:
    assert not visit("bad", java_script_enabled=False).locator(".filter").is_visible()
    page = visit("bad")
    page.locator(".filter [name=caller]").fill("nobody")
    page.emulate_media(media="print")
    assert not page.locator(".filter").is_visible()
    assert page.locator(".c").first.is_visible()


def test_without_javascript_a_link_on_the_first_screen_opens_the_fault(visit: Open) -> None:
    page = visit("kit/faults", java_script_enabled=False)
    returned = page.get_by_text("The client returned")
    assert not returned.first.is_visible()
    page.locator(".overview .first a").first.click()
    expect(returned.first).to_be_visible()
