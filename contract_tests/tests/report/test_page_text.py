"""The text and the shapes of a page with every section: `page.txt`, which `make findings` writes."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from bluejay_results.compare import compare
from bluejay_results.gate import Rules
from bluejay_results.gate.figure_rule import parse_rule
from bluejay_results.report import html_report

from .pages import clinic
from .test_page import Parsed

TEXT = Path(__file__).with_name("page.txt")
RULES = Rules(require=(parse_rule("p90(latency.p95) <= 1500 ms"), parse_rule("mean(politeness) >= 4")))
SHAPES = {"circle", "line", "rect"}
PLACES = {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "width", "height", "href"}


def text() -> str:
    """Return the page's text, the shapes of its charts, and its links.

    The oldest run has no conversations.
    """
    days = [(f"{48209 + day}", f"2026-11-{15 + day}T09:00:00Z") for day in range(4)]
    rates: list[dict[int, float]] = [{}]
    rates += [{104: 1.0, 105: 1.0, 106: 0.9}, {104: 1.0, 105: 0.5, 106: 0.9}, {104: 0.0, 105: 0.5, 106: 1.0}]
    runs = [clinic(id_, at, by_caller, 3, void=0.2) for (id_, at), by_caller in zip(days, rates, strict=True)]
    comparison = compare(runs[1], runs[-1])
    page = html_report(runs[-1], RULES, comparison=comparison, history=runs, with_links=True)
    parsed = Parsed(page.decode())
    lines = [" ".join(each.split()) for each in parsed.texts]
    return "\n".join([*filter(None, lines), *_shapes(parsed), ""])


def _shapes(page: Parsed) -> Iterator[str]:
    """Yield the links and the places of neighbouring shapes of a kind."""
    placed = [each for each in page.attributes if each[0] in {*SHAPES, "a"} and each[1] in PLACES]
    for tag, attributes in groupby(placed, lambda each: each[0]):
        yield " ".join([tag, *(f"{name}={value}" for _, name, value in attributes)])


def test_a_page_has_the_expected_text() -> None:
    assert text().splitlines() == TEXT.read_text().splitlines()


if __name__ == "__main__":
    TEXT.write_text(text())
