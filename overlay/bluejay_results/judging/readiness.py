"""Whether a run can be judged at all: by `gate` and by `compare`."""

from __future__ import annotations

from ..results.result import Outcome
from ..results.run import SimulationRun


def violation(run: SimulationRun) -> str:
    """Return how a run breaks the contract or is another than was asked for; empty where it does neither."""
    if run.requested_id not in {None, run.id}:
        return f"the service sent run {run.id}; run {run.requested_id} was requested"
    if run.violations:
        first = run.violations[0]
        return f"the run breaks the contract: {first.message} at {first.path}"
    return ""


def not_settled(run: SimulationRun) -> str:
    """Return how far a run is that has not settled; empty where it has."""
    if run.is_settled:
        return ""
    under_way = len(run.results_by_outcome[Outcome.UNDER_WAY])
    return (
        f"not settled: {run.status or 'no status'}, {under_way} of {len(run.results)} conversations under way"
    )


def incomplete(run: SimulationRun) -> str:
    """Return in how many conversations tool calls may be missing, and what to do; empty where in none."""
    if not run.incomplete:
        return ""
    count = len(run.incomplete)
    missing = f"tool calls of {count} conversation{'' if count == 1 else 's'} may be missing"
    if run.context.recording is None:
        return f"{missing} from the saved body; save with --har: bluejay-results wait {run.id} --har FILE"
    return f"{missing}: bluejay-results wait {run.id} fetches {'it' if count == 1 else 'them'} by id"
