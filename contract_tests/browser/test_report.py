"""The report of a run, opened in a browser.

`visit` fails each test whose page writes to the console, raises an error or sends a request.
"""

from __future__ import annotations

from importlib.resources import files

import pytest
from conftest import PAGES, Open
from playwright.sync_api import Page, expect

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))
LIGHT_PAGES = [name for name in NAMES if name not in {"large", "10000", "megabyte"}]
WIDTHS = (320, 375, 600, 768, 1024, 1280, 1920, 2560)
VISIBLE = "#list > tbody"


def rows(page: Page) -> int:
    return int(page.locator(VISIBLE).count())


def open_all(page: Page) -> None:
    """Open the first 15 conversations."""
    page.evaluate(
        "[...document.querySelectorAll('details')].slice(0, 15).forEach((each) => (each.open = true))"
    )


def state(page: Page) -> str:
    return str(page.locator("#state").inner_text())


def fragment(page: Page) -> str:
    return str(page.evaluate("decodeURIComponent(location.hash)"))


@pytest.mark.parametrize(
    ("name", "scheme"), [*((name, "light") for name in LIGHT_PAGES if name != "bad"), ("settled", "dark")]
)
def test_axe_finds_nothing_with_conversations_open(visit: Open, name: str, scheme: str) -> None:
    page = visit(name, color_scheme=scheme)
    open_all(page)
    expect(page.locator("details[data-filled=yes]")).to_have_count(0)
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


@pytest.mark.parametrize("name", ["empty", "settled", "doubt", "compared", "large", "history"])
def test_the_first_screen_fits_1280_by_800(visit: Open, name: str) -> None:
    box = visit(name).locator("#first").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800


def test_filters_show_their_state_in_words_and_in_the_fragment(visit: Open) -> None:
    page = visit("settled")
    page.get_by_role("combobox", name="Outcome").select_option("failed")
    page.get_by_role("textbox", name="Caller").fill("57")
    page.get_by_role("searchbox", name="Text").fill("EMERGENCY")
    assert state(page) == "1 of 15: failed, caller 57, with the text “EMERGENCY”; the worst first"
    assert fragment(page) == "#show=f&caller=57&text=EMERGENCY"
    assert rows(page) == 1


def test_a_fragment_restores_filters_and_order(visit: Open) -> None:
    page = visit("settled", "#show=failed&sort=-p95")
    assert state(page) == "4 of 15: failed; sorted by p95, highest first"
    assert page.locator(VISIBLE).first.get_attribute("id") == "c482130003"


def test_show_all_removes_every_filter(visit: Open) -> None:
    page = visit("settled", "#show=failed&text=nothing+has+this")
    assert rows(page) == 0
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("#state")).to_have_text("15 of 15 conversations; the worst first")


def test_a_column_can_be_sorted_by_keyboard_and_announces_its_order(visit: Open) -> None:
    page = visit("settled")
    button = page.get_by_role("button", name="Duration")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Duration, s")
    assert page.locator(VISIBLE).first.get_attribute("id") == "c482130003"
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Duration, s")


def test_the_keyboard_alone_opens_a_conversation_from_the_first_screen(visit: Open) -> None:
    page = visit("settled")
    link = page.locator("#first .first a").first
    while not link.evaluate("each => each === document.activeElement"):
        page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    opened = page.locator("#c482130003 details")
    expect(opened).to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Space")
    assert not opened.evaluate("each => each.open")


def test_a_link_opens_a_conversation_that_a_filter_hides(visit: Open) -> None:
    page = visit("settled", "#show=passed")
    page.locator("#first .first a").first.click()
    expect(page.locator("#c482130003 .full")).to_be_visible()


def test_the_compressed_details_of_a_passed_conversation_can_be_opened(visit: Open) -> None:
    page = visit("settled")
    assert page.locator("#c482130001 .full").count() == 0
    page.locator("#c482130001 summary").click()
    expect(page.locator("#c482130001 .full")).to_contain_text("Goal reached")
    assert page.locator("#c482130001 .full").count() == 1


def test_without_script_every_failed_or_doubtful_conversation_opens(visit: Open) -> None:
    page = visit("settled", java_script_enabled=False)
    expect(page.locator("#first")).to_be_visible()
    expect(page.locator("form")).to_be_hidden()
    expect(page.locator("noscript")).to_be_visible()
    assert rows(page) == 15
    for kind in "fdv":
        of_kind = page.locator(f"tbody[data-o={kind}]")
        assert of_kind.locator("details .full").count() == of_kind.count() > 0
    page.locator("#c482130003 summary").click()
    expect(page.locator("#c482130003")).to_contain_text("No emergency slot was offered")


def test_hostile_text_is_shown_as_text(visit: Open) -> None:
    page = visit("hostile")
    open_all(page)
    page.wait_for_selector("tbody[data-pack] .full")
    assert page.locator("h1").count() == 1
    assert page.locator("img, iframe, object, form:not(#filter)").count() == 0
    targets = page.evaluate("[...document.links].map((each) => each.protocol)")
    assert set(targets) <= {"https:", "file:"}
    text = page.evaluate("document.documentElement.textContent")
    assert not {"\u202e", "\u2066", "\u200f", "\x00", "\x07", "\x1b", "\ufffd"} & set(text)
    assert "<script>pwned()</script>" in text
    assert "{{ 7 * 7 }}" in text


@pytest.mark.parametrize("name", ["settled", "compared"])
def test_a_page_prints_light_on_a4_and_without_controls(visit: Open, name: str) -> None:
    page = visit(name, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.locator("form")).to_be_hidden()
    page.set_viewport_size({"width": 672, "height": 1000})  # A4 less its margins, at 96 dpi
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


def test_ten_thousand_conversations_are_paged_and_filters_search_all_pages(visit: Open) -> None:
    page = visit("10000")
    assert rows(page) == 500
    page.get_by_role("button", name="Show 500 more").click()
    assert rows(page) == 1000
    page.get_by_role("combobox", name="Outcome").select_option("failed")
    expect(page.locator("#state")).to_have_text("1,000 of 10,000: failed; the worst first")
    page.get_by_role("combobox", name="Outcome").select_option("passed")
    page.get_by_role("button", name="Conversation").click()
    expect(page.locator("#state")).to_contain_text("sorted by Conversation, highest first")
    page.locator(VISIBLE).first.locator("summary").click()
    expect(page.locator(f"{VISIBLE} .full").first).to_contain_text("p95 1900 ms")
