"""A second implementation of comparisons and of the `--base` rule, written only from the definitions."""

from collections.abc import Sequence
from math import sqrt
from statistics import mean, stdev
from typing import Literal

from .figures import Finding
from .outcomes import Outcome, Reading
from .verdicts import Interval, Options, not_a_measurement, quantile, rate

Unreadable = Literal[3, 5, 70]
"""The exit code for a run that can't be read.

The service failed; the response breaks the contract or is about another run; an internal error.
"""
Change = Literal["worse", "better", "can't tell"]
Sides = tuple[Sequence[Outcome], Sequence[Outcome]]

FEWEST = 5  # callers on both sides


class WrongUsageError(Exception):
    """The gate or compare was called incorrectly, which results in exit code 2."""


def name_one_simulation(before: Reading, now: Reading) -> bool:
    """Return whether both runs have a simulation id; raise WrongUsageError if the ids differ."""
    simulations = [each.run.get("simulation_id") for each in (before, now)]
    if before.run["id"] == now.run["id"] or (all(simulations) and simulations[0] != simulations[1]):
        raise WrongUsageError
    return all(simulations)


def compared(before: Reading, now: Reading) -> list[Sides]:
    """Return the outcomes of each caller with a passed, failed or unknown conversation in both runs."""
    old, new = before.callers(), now.callers()
    both = [(old[key], new[key]) for key in old if key[0] == "id" and key in new]
    return [sides for sides in both if all(set(side) & {"passed", "failed", "unknown"} for side in sides)]


def change(before: Reading, now: Reading, *, unknown: bool) -> Interval | None:
    """Return the interval for the change, -1 to 1; `unknown` is whether unknown conversations passed."""
    callers = compared(before, now)
    if not callers:
        return None
    changes = [float((rate(new, unknown) or 0) - (rate(old, unknown) or 0)) for old, new in callers]
    k = min(len(side) for sides in callers for side in sides)  # void conversations count too
    half = quantile(len(changes)) * stdev([*changes, 1 / k, -1 / k]) / sqrt(len(changes))
    return max(-1.0, mean(changes) - half), min(1.0, mean(changes) + half)


def changes(before: Reading, now: Reading) -> list[Interval]:
    """Return the two intervals for the change; an empty list if no caller is in both runs."""
    both = [change(before, now, unknown=each) for each in (False, True)]
    return [each for each in both if each]


def can_be_compared(before: Reading, now: Reading, options: Options) -> bool:
    """Return whether both runs are settled measurements, with the same known simulation."""
    are_measurements = all(each.settled and not not_a_measurement(each, options) for each in (before, now))
    return name_one_simulation(before, now) and are_measurements


def compare(before: Reading, now: Reading) -> Change:
    """Return whether the second run is worse or better than the first."""
    return change_of(changes(before, now)) if can_be_compared(before, now, Options()) else "can't tell"


def change_of(intervals: Sequence[Interval]) -> Change:
    """Return the verdict for the two intervals; one that ends at 0 is neither better nor worse."""
    if intervals and all(high < 0 for _, high in intervals):
        return "worse"
    return "better" if intervals and all(low > 0 for low, _ in intervals) else "can't tell"


def base_finding(base: Reading | Unreadable, run: Reading, options: Options) -> Finding:
    """Judge the `--base` rule: the run must not be worse than the base run."""
    if not isinstance(base, Reading) or not can_be_compared(base, run, options):
        return "inconclusive"
    return not_worse(changes(base, run)) if len(compared(base, run)) >= FEWEST else "inconclusive"


def not_worse(intervals: Sequence[Interval]) -> Finding:
    """Return the finding: broken if both intervals lie entirely below 0, kept if neither does."""
    below = [high < 0 for _, high in intervals]
    return "broken" if all(below) else "inconclusive" if any(below) else "kept"
