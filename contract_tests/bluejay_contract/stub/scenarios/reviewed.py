"""Scenario: a reviewer of the delivery service corrected the judge's answers."""

from typing import Any

from .builder import run
from .parts import Document

_BY_THE_JUDGE = {
    "tests_passed": 7,
    "tests_failed": 3,
    "summary": "7 of 10 callers reached their goal.",
}


def reviewed(run_id: str, **counters: Any) -> list[Document]:
    """Ten conversations, eight of which passed; a reviewer corrected goals, flags and metrics both ways."""
    passed: list[Document] = [
        {"corrected_from": {"goal_success": False, "politeness": "2"}},
        {"corrected_from": {"goal_success": False, "identity_checked": "fail"}},
        {"corrected_from": {"hallucination": True}},
        {"corrected_from": {"details_captured": "60"}},
        {"corrected_from": {"politeness": "5"}},
        *[{}] * 3,
    ]
    failed = [{"corrected_from": {"goal_success": True}}, {"corrected_from": {"hallucination": False}}]
    whole = run(passed, failed, id=run_id, simulation_id="738", **counters)
    for number, result in enumerate(whole["simulation_results"]):
        result["trace_ids"] = [f"4bf92f3577b34da6a3ce929d0e0e47{number:02}"]
    return [whole]


def reviewed_uncounted(run_id: str) -> list[Document]:
    """The same conversations; the counters count those that passed by the judge's answers."""
    return reviewed(run_id, **_BY_THE_JUDGE)
