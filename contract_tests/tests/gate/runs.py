"""Builds runs to judge, and returns verdicts and findings about them."""

from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.gate import Finding, Rules, RunVerdict, gate

from .. import builders

PASSED: dict[str, Any] = {}
FAILED: dict[str, Any] = {"evaluations": [builders.evaluation(goal_success=False)]}
UNKNOWN: dict[str, Any] = {"status": "NO_ANSWER", "evaluations": None}
VOID: dict[str, Any] = {"status": "SYSTEM_ERROR", "evaluations": None}


def run_of(*results: dict[str, Any], **fields: Any) -> SimulationRun:
    """A settled run with these conversations, and counters that match unless a test changes them."""
    listed = [builders.result(id_, **each) for id_, each in enumerate(results, 1)]
    return builders.saved_run(*listed, **({"total_tests": len(listed)} | fields))


def conversations(passed: int = 0, failed: int = 0, unknown: int = 0, void: int = 0) -> SimulationRun:
    """A run with this many conversations of each outcome; each conversation has its own caller."""
    return run_of(*[PASSED] * passed, *[FAILED] * failed, *[UNKNOWN] * unknown, *[VOID] * void)


def callers(*of_each: tuple[int, ...], **fields: Any) -> SimulationRun:
    """A run with one tuple per caller: the numbers of passed, failed, unknown and void conversations."""
    return run_of(
        *(
            outcome | {"digital_human_id": caller}
            for caller, counts in enumerate(of_each, 100)
            for outcome, count in zip((PASSED, FAILED, UNKNOWN, VOID), counts, strict=False)
            for _ in range(count)
        ),
        **fields,
    )


def evaluated(*evaluations: dict[str, Any], **fields: Any) -> SimulationRun:
    """A run with a passed conversation for each of these evaluations."""
    return run_of(*({"evaluations": [builders.evaluation(**each)]} for each in evaluations), **fields)


def metrics(
    *values: str, kind: str = "quantitative", name: str = "politeness", **fields: Any
) -> SimulationRun:
    """A run whose conversations have these answers to one custom metric."""
    answers = [{"response_type": kind, "response_value": each} for each in values]
    return evaluated(
        *({"custom_metrics": [{"name": name, "description": ""} | each | fields]} for each in answers)
    )


def judged(run: SimulationRun, base: SimulationRun | None = None, **rules: Any) -> RunVerdict:
    """Return the verdict on a single run."""
    [verdict] = gate(run, Rules(**rules), base=base).runs
    return verdict


def finding(run: SimulationRun, name: str, base: SimulationRun | None = None, **rules: Any) -> Finding:
    [found] = [each for each in judged(run, base, **rules).findings if each.rule.name == name]
    return found


def figure(run: SimulationRun, rule: str, **rules: Any) -> Finding:
    return finding(run, "require", require=[rule], **rules)
