"""Report pages for runs of every kind. `python -m contract_tests.tests.report.pages FOLDER` writes them."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from bluejay_contract.stub import SCENARIOS
from bluejay_contract.stub import run as stub_run
from bluejay_results import SimulationRun
from bluejay_results.gate import Rules, gate
from bluejay_results.report import html_report
from bluejay_results.report.page import page as page_of_verdict

from .. import builders
from ..gate.runs import FAILED, PASSED, run_of

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
"""Hostile texts that a service could send in any field; the last one has 1 MB."""
AWAITED: dict[str, Any] = {"status": "EVALUATING", "evaluations": None}
LATENCY = {"p50_agent_latency": 900, "p90_agent_latency": 1500, "p95_agent_latency": 1900}


def page_of(run: SimulationRun | str, rules: Rules | None = None, **options: Any) -> str:
    """The page for a run; a string is the name of a scenario, whose last response is used."""
    if isinstance(run, str):
        run = SimulationRun.from_bytes(SCENARIOS[run].bodies[-1])
    return html_report(run, rules, **options).decode()


def saying(text: str, **fields: Any) -> SimulationRun:
    """A run with a failed, a passed and an unknown conversation, and this text in every text field."""
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
    event = {"title": text, "start_offset_ms": 5, "description": text, "tags": [text]}
    actual = [{"parameters": {text: 1}, "output": text, "start_offset_ms": 9}]
    call = {"name": text, "expected": [{"parameters": {text: text}}], "actual": actual}
    calls = [call, builders.tool_calls(f"missing {text}", actual=0)]
    shared = {"events": [event | {"metadata": {text: text}}], "tool_calls": [call]}
    shared |= {"transcript_url": text, "audio_url": f"https://{text}"}
    return run_of(
        shared
        | {"evaluations": [builders.evaluation(goal_success=False, **evaluation)], "tool_calls": calls},
        shared | {"evaluations": [builders.evaluation(**evaluation)]},
        {"status": f"x{text}", "evaluations": None},
        summary=text,
        **fields,
    )


def clinic(
    id_: str, created_at: str, rates: Mapping[int, float], repeats: int, void: float = 0.03
) -> SimulationRun:
    """A run for a clinic's booking line, with these pass rates by caller and `repeats` conversations each.

    The same arguments always make the same run. `void` is the share of void and unknown conversations.
    """
    rng = Random(id_)  # noqa: S311 - the same conversations each time are the point
    groups: dict[str, list[dict[str, Any]]] = {"passed": [], "failed": [], "void": []}
    for caller, rate in [each for each in rates.items() for _ in range(repeats)]:
        who = {"digital_human_id": caller}
        if rng.random() < void:
            groups["void"].append(
                who | {"status": rng.choice(("SYSTEM_ERROR", "NO_ANSWER", "NO_CONNECTION"))}
            )
        elif rng.random() < rate:
            groups["passed"].append(who)
        else:
            # A caller that always fails has one reason.
            reason = REASONS[caller % 3] if rate < 0.2 else rng.choice(REASONS)
            groups["failed"].append(who | {"evaluation": {"goal_reasoning": reason}})
    document = stub_run(**groups, id=id_, simulation_id="731", created_at=created_at, summary=None)
    return SimulationRun.from_bytes(builders.encoded(document))


REASONS = (
    "The agent offered no slot although the caller asked for one twice.",
    "The agent booked the 3rd instead of the 13th and didn't read the date back.",
    "The agent ended the call before the caller had given the insurance number.",
)
GOOD = {caller: 0.95 if caller % 5 else 0.75 for caller in range(101, 141)}
BAD = {
    caller: 0.0 if caller in {104, 109, 113, 118, 124, 131} else 0.85 * rate for caller, rate in GOOD.items()
}


def bad() -> SimulationRun:
    """A run in which the agent did worse for some callers than in the previous week's run."""
    return clinic("48213", "2026-11-19T09:00:00Z", BAD, 3, void=0.06)


RULES = Rules(require=["p90(latency.p95) <= 2500 ms", "mean(politeness) >= 4"])


def compared() -> str:
    """The page for the bad run, with rules about figures, compared with the previous week's run."""
    return page_of(bad(), RULES, base=clinic("48100", "2026-11-12T09:00:00Z", GOOD, 3))


def history() -> str:
    """The page for twenty daily runs; the agent got worse, and two runs are not measurements."""
    start = datetime.datetime(2026, 10, 29, 9, tzinfo=datetime.UTC)
    runs = []
    for day in range(20):
        rates, void = GOOD if day < 16 else BAD, 0.7 if day in {4, 11} else 0.03
        created_at = (start + datetime.timedelta(day)).isoformat()
        runs.append(clinic(f"{48050 + day}", created_at, rates, 3, void))
    return page_of(runs[-1], history=runs)


def several() -> str:
    """The page for three runs of two simulations; one caller must pass, but doesn't."""
    third = run_of(*[PASSED | {"digital_human_id": 104}] * 5, id="48230", simulation_id="733")
    verdict = gate([clinic("48100", "2026-11-12T09:00:00Z", GOOD, 3), bad(), third], Rules(must_pass=(104,)))
    return page_of_verdict(verdict, name="nightly").decode()


PAGES: dict[str, Callable[[], str]] = {
    "empty": lambda: page_of("no_results"),
    "settled": lambda: page_of("settled"),
    "large": lambda: page_of("large"),
    "bad": lambda: page_of(bad()),
    "compared": compared,
    "history": history,
    "several": several,
    "hostile": lambda: page_of(saying(" ".join(HOSTILE[:-1])), with_links=True),
    "megabyte": lambda: page_of(
        run_of(
            FAILED | {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning=HOSTILE[-1])]},
            PASSED,
        )
    ),
}
"""Every kind of page, by name."""


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (folder / f"{name}.html").write_text(make(), encoding="utf-8")
