"""How far a run is, and what it waits for."""

from math import ceil

from bluejay_results.results.result import Outcome
from bluejay_results.results.run import SimulationRun
from bluejay_results.results.status import RUN_CUT_SHORT, normalized

from ..writing.text import terminal_safe


def status(run: SimulationRun) -> str:
    """Return the run's own status."""
    return terminal_safe(run.status) if run.status else "no status"


def count(run: SimulationRun) -> str:
    """Return how many of the run's conversations have ended."""
    ended, total = ended_and_total(run)
    if total:
        return f"{ended} of {total} conversations ended"
    return "no conversations" if run.has_ended else "no conversation yet"


def ended_and_total(run: SimulationRun) -> tuple[int, int]:
    """Count the conversations that are no longer under way, and all that the run is known to have."""
    received = len(run.results)
    under_way = sum(not each.is_awaited for each in run.results_by_outcome[Outcome.UNDER_WAY])
    return received - under_way, max(received, run.expected_count)


def waits_for(run: SimulationRun) -> tuple[str, int]:
    """Return what a run that has ended still waits for, for a time only, and for how many seconds at most.

    The text is empty where there is nothing, or something that has no such limit.
    """
    under_way = run.results_by_outcome[Outcome.UNDER_WAY]
    calls = [each.tool_call_seconds_left for each in under_way if each.is_awaited]
    others, run_left = len(under_way) - len(calls), run.context.grace.run_left
    others_have_limit = normalized(run.status) in RUN_CUT_SHORT and run_left
    if not run.has_ended or (others and not others_have_limit):
        return "", 0
    missing = max(run.expected_count - len(run.results), len(run.missing_ids)) if run_left else 0
    parts = (
        (len(calls), "no tool call recorded yet"),
        (missing, "not been listed yet"),
        (others, "not ended"),
    )
    left = max([0.0, *calls, run_left if missing or others else 0.0])
    said = [f"{conversations(number)} {_has(number)} {what}" for number, what in parts if number]
    return ", ".join(said), ceil(left)


def conversations(number: int) -> str:
    """Write how many conversations."""
    return f"{number} conversation" if number == 1 else f"{number} conversations"


def _has(number: int) -> str:
    return "has" if number == 1 else "have"
