"""The section about callers: their conversations, the worst caller first."""

from __future__ import annotations

from attrs import frozen

from ..gate.verdict import Verdict
from ..results.pass_rates import Caller
from ..results.result import SimulationResult

MOST_ROWS = 20
"""The maximum number of rows of a table of callers."""


@frozen
class CallerRow:
    """One caller with its conversations in order of time."""

    caller: Caller
    results: list[SimulationResult]


def caller_rows(verdict: Verdict) -> list[CallerRow]:
    """Return the callers that have an id, the worst first; those without a pass rate come last."""
    results_of: dict[int | None, list[SimulationResult]] = {}
    for each in verdict.results:
        results_of.setdefault(each.digital_human_id, []).append(each)
    callers = sorted((each for each in verdict.run.callers if each.id is not None), key=_goodness)
    return [CallerRow(each, results_of[each.id]) for each in callers]


def _goodness(caller: Caller) -> tuple[float, int, int]:
    """Return a sort key: the pass rate, the number of failed and the number of unknown conversations.

    The pass rate counts unknown conversations as failed.
    """
    rate = caller.passed / caller.counted if caller.counted else 2.0
    return rate, -caller.failed, -caller.unknown
