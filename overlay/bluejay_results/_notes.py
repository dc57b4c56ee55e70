"""What a reader of a run must know before trusting its numbers, a line each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ._reading.json_path import without_indexes
from .result import Outcome
from .status import ENDED, UNDER_WAY

if TYPE_CHECKING:
    from .run import SimulationRun

_EXAMPLES = 3


def notes(run: SimulationRun) -> Iterator[str]:
    """Yield what is wrong with a run, and what the contract doesn't know in it."""
    if run.requested_id not in {None, run.id} and run.id is not None:  # a violation makes the id None
        yield f"this is run {run.id}; run {run.requested_id} was requested"
    if run.violations:
        yield f"violations of the contract: {len(run.violations)}; the counters were not checked"
    yield from run.contradictions
    total, listed = run.response.simulation_run.total_tests, len(run.results)
    if _is_comparable(run) and listed < (total or 0):
        yield f"the run counts {total} conversations and lists {listed}"
    if unknown := "; ".join(filter(None, (_unknown_statuses(run), _unknown_fields(run)))):
        yield f"not in the contract: {unknown}"


def contradictions(run: SimulationRun) -> Iterator[str]:
    """Yield where the counters of a settled run can't be those of the conversations that it lists."""
    counters, listed = run.response.simulation_run, len(run.results)
    total, passed = counters.total_tests, counters.tests_passed
    if not _is_comparable(run) or (total is not None and listed < total):
        return
    if total is not None and total < listed:
        yield f"the run counts {total} conversations and lists {listed}"
    by_both = len(run.results_by_outcome[Outcome.PASSED])
    by_goal = sum(result.goal_success is True for result in run.results)
    if passed is not None and not by_both <= passed <= by_goal:
        yield f"the run counts {passed} passed; {by_both} by goal and tool calls, {by_goal} by goal alone"


def _is_comparable(run: SimulationRun) -> bool:
    return run.is_settled and not run.violations


def _unknown_statuses(run: SimulationRun) -> str:
    statuses: list[str] = [run.status] if run.status and not run.status.is_known else []
    statuses += [each.status for each in run.results if each.status and each.status not in ENDED | UNDER_WAY]
    return _examples("status", list(dict.fromkeys(statuses)))


def _unknown_fields(run: SimulationRun) -> str:
    paths = map(without_indexes, run.unknown_fields)
    return _examples("field", list(dict.fromkeys(paths)))


def _examples(noun: str, names: list[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _EXAMPLES} more" if len(names) > _EXAMPLES else ""
    return f"{noun} {', '.join(names[:_EXAMPLES])}{more}"
