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
    """A run with the conversations of each caller: `c7=(PASSED, FAILED)` gives caller 7 two conversations."""
    return run_of(
        *(each | {"digital_human_id": int(name[1:])} for name, all_ in outcomes.items() for each in all_),
        id=f"run of {len(outcomes)}",
    )


def compared(*kinds: tuple[int, int, int], size: int = 1, **options: Any) -> Comparison:
    """Compare two runs of callers with `size` conversations each.

    A kind of caller is the number of such callers, and how many of their conversations passed before and now.
    """
    both = [(base, new) for count, base, new in kinds for _ in range(count)]
    base = callers(*((passed, size - passed) for passed, _ in both))
    new = callers(*((passed, size - passed) for _, passed in both), **NEWER)
    return compare(base, new, **options)
