"""Pages about runs of every kind. `python -m contract_tests.tests.report.pages FOLDER` writes them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun
from bluejay_results.compare import compare
from bluejay_results.gate import MetricRule, Operator, Rules, gate
from bluejay_results.report import html_report

from .. import builders
from ..gate.runs import FAILED, PASSED, VOID, callers, run_of

HOSTILE = (
    "<script>pwned()</script>",
    '"><img src="https://evil.example/x.png" onerror="pwned()">',
    "</script></style></details></table><h1>Ship</h1>",
    "javascript:pwned()",
    "{{ 7 * 7 }}{% raw %}",
    "a\u202eb\u2066c\u200fd",
    "nul\x00bell\x07escape\x1b[31m",
    "&lt;b&gt; &amp; ' \" `",
    "'; alert(1) //",
    "word" * 250_000,
)
"""What a service may send in any text; the last one is 1 MB."""
LATENCY = {"p50_agent_latency": 900, "p90_agent_latency": 1500, "p95_agent_latency": 1900}


def scenario(name: str) -> SimulationRun:
    """The last answer of a scenario of the stub."""
    return SimulationRun.from_bytes(SCENARIOS[name].bodies[-1])


def page_of(run: SimulationRun, rules: Rules | None = None, **options: Any) -> str:
    """The page about a run."""
    return html_report(gate(run, rules), rules, **options).decode()


def saying(text: str, **fields: Any) -> SimulationRun:
    """A run of a failed, a passed and a void conversation, with a text wherever the service may put one."""
    metric = {"name": text, "description": text, "response_type": "quantitative", "response_value": "3"}
    kind = {"name": f"kind {text}", "description": "", "response_type": "enum", "response_value": text}
    evaluation = {
        "goal_reasoning": text,
        "call_summary": text,
        "hallucination": True,
        "hallucination_reasoning": text,
        "sentiment_label": text,
        "custom_metrics": [metric | {"reasoning": text}, kind],
    }
    event = {
        "title": text,
        "start_offset_ms": 5,
        "description": text,
        "tags": [text],
        "metadata": {text: text},
    }
    calls = [
        {
            "name": text,
            "expected": [{"parameters": {text: text}}],
            "actual": [{"parameters": {text: 1}, "output": text, "start_offset_ms": 9}],
        },
        builders.tool_calls(f"missing {text}", actual=0),
    ]
    shared = {
        "events": [event],
        "tool_calls": calls[:1],
        "transcript_url": text,
        "audio_url": f"https://{text}",
    }
    return run_of(
        shared
        | {"evaluations": [builders.evaluation(goal_success=False, **evaluation)], "tool_calls": calls},
        shared | {"evaluations": [builders.evaluation(**evaluation)]},
        {"status": f"x{text}", "evaluations": None},
        summary=text,
        **fields,
    )


def history() -> str:
    """The page of a simulation whose agent became worse; one of its runs was not a valid measurement."""
    runs = [
        callers(*((3, 0),) * 18, *((2, 1),) * 2, id="1", created_at="2026-11-05T09:00:00Z"),
        run_of(*[PASSED] * 4, *[VOID] * 6, id="2", created_at="2026-11-12T09:00:00Z"),
        callers(*((3, 0),) * 12, *((0, 3),) * 8, id="3", created_at="2026-11-19T09:00:00Z"),
    ]
    verdicts = [gate(each) for each in runs]
    return html_report(verdicts[-1], comparison=compare(runs[0], runs[-1]), history=verdicts).decode()


def compared() -> str:
    """A bad run with a limit of every kind, compared with a good one."""
    base = callers(*((3, 0),) * 10, id="48100")
    new = callers((0, 3), (1, 2), *((3, 0),) * 8, summary="Some callers were lost.")
    rules = Rules(max_latency={"p95": 1500}, metrics=(MetricRule("politeness", Operator.AT_LEAST, 4),))
    return page_of(new, rules, comparison=compare(base, new))


def many(count: int) -> str:
    """A run of so many small conversations, a tenth of them failed."""
    slow = {"evaluations": [builders.evaluation(latency=LATENCY)]}
    return page_of(run_of(*(FAILED if number % 10 == 0 else slow for number in range(count))))


PAGES: dict[str, Callable[[], str]] = {
    "empty": lambda: page_of(scenario("no_results")),
    "settled": lambda: page_of(scenario("settled")),
    "under_way": lambda: page_of(scenario("under_way")),
    "doubt": lambda: page_of(scenario("no_calls")),
    "large": lambda: page_of(scenario("large")),
    "compared": compared,
    "history": history,
    "hostile": lambda: page_of(saying(" ".join(HOSTILE[:-1])), with_links=True),
    "megabyte": lambda: page_of(
        run_of(
            FAILED | {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning=HOSTILE[-1])]},
            PASSED,
        )
    ),
    "10000": lambda: many(10_000),
}
"""Every kind of page by its name."""


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (folder / f"{name}.html").write_text(make(), encoding="utf-8")
