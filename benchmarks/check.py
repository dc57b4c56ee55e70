"""Fails on a ratio that got worse. No time is compared: the committed ones may be another machine's."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

from .goals import GOALS, Figures, Goal, Growth, ratios

TOLERATED = 1.1
"""How much larger than the committed ratio a fresh one may be, as a factor."""

Goals = Sequence[Goal | Growth]


def check(
    committed: Mapping[str, float], measured: Callable[[Goals], Figures], goals: Goals = tuple(GOALS)
) -> int:
    """Measure afresh and compare; what got worse is measured once more before it counts.

    Args:
        committed: The ratios to hold, by the name of their goal.
        measured: Measures what some goals need.
        goals: What to compare.

    Returns:
        An exit code: 1 when a ratio got worse by more than is tolerated, or was never committed.
    """
    suspected = _worse(committed, ratios(measured(goals), goals))
    suspects = [goal for goal in goals if goal.name in suspected]
    fresh = ratios(measured(suspects), suspects) if suspects else {}
    worse = _worse(committed, fresh)
    for name in worse:
        before = f"{committed[name]:.3f}" if name in committed else "not in results.json"
        sys.stderr.write(f"worse: {name}: {fresh[name]:.3f}, was {before}\n")
    sys.stderr.write(f"{len(goals)} ratios compared, {len(worse)} worse by over {TOLERATED - 1:.0%}\n")
    return bool(worse)


def _worse(committed: Mapping[str, float], fresh: Mapping[str, float]) -> list[str]:
    return [name for name, value in fresh.items() if value > committed.get(name, 0.0) * TOLERATED]
