"""What a comparison found, and what to conclude from it."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from attrs import field, frozen

from ..run import SimulationRun
from .deltas import Delta
from .effect import Effect, callers_needed
from .pairing import Pair


class Conclusion(StrEnum):
    """The verdict of a comparison."""

    BETTER = "better"
    WORSE = "worse"
    NO_CHANGE = "no meaningful change"
    TOO_SMALL = "too small to say"
    NOT_SETTLED = "not settled"
    VIOLATION = "breaks the contract"


class Drop(StrEnum):
    """What became of the largest drop that is allowed."""

    KEPT = "kept"
    BROKEN = "broken"
    INCONCLUSIVE = "inconclusive"


_EXIT_CODES = {Conclusion.NOT_SETTLED: 4, Conclusion.VIOLATION: 5}
_DROP_CODES = {Drop.KEPT: 0, Drop.BROKEN: 1, Drop.INCONCLUSIVE: 6}


@frozen
class Comparison:
    """The runs of two sides, compared caller by caller.

    Attributes:
        base: The runs before.
        new: The runs now.
        margin: A change within so many percentage points, either way, is not meaningful.
        max_drop: By how many points the pass rate may drop, where a limit was given.
        confidence: Of the interval, and one less the chance of the test.
        pairs: The callers that were judged on both sides, those that fell most first.
        effect: The change over them; None where they are fewer than two.
        unjudged: Callers on both sides of whom one side has no judged conversation.
        only_in_base: Callers that no new run has.
        only_in_new: Callers that no base run has.
        deltas: Metrics, flags and latency of the judged conversations of the pairs.
        problem: Why nothing can be compared; empty where it can.
        notes: What to know besides.
    """

    base: tuple[SimulationRun, ...] = field(repr=False)
    new: tuple[SimulationRun, ...] = field(repr=False)
    margin: float
    max_drop: float | None
    confidence: float
    conclusion: Conclusion
    problem: str = ""
    pairs: tuple[Pair, ...] = field(default=(), repr=False)
    effect: Effect | None = None
    unjudged: tuple[int, ...] = ()
    only_in_base: tuple[int, ...] = ()
    only_in_new: tuple[int, ...] = ()
    deltas: tuple[Delta, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def worse(self) -> tuple[Pair, ...]:
        """The callers whose pass rate fell, those that fell most first."""
        return tuple(each for each in self.pairs if each.change < 0)

    @property
    def better(self) -> tuple[Pair, ...]:
        """The callers whose pass rate rose, those that rose most first."""
        return tuple(each for each in reversed(self.pairs) if each.change > 0)

    @property
    def drop(self) -> Drop | None:
        """What became of `max_drop`; None where it was not given or nothing can be compared."""
        if self.max_drop is None or self.problem:
            return None
        return drop_of(self.effect, self.max_drop, self.confidence)

    @property
    def exit_code(self) -> int:
        """The exit code of the command: 5 a violation, 4 not settled, else 0; with `max_drop` 0, 1 or 6."""
        if self.drop:
            return _DROP_CODES[self.drop]
        return _EXIT_CODES.get(self.conclusion, 0)

    def callers_needed(self, points: float | None = None, spread: float = 0.0) -> int | None:
        """Return how many callers it takes to see a change in 80 % of comparisons like this one.

        Args:
            points: The change to see. Default: `max_drop`, else the margin.
            spread: By how much callers truly change, one more than another: the standard deviation, in
                points.

        Returns:
            The number; None where the runs don't say: no verdict differs, or fewer than two callers compare.
        """
        wanted = points or self.max_drop or self.margin
        if not self.effect or not wanted or not (self.effect.flips or spread):
            return None
        return callers_needed(self.effect.flips, self.effect.conversations, wanted, spread)


def conclude(effect: Effect | None, margin: float, confidence: float) -> Conclusion:
    """Return the verdict of an effect, for a margin in points."""
    if effect is None:
        return Conclusion.TOO_SMALL
    if effect.p <= 1 - confidence:
        return Conclusion.BETTER if effect.change > 0 else Conclusion.WORSE
    is_within = -margin <= 100 * effect.interval.low and 100 * effect.interval.high <= margin
    return Conclusion.NO_CHANGE if is_within else Conclusion.TOO_SMALL


def drop_of(effect: Effect | None, most: float, confidence: float) -> Drop:
    """Return whether an effect keeps to the largest drop allowed, in points."""
    if effect is None:
        return Drop.INCONCLUSIVE
    if -100 * effect.interval.low < most:
        return Drop.KEPT
    is_real = effect.interval.high < 0 and effect.p <= 1 - confidence
    is_reached = -100 * effect.change >= Fraction(str(most))
    return Drop.BROKEN if is_real and is_reached else Drop.INCONCLUSIVE
