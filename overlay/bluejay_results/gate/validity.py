"""The validity rules decide whether a run is a valid measurement. These rules ignore doubt."""

from __future__ import annotations

from ..judging.void_share import void_of
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from .evidence import Evidence
from .verdict import Finding, kept_if


def min_conversations(run: SimulationRun, least: int) -> Finding:
    """Judge how many conversations were judged."""
    judged = len(Evidence(run).judged)
    explanation = "conversations that passed or failed"
    is_kept = kept_if(judged >= least)
    listed = len(run.results)
    return Finding("min-conversations", f"{least}", f"{judged} judged", listed, is_kept, explanation)


def max_void(run: SimulationRun, at_most: float) -> Finding:
    """Judge how many conversations are void or missing."""
    share = void_of(run)
    found = f"{share} void or missing{_silent_text(share.void)}" if share.total else "no conversations"
    return Finding(
        "max-void",
        f"{at_most:g} %",
        found,
        share.total,
        kept_if(not share.is_over(at_most)),
        f"{len(share.void)} void and {share.missing} missing of {share.total}",
        share.void,
    )


def total_tests(run: SimulationRun) -> Finding:
    """Judge whether the run reports how many conversations it has."""
    total = run.response.simulation_run.total_tests
    reported = "run reports no total" if total is None else f"run reports its total: {total}"
    listed = len(run.results)
    is_kept = kept_if(total is not None and total > 0)
    return Finding("total-tests", "above 0", reported, listed, is_kept, "the run's total_tests")


def counters(run: SimulationRun) -> Finding:
    """Judge whether the run's counters are possible for its conversations."""
    found = run.contradictions
    return Finding(
        "counters",
        "must match",
        found[0] if found else "counters match the conversations",
        len(run.results),
        kept_if(not found),
        "compares the run's counters with its conversations",
    )


def _silent_text(void: tuple[SimulationResult, ...]) -> str:
    """Return how many void conversations lack tool calls, why, and which one to open; empty if none does."""
    silent = [each for each in void if each.lacks_tool_calls]
    if not silent:
        return ""
    return (
        f"; {len(silent)} void without any recorded tool call: either the recording failed or the "
        f"agent called no tool; open conversation {silent[0].id}"
    )
