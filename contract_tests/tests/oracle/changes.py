"""A second implementation of comparisons and of the `--base` rule, written only from the definitions."""

from collections.abc import Sequence
from math import sqrt
from statistics import mean, stdev
from typing import Literal, NamedTuple

from .figures import Finding
from .outcomes import Outcome, Reading
from .verdicts import Options, is_measurement, quantile, rate

Unreadable = Literal[3, 4, 5, 70]
"""The exit code for a run that can't be read.

The service failed; the run is not ready in time; the response breaks the contract or is about another run; an
internal error.
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


def compared(before: Reading, now: Reading) -> dict[int, Sides]:
    """Return the outcomes of each caller with a passed, failed or unknown conversation in both runs."""
    old, new = before.callers(), now.callers()
    both = {key[1]: (old[key], new[key]) for key in old if key[0] == "id" and key in new}
    counted = {"passed", "failed", "unknown"}
    return {id_: sides for id_, sides in both.items() if all(counted & {*side} for side in sides)}


def of_caller(sides: Sides, *, unknown: bool) -> float:
    """Return the change in a caller's rate, -1 to 1; `unknown` is whether unknown conversations passed."""
    before, now = (rate(side, unknown) or 0 for side in sides)
    return float(now - before)


class Effect(NamedTuple):
    """The mean change, -1 to 1, and the ends of its interval."""

    change: float
    low: float
    high: float


def effect(callers: Sequence[Sides], *, unknown: bool) -> Effect | None:
    """Return the change; `unknown` is whether unknown conversations passed."""
    if not callers:
        return None
    changes = [of_caller(each, unknown=unknown) for each in callers]
    k = min(len(side) for sides in callers for side in sides)  # void conversations count too
    half = quantile(len(changes)) * stdev([*changes, 1 / k, -1 / k]) / sqrt(len(changes))
    return Effect(mean(changes), max(-1.0, mean(changes) - half), min(1.0, mean(changes) + half))


def effects(before: Reading, now: Reading) -> list[Effect]:
    """Return the change if all unknown conversations failed, and if all passed; [] without callers."""
    callers = [*compared(before, now).values()]
    both = (effect(callers, unknown=each) for each in (False, True))
    return [each for each in both if each]


def can_be_compared(before: Reading, now: Reading, options: Options) -> bool:
    """Return whether both runs are settled measurements, with the same known simulation."""
    are_measurements = all(each.settled and is_measurement(each, options) for each in (before, now))
    return name_one_simulation(before, now) and are_measurements


def change_of(both: Sequence[Effect]) -> Change:
    """Return the verdict for the two intervals; one that ends at 0 is neither better nor worse."""
    if both and all(each.high < 0 for each in both):
        return "worse"
    return "better" if both and all(each.low > 0 for each in both) else "can't tell"


def base_finding(base: Reading | Unreadable, run: Reading, options: Options) -> tuple[Finding, list[float]]:
    """Judge the `--base` rule: the run must not be worse. Also return the changes, in points."""
    if not isinstance(base, Reading) or not can_be_compared(base, run, options):
        return "inconclusive", []
    found = effects(base, run)
    changes, are_below = [100 * each.change for each in found], [each.high < 0 for each in found]
    if len(compared(base, run)) < FEWEST:
        return "inconclusive", changes
    return "broken" if all(are_below) else "inconclusive" if any(are_below) else "kept", changes
