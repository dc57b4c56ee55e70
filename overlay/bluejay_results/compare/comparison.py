"""The comparison of two runs: values only."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from statistics import fmean

from attrs import field, frozen

from ..judging.measurement import Condition
from ..judging.pass_rates import Caller, Unknown
from ..judging.statistics import change_interval
from ..results.run import SimulationRun
from .deltas import Delta

FEWEST = 5
"""With fewer callers on both sides, `--fail-if-worse` gives no answer."""


class Change(StrEnum):
    """The verdict of a comparison."""

    WORSE = "worse"
    """Both intervals lie wholly below 0."""
    BETTER = "better"
    """Both intervals lie wholly above 0."""
    CANT_TELL = "can't tell"
    """Anything else."""


class Cause(StrEnum):
    """What a comparison follows from."""

    VIOLATION = "violation"
    """A run breaks the contract."""
    NOT_SETTLED = "not settled"
    """A run did not settle in time."""
    NOT_A_MEASUREMENT = "not a measurement"
    """A run is not a measurement."""
    COMPARED = "compared"
    """The runs were compared."""


@frozen
class Pair:
    """One caller on both sides.

    Attributes:
        before: The caller in the base run.
        now: The caller in the new run.
    """

    before: Caller
    now: Caller

    def change(self, unknown: Unknown) -> float:
        """Return the change of the caller's pass rate, -1 to 1."""
        return (self.now.rate(unknown) or 0.0) - (self.before.rate(unknown) or 0.0)


@frozen
class Effect:
    """The mean change of the callers' pass rates, with its 95 % interval.

    Attributes:
        change: The mean change, in points.
        low: The lower end of the interval, in points.
        high: The upper end of the interval, in points.
    """

    change: float
    low: float
    high: float


@frozen
class Comparison:
    """The comparison of a run with a base run.

    Attributes:
        base: The base run.
        run: The new run.
        cause: What the comparison follows from.
        unmet: The conditions of a measurement that a run doesn't meet, each with its run.
        pairs: The callers on both sides, those that got worse first.
        left_out: The ids of the callers that are on one side only; None for each caller without an id.
        if_failed: The change with every unknown conversation of both sides counted as failed; None without a
            caller on both sides.
        if_passed: The change with every unknown conversation of both sides counted as passed; None without
            a caller on both sides.
        deltas: How the figures changed.
    """

    base: SimulationRun = field(repr=False)
    run: SimulationRun = field(repr=False)
    cause: Cause
    unmet: tuple[tuple[SimulationRun, Condition], ...] = ()
    pairs: tuple[Pair, ...] = ()
    left_out: tuple[int | None, ...] = ()
    if_failed: Effect | None = None
    if_passed: Effect | None = None
    deltas: tuple[Delta, ...] = ()

    @property
    def change(self) -> Change:
        """Worse, better or can't tell."""
        effects = self._effects
        if effects and all(each.high < 0 for each in effects):
            return Change.WORSE
        return Change.BETTER if effects and all(each.low > 0 for each in effects) else Change.CANT_TELL

    @property
    def _effects(self) -> list[Effect]:
        return [each for each in (self.if_failed, self.if_passed) if each]

    @property
    def exit_code(self) -> int:
        """The exit code with `--fail-if-worse`: 0, 1 worse, 4 not settled, 5 violation, 6 inconclusive."""
        if self.cause is not Cause.COMPARED:
            return {Cause.VIOLATION: 5, Cause.NOT_SETTLED: 4}.get(self.cause, 6)
        if len(self.pairs) < FEWEST:
            return 6
        if self.change is Change.WORSE:
            return 1
        return 6 if any(each.high < 0 for each in self._effects) else 0


def effects(pairs: Sequence[Pair]) -> tuple[Effect | None, Effect | None]:
    """Return the change with unknown conversations counted as failed, and with them counted as passed."""
    failed, passed = (
        _effect(pairs, [each.change(unknown) for each in pairs])
        for unknown in (Unknown.FAILED, Unknown.PASSED)
    )
    return failed, passed


def _effect(pairs: Sequence[Pair], changes: Sequence[float]) -> Effect | None:
    if not pairs:
        return None
    fewest = min(min(each.before.counted, each.now.counted) for each in pairs)
    low, high = change_interval(changes, fewest) or (-1.0, 1.0)
    return Effect(100 * fmean(changes), 100 * low, 100 * high)
