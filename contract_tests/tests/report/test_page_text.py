"""The text of a page with every section: `page.txt`, which `make findings` writes."""

from pathlib import Path

from bluejay_results.gate import MetricRule, Operator, Rules, gate
from bluejay_results.report import comparison_with, html_report

from .pages import clinic
from .test_page import Parsed, unpacked

TEXT = Path(__file__).with_name("page.txt")
RULES = Rules(max_latency={"p95": 1500}, metrics=(MetricRule("politeness", Operator.AT_LEAST, 4.0),))


def text() -> str:
    """Return the page's text, a line for each element, and then the details of conversations that passed."""
    days = [(f"{48210 + day}", f"2026-11-{16 + day}T09:00:00Z") for day in range(3)]
    rates = [{104: 1.0, 105: 1.0, 106: 0.9}, {104: 1.0, 105: 0.5, 106: 0.9}, {104: 0.0, 105: 0.5, 106: 1.0}]
    runs = [clinic(id_, at, by_caller, 3, void=0.2) for (id_, at), by_caller in zip(days, rates, strict=True)]
    verdicts = [gate(run, RULES) for run in runs]
    made = html_report(
        verdicts[-1], RULES, comparison=comparison_with(verdicts), history=verdicts, with_links=True
    )
    page = made.decode()
    lines = [" ".join(each.split()) for each in Parsed(page).texts]
    details = [" ".join(" ".join(Parsed(each).texts).split()) for each in unpacked(page).values()]
    return "\n".join([*filter(None, lines), *details, ""])


def test_a_page_has_the_expected_text() -> None:
    assert text().splitlines() == TEXT.read_text().splitlines()


if __name__ == "__main__":
    TEXT.write_text(text())
