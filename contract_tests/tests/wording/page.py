"""The texts of the HTML page, one line for each row, paragraph and heading; then its shapes."""

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import groupby

from bluejay_results import SimulationRun
from bluejay_results.compare import compare
from bluejay_results.gate import Rules
from bluejay_results.gate.verdict import Verdict
from bluejay_results.report import html_report
from bluejay_results.report.page import page as page_of_view
from bluejay_results.writing.run_view import RunFacts

from .. import builders
from ..compare.sides import both, side
from ..gate.runs import FAILED, PASSED, UNKNOWN, callers, conversations, run_of
from ..report.pages import AWAITED, LATENCY, clinic
from .layout import Case, laid_out

BLOCKS = {
    "title",
    "h1",
    "h2",
    "p",
    "li",
    "tr",
    "dt",
    "summary",
    "caption",
    "text",
    "svg",
    "details",
    "section",
}
SHAPES = {"circle", "line", "rect"}
PLACES = {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "width", "height"}


class Lines(HTMLParser):
    """The lines of a page's text, and the shapes of its charts."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self.shapes: list[tuple[str, str]] = []
        self._is_code = False
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag in BLOCKS:
            self.lines.append("")
        self.lines[-1] += {"td": " | ", "th": " | ", "dd": ": "}.get(tag, " ")
        self._is_code = tag in {"script", "style"}
        if "aria-label" in named and tag == "svg":
            self.lines[-1] += f"[chart: {named['aria-label']}]"
        if tag in SHAPES:
            self.shapes.append((tag, " ".join(f"{each}={named[each]}" for each in named if each in PLACES)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._is_code = False
        if tag in BLOCKS - {"dt"}:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self._is_code:
            self.lines[-1] += data

    def told(self) -> Iterator[str]:
        """Yield the lines, then the places of neighbouring shapes of a kind."""
        yield from (" ".join(each.split()).removeprefix("| ").replace(" : ", ": ") for each in self.lines)
        for tag, shapes in groupby(self.shapes, lambda each: each[0]):
            yield f"{tag}s: {', '.join(places for _, places in shapes)}"


def pages() -> Iterator[str]:
    """Yield the texts of a page with every section, and of pages with other sentences."""
    yield from laid_out(_cases())


def _cases() -> Iterator[Case]:
    for name, page in {
        "every section": _with_every_section(),
        "few callers and confident": html_report(conversations(10), Rules(confident=True)),
        "one conversation each": html_report(callers(*[(1, 0)] * 3)),
        "under way": html_report(run_of(PASSED, AWAITED, status="RUNNING")),
        "unknown only": html_report(run_of(UNKNOWN, total_tests=2)),
        "no conversations": html_report(run_of()),
        "no verdict": page_of_view(Verdict.failed(3, "404: There is no such run.", RunFacts(""))),
        "compared with another simulation": _compared(
            side({1: "P"}, id="1", simulation_id="730"), side({1: "P", 7: "P"}, id="2")
        ),
        "many changed callers": _compared(*both((22, "P", "F"), (1, "P", "P"))),
        "details": html_report(run_of(*_DETAILED, summary="All went well."), with_links=True),
        "more than 500 conversations": html_report(callers(*[(0, 2)] * 300, *[(3, 1)] * 40)),
    }.items():
        told = Lines(page).told()
        yield name, told if name == "every section" else [each for each in told if not _is_chart(each)]


def _is_chart(line: str) -> bool:
    """Whether a line is a chart, whose text repeats other lines."""
    return line.startswith(("[chart", *(f"{shape}s: " for shape in SHAPES)))


def _compared(base: SimulationRun, run: SimulationRun) -> bytes:
    return html_report(run, comparison=compare(base, run))


def _with_every_section() -> bytes:
    """A page with limits, a comparison and a history; the oldest run has no conversations."""
    rates: list[dict[int, float]] = [{}, {104: 1.0, 105: 1.0, 106: 0.9}, {104: 0.0, 105: 0.5, 106: 1.0}]
    runs = [
        clinic(f"{48210 + day}", f"2026-11-{16 + day}T09:00:00Z", by_caller, 3, void=0.2)
        for day, by_caller in enumerate(rates)
    ]
    rules = Rules(require=["p90(latency.p95) <= 1500 ms", "mean(politeness) >= 4"])
    return html_report(runs[-1], rules, comparison=compare(runs[1], runs[-1]), history=runs, with_links=True)


_TIMES = {"start_time": "2026-11-19T16:04:00Z", "end_time": "2026-11-19T16:05:30Z"}
_METRIC = {
    "name": "tone",
    "description": "d",
    "response_type": "t",
    "response_value": "3",
    "reasoning": "Dry.",
}
_DETAILED = [
    FAILED | _TIMES | {"tool_calls": [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]},
    {
        "tool_calls": [
            {"name": "find", "expected": [{"parameters": {"city": "T"}}], "actual": [{"output": 1}] * 2}
        ]
    },
    {
        "evaluations": [
            builders.evaluation(goal_success=None, created_at="2026-11-19T16:04:00Z"),
            builders.evaluation(created_at="2026-11-19T16:05:00Z", custom_metrics=[_METRIC], latency=LATENCY),
        ]
    },
    {
        "events": [{"title": "Hangs up", "start_offset_ms": 900, "description": "early"}],
        "audio_url": "ftp://x/y",
    },
]
