"""The HTML page's text, with a line for each row, paragraph and heading, followed by its shapes."""

from collections.abc import Iterator
from itertools import groupby

from bluejay_results import SimulationRun
from bluejay_results.gate import Rules, gate
from bluejay_results.gate.verdict import NoVerdict, Verdict
from bluejay_results.report import html_report
from bluejay_results.report.page import page as page_of_view

from .. import builders
from ..compare.sides import both, side
from ..gate.runs import FAILED, PASSED, UNKNOWN, callers, conversations, run_of
from ..report.pages import AWAITED, LATENCY, clinic
from ..report.parsed import Parsed
from .layout import Case, laid_out

SHAPES = {"circle", "line", "rect"}
PLACES = {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "width", "height"}


def _told(page: bytes) -> Iterator[str]:
    """Yield the lines of a page; then its shapes, one line for consecutive shapes with the same tag."""
    parsed = Parsed(page.decode())
    yield from filter(None, parsed.lines)
    shapes = [each for each in parsed.elements if each[0] in SHAPES]
    for tag, kind in groupby(shapes, lambda each: each[0]):
        places = (" ".join(f"{each}={named[each]}" for each in named if each in PLACES) for _, named in kind)
        yield f"{tag}s: {', '.join(places)}"


def pages() -> Iterator[str]:
    """Yield the text of a page with every section, and of pages with sentences that this one lacks."""
    yield from laid_out(_cases())


def _cases() -> Iterator[Case]:
    for name, page in {
        "every section": _with_every_section(),
        "few callers and confident": html_report(conversations(10), Rules(confident=True)),
        "one conversation each": html_report(callers(*[(1, 0)] * 3)),
        "under way": html_report(run_of(PASSED, AWAITED, status="RUNNING")),
        "unknown only": html_report(run_of(UNKNOWN, total_tests=2)),
        "no conversations": html_report(run_of()),
        "no verdict": page_of_view(Verdict(failures=(NoVerdict(3, "404: There is no such run."),))),
        "few callers in the base run": _compared(side({1: "P"}, id="1"), side({1: "P", 7: "P"}, id="2")),
        "several runs": page_of_view(
            gate([conversations(9, 1), run_of(PASSED, FAILED, id="48214")], Rules(must_pass=(1,))),
            name="nightly",
        ),
        "many changed callers": _compared(*both((22, "P", "F"), (1, "P", "P"))),
        "details": html_report(run_of(*_DETAILED, summary="All went well."), with_links=True),
        "more than 20 callers": html_report(callers(*[(0, 2)] * 15, *[(3, 1)] * 10)),
    }.items():
        told = _told(page)
        yield name, told if name == "every section" else [each for each in told if not _is_chart(each)]


def _is_chart(line: str) -> bool:
    """Whether a line is a chart, whose text repeats other lines."""
    return line.startswith(("[chart", *(f"{shape}s: " for shape in SHAPES)))


def _compared(base: SimulationRun, run: SimulationRun) -> bytes:
    return html_report(run, base=base)


def _with_every_section() -> bytes:
    """A page with limits, a comparison and a history, whose oldest run has no conversations."""
    rates: list[dict[int, float]] = [{}, {104: 1.0, 105: 1.0, 106: 0.9}, {104: 0.0, 105: 0.5, 106: 1.0}]
    runs = [
        clinic(f"{48210 + day}", f"2026-11-{16 + day}T09:00:00Z", by_caller, 3, void=0.2)
        for day, by_caller in enumerate(rates)
    ]
    rules = Rules(require=["p90(latency.p95) <= 1500 ms", "mean(politeness) >= 4"])
    return html_report(runs[-1], rules, base=runs[1], history=runs, with_links=True)


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
