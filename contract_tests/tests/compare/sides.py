"""Builds runs to compare."""

from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.compare import Comparison, compare

from .. import builders

_OUTCOMES: dict[str, dict[str, Any]] = {
    "P": {},
    "F": {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning="No slot was offered.")]},
    "U": {"status": "NO_ANSWER", "evaluations": None},
    "V": {"status": "CANCELLED", "evaluations": None},
}


def side(callers: dict[int, str], *unnamed: str, **fields: Any) -> SimulationRun:
    """A run with these callers' conversations, and `unnamed` conversations without a caller id.

    The letters stand for passed, failed, unknown and void: `{7: "PF"}` is caller 7 with two conversations.
    """
    kinds: list[tuple[int | None, str]] = [(id_, kind) for id_, all_ in callers.items() for kind in all_]
    kinds += [(None, kind) for kind in unnamed]
    listed = [
        builders.result(number, digital_human_id=id_, **_OUTCOMES[kind])
        for number, (id_, kind) in enumerate(kinds, 1)
    ]
    return builders.saved_run(*listed, **{"total_tests": len(listed), **fields})


def both(*kinds: tuple[int, str, str]) -> tuple[SimulationRun, SimulationRun]:
    """Runs 1 (the base) and 2 with the same callers: `(3, "P", "F")` means three callers that got worse."""
    callers = [(before, now) for count, before, now in kinds for _ in range(count)]
    sides = zip(*callers, strict=True)
    base, run = (side(dict(enumerate(each, 100)), id=id_) for each, id_ in zip(sides, "12", strict=True))
    return base, run


def compared(*kinds: tuple[int, str, str]) -> Comparison:
    return compare(*both(*kinds))
