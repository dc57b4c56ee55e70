"""Runs of two sides to be compared."""

from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.compare import Comparison, compare

from .. import builders
from ..gate.runs import callers, run_of

NEWER = {"id": "48214"}
UNPAID = {"status": "OUT_OF_FUNDS", "evaluations": None}
CALLED = {"tool_calls": [builders.tool_calls()]}


def by_id(**outcomes: tuple[dict[str, Any], ...]) -> SimulationRun:
    """A run of callers with these conversations: `c7=(PASSED, FAILED)` is caller 7."""
    return run_of(
        *(each | {"digital_human_id": int(name[1:])} for name, all_ in outcomes.items() for each in all_),
        id=f"run of {len(outcomes)}",
    )


def compared(*kinds: tuple[int, int, int], size: int = 1, **options: Any) -> Comparison:
    """Compare runs of kinds of callers: (callers, passed before, passed now), of `size` conversations."""
    both = [(base, new) for count, base, new in kinds for _ in range(count)]
    base = callers(*((passed, size - passed) for passed, _ in both))
    new = callers(*((passed, size - passed) for _, passed in both), **NEWER)
    return compare(base, new, **options)
