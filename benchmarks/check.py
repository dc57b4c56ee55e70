"""Fails if a ratio got worse. Times aren't compared: the committed times might be from another machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

from .goals import GOALS, Figures, Goal, Growth, ratios

TOLERATED = 1.1
"""The factor by which a new ratio may exceed the committed ratio."""

Goals = Sequence[Goal | Growth]


def check(
    committed: Mapping[str, float], measured: Callable[[Goals], Figures], goals: Goals = tuple(GOALS)
) -> int:
    """Measure again and compare the ratios; a ratio that got worse is measured once more before it counts.

    Args:
        committed: The ratios to compare with, by goal name.
        measured: Measures the cases for the given goals.
        goals: The goals whose ratios are compared.

    Returns:
        The exit code: 1 if a ratio is worse than tolerated or has no committed ratio, otherwise 0.
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
