"""HTML pages with every section, and pages with sentences that these lack; `pages.yaml` lists them."""

from collections.abc import Iterator
from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.gate import Rules, gate
from bluejay_results.gate.verdict import NoVerdict, Verdict
from bluejay_results.report import html_report
from bluejay_results.report.page import page

from ..report import pages as of_report
from ..report.pages import clinic
from .notation import cases
from .situations import WORDS


def pages() -> Iterator[tuple[str, str]]:
    """Yield the name of each page, and its body; the style and the script are in other kept pages."""
    for name, made in cases("pages.yaml", WORDS | vars(of_report) | globals()).items():
        head, _, body = made.decode().partition("<style>")
        kept = head.partition("<title>")[2] + body.partition("</style>")[2]
        yield f"pages/{name}.html", kept.rpartition("<script>")[0]


def page_of(run: SimulationRun, **rules: Any) -> bytes:
    return html_report(run, Rules(**rules))


def page_of_all(*runs: SimulationRun, **rules: Any) -> bytes:
    return page(gate(runs, Rules(**rules)), name="nightly")


def no_verdict() -> bytes:
    return page(Verdict(failures=(NoVerdict(3, "404: There is no such run."),)))


def compared(base: SimulationRun, run: SimulationRun) -> bytes:
    return html_report(run, base=base)


def with_links(run: SimulationRun) -> bytes:
    return html_report(run, with_links=True)


def every_section() -> bytes:
    """A page with limits, a comparison and a history, whose oldest run has no conversations."""
    rates: list[dict[int, float]] = [{}, {104: 1.0, 105: 1.0, 106: 0.9}, {104: 0.0, 105: 0.5, 106: 1.0}]
    runs = [
        clinic(f"{48210 + day}", f"2026-11-{16 + day}T09:00:00Z", by_caller, 3, void=0.2)
        for day, by_caller in enumerate(rates)
    ]
    rules = Rules(require=["p90(latency.p95) <= 1500 ms", "mean(politeness) >= 4"])
    return html_report(runs[-1], rules, base=runs[1], history=runs, with_links=True)
