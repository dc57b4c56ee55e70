"""What `wait` finds out from a reading: the first moments of ends, and the conversations to fetch by id.

See `docs/definitions.md`, Settled and What a run is read from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..recording.recording import FirstSeen
from .page import Page
from .result import SimulationResult
from .run_state import RunState
from .status import Phase, run_phase


def seen_in(pages: Iterable[Page], before: FirstSeen) -> FirstSeen:
    """Add the ends of the run and its conversations that are first seen in these pages."""
    run, conversations = before.run, dict(before.conversations)
    for page in pages:
        moment = page.exchange.moment
        if run is None and run_phase(page.response.simulation_run.status) is Phase.ENDED:
            run = moment
        for each in page.records:
            if SimulationResult(each.response, RunState(), (each,)).has_ended:
                conversations.setdefault(str(each.response.id), moment)
    return FirstSeen(run, conversations)


def to_fetch_by_id(results: Sequence[SimulationResult]) -> tuple[SimulationResult, ...]:
    """Return the conversations to fetch by id, in the order of the list: a large run's list leaves out calls.

    These are the conversations that lack a verdict or a call of an expected tool, and those without any tool
    if another conversation of the run expects tools. A conversation whose status decides its outcome is not
    fetched.
    """
    expects_tools = any(each.expected_tools for each in results)
    return tuple(
        each
        for each in results
        if not each.is_decided_by_status and (each.lacks_something or (expects_tools and not each.tool_calls))
    )
