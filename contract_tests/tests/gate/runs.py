"""Runs to be judged."""

from typing import Any

from bluejay_results import SimulationRun

from .. import builders

PASSED: dict[str, Any] = {}
FAILED: dict[str, Any] = {"evaluations": [builders.evaluation(goal_success=False)]}
VOID: dict[str, Any] = {"status": "NO_ANSWER", "evaluations": None}


def run_of(*results: dict[str, Any], **fields: Any) -> SimulationRun:
    """A settled run with these conversations; its counters fit unless a test changes them."""
    listed = [builders.result(id_, **each) for id_, each in enumerate(results, 1)]
    return builders.saved_run(*listed, **({"total_tests": len(listed)} | fields))


def conversations(passed: int = 0, failed: int = 0, void: int = 0) -> SimulationRun:
    """A run with a number of conversations of each outcome, each with its own caller."""
    return run_of(*[PASSED] * passed, *[FAILED] * failed, *[VOID] * void)


def callers(*of_each: tuple[int, int], **fields: Any) -> SimulationRun:
    """A run of callers, from each caller's numbers of passed and failed conversations."""
    return run_of(
        *(
            outcome | {"digital_human_id": caller}
            for caller, (passed, failed) in enumerate(of_each, 100)
            for outcome in [PASSED] * passed + [FAILED] * failed
        ),
        **fields,
    )


def evaluated(*evaluations: dict[str, Any], **fields: Any) -> SimulationRun:
    """A run with a passed conversation for each of these evaluations."""
    return run_of(*({"evaluations": [builders.evaluation(**each)]} for each in evaluations), **fields)


def metrics(
    *values: str, kind: str = "quantitative", name: str = "politeness", **fields: Any
) -> SimulationRun:
    """A run in which each conversation answers one custom metric."""
    answer = {"name": name, "description": "", "response_type": kind, **fields}
    return evaluated(*({"custom_metrics": [answer | {"response_value": value}]} for value in values))


def tools(*called: bool) -> SimulationRun:
    """A run whose conversations had two tools to call, and called both or one of them."""
    both = [builders.tool_calls("find"), builders.tool_calls("book")]
    one = [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]
    return run_of(*({"tool_calls": both if each else one} for each in called))
