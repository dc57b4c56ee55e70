"""What to do about void and unknown conversations, depending on who has to act most often."""

from __future__ import annotations

from collections import Counter

from ..results.outcome import Outcome, Owner
from ..results.reason import Why
from ..results.run import SimulationRun

_MISSING = "the service"
"""Who has to act on missing conversations."""
_VOID: dict[str, str] = {
    Owner.ACCOUNT: "Top up the account, then run the simulation again.",
    Owner.PLATFORM: "Run the simulation again, because the platform failed.",
    Owner.CANCELLER: "Run the simulation again, because conversations were cancelled.",
    _MISSING: "Run the simulation again, because the service doesn't list all of its conversations.",
}
_UNKNOWN: dict[str, str] = {
    Owner.CONFIGURATION: "Calls could not connect. Check the agent's configuration, then run the simulation "
    "again.",
    Owner.LINE: "The agent did not answer its calls. Check the agent and its phone line, then run the "
    "simulation again.",
    _MISSING: _VOID[_MISSING],
}


def about_void(run: SimulationRun) -> str:
    """Return what to do about a run's void and missing conversations."""
    return _VOID[_most_frequent_owner(Outcome.VOID, run)]


def about_unknown(run: SimulationRun) -> str:
    """Return what to do about a run's unknown and missing conversations."""
    advice = _UNKNOWN.get(_most_frequent_owner(Outcome.UNKNOWN, run))
    if advice:
        return advice
    if any(each.reason.why is Why.NO_CALLS for each in run.results):
        return (
            "Check whether the agent called tools in the unknown conversations, or run the simulation again."
        )
    return "Open the unknown conversations below, or run the simulation again."


def _most_frequent_owner(outcome: Outcome, run: SimulationRun) -> str:
    owners = Counter[str](each.owner or "" for each in run.results if each.outcome is outcome)
    owners[_MISSING] = run.missing_count
    [(owner, _)] = owners.most_common(1)
    return owner
