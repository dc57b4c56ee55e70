"""Why `gate` and `compare` can't judge a run, or can't judge all of its conversations, as text."""

from __future__ import annotations

from collections.abc import Iterator

from ..results.run import SimulationRun


def violation_reason(run: SimulationRun) -> str:
    """Return how a run breaks the contract; empty if all is well."""
    if run.violations:
        first = run.violations[0]
        return f"the run breaks the contract: {first.message} at {first.path}"
    return ""


def not_settled_reason(run: SimulationRun) -> str:
    """Return a text about what a run that has not settled lacks; empty if the run has settled."""
    if run.is_settled:
        return ""
    status = f"status {run.status or 'null'}"
    return f"not settled: {', '.join([status, *_lacking(run)])}"


def _lacking(run: SimulationRun) -> Iterator[str]:
    """Yield how many conversations haven't ended, may still get a verdict or calls, or are missing."""
    awaited = sum(each.is_awaited for each in run.under_way)
    if under_way := len(run.under_way) - awaited:
        yield f"{under_way} of {len(run.results)} conversations under way"
    if awaited:
        yield f"{awaited} of {len(run.results)} conversations whose verdict or tool calls may still arrive"
    if run.missing_count:
        yield f"{run.missing_count} missing"


def incomplete_note(run: SimulationRun) -> str:
    """Return a text about conversations that may lack tool calls, and what to do; empty if there are none."""
    if not run.incomplete:
        return ""
    count = len(run.incomplete)
    missing = f"tool calls of {count} conversation{'' if count == 1 else 's'} may be missing"
    if run.settings is None:
        return f"{missing} from the saved body; save with --har: bluejay-results wait {run.id} --har FILE"
    return f"{missing}: bluejay-results wait {run.id} fetches {'it' if count == 1 else 'them'} by id"
