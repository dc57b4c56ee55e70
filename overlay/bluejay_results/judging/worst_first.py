"""Which conversations to look at first."""

from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..results.run import SimulationRun

ORDER = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.VOID, Outcome.UNDER_WAY)


def worst_first(run: SimulationRun) -> list[SimulationResult]:
    """Return the conversations that did not pass: failed, unknown, void, under way; the slowest first."""
    return [
        result
        for outcome in ORDER
        for result in sorted(run.results_by_outcome[outcome], key=_slowness, reverse=True)
    ]


def _slowness(result: SimulationResult) -> float:
    return result.latency.p95 or result.latency.average or 0.0
