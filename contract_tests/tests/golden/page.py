"""HTML pages with every section, and pages with sentences that these lack."""

from collections.abc import Iterator

from bluejay_results import SimulationRun
from bluejay_results.gate import Rules, gate
from bluejay_results.gate.verdict import NoVerdict, Verdict
from bluejay_results.report import html_report
from bluejay_results.report.page import page as page_of_view

from .. import builders
from ..compare.sides import both, side
from ..gate.runs import FAILED, PASSED, UNKNOWN, callers, conversations, run_of
from ..report.pages import AWAITED, LATENCY, clinic


def pages() -> Iterator[tuple[str, str]]:
    """Yield the name of each page, and its body; the style and the script are in other kept pages."""
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
        head, _, body = page.decode().partition("<style>")
        kept = head.partition("<title>")[2] + body.partition("</style>")[2]
        yield f"pages/{name}.html", kept.rpartition("<script>")[0]


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
