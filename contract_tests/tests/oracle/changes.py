"""Better or worse, and the rule `--base`, written a second time, from the definitions alone."""

from collections.abc import Sequence
from math import sqrt
from statistics import mean, stdev
from typing import Literal

from .figures import Finding
from .outcomes import Outcome, Reading
from .verdicts import Interval, Options, not_a_measurement, quantile, rate

Unreadable = Literal[3, 5]
"""The exit code for a run that can't be read: the service failed, or the run breaks the contract."""
Change = Literal["worse", "better", "can't tell"]
Sides = tuple[Sequence[Outcome], Sequence[Outcome]]

FEWEST = 5  # callers on both sides


class WrongUsageError(Exception):
    """The gate or compare was called in a way that is wrong usage: exit code 2."""


def name_one_simulation(before: Reading, now: Reading) -> bool:
    """Return whether both runs name their simulation; raise WrongUsageError if it isn't the same."""
    simulations = [each.run.get("simulation_id") for each in (before, now)]
    if before.run["id"] == now.run["id"] or (all(simulations) and simulations[0] != simulations[1]):
        raise WrongUsageError
    return all(simulations)


def compared(before: Reading, now: Reading) -> list[Sides]:
    """Return the outcomes of each caller with a passed, failed or unknown conversation on both sides."""
    old, new = before.callers(), now.callers()
    both = [(old[key], new[key]) for key in old if key[0] == "id" and key in new]
    return [sides for sides in both if all(set(side) & {"passed", "failed", "unknown"} for side in sides)]


def change(before: Reading, now: Reading, *, unknown: bool) -> Interval | None:
    """Return the interval of the change, from -1 to 1; `unknown` says whether unknown ones passed."""
    callers = compared(before, now)
    if not callers:
        return None
    changes = [float((rate(new, unknown) or 0) - (rate(old, unknown) or 0)) for old, new in callers]
    k = min(len(side) for sides in callers for side in sides)  # void conversations count, too
    half = quantile(len(changes)) * stdev([*changes, 1 / k, -1 / k]) / sqrt(len(changes))
    return max(-1.0, mean(changes) - half), min(1.0, mean(changes) + half)


def changes(before: Reading, now: Reading) -> list[Interval]:
    """Return the two intervals of the change; none if no caller is on both sides."""
    both = [change(before, now, unknown=each) for each in (False, True)]
    return [each for each in both if each]


def can_be_compared(before: Reading, now: Reading, options: Options) -> bool:
    """Return whether both runs are settled measurements, and of one simulation that both name."""
    are_measurements = all(each.settled and not not_a_measurement(each, options) for each in (before, now))
    return name_one_simulation(before, now) and are_measurements


def compare(before: Reading, now: Reading) -> Change:
    """Return whether the second run is worse or better than the first."""
    return change_of(changes(before, now)) if can_be_compared(before, now, Options()) else "can't tell"


def change_of(intervals: Sequence[Interval]) -> Change:
    """Return what the two intervals of the change say; an interval with an end at 0 is neither."""
    if intervals and all(high < 0 for _, high in intervals):
        return "worse"
    return "better" if intervals and all(low > 0 for low, _ in intervals) else "can't tell"


def base_finding(base: Reading | Unreadable, run: Reading, options: Options) -> Finding:
    """Judge `--base`: the run isn't worse than the base run."""
    if not isinstance(base, Reading) or not can_be_compared(base, run, options):
        return "inconclusive"
    return not_worse(changes(base, run)) if len(compared(base, run)) >= FEWEST else "inconclusive"


def not_worse(intervals: Sequence[Interval]) -> Finding:
    """Return whether neither of the two intervals lies wholly below 0, or both do."""
    below = [high < 0 for _, high in intervals]
    return "broken" if all(below) else "inconclusive" if any(below) else "kept"
