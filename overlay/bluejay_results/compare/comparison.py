"""What a comparison found, and what to conclude from it."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from attrs import evolve, field, frozen

from ..results.result import SimulationResult
from ..results.run import SimulationRun
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
class Limits:
    """What a comparison is judged by.

    Attributes:
        margin: A change within so many percentage points, either way, is not meaningful.
        max_drop: By how many points the pass rate may drop, where a limit was given.
        confidence: Of the interval, and one less the chance of the test, 0 to 1.
        max_void: The maximum percentage of a side's conversations that may be void or missing.
    """

    margin: float = 5.0
    max_drop: float | None = None
    confidence: float = 0.95
    max_void: float = 20.0


@frozen
class Evidence:
    """What a comparison rests on.

    Attributes:
        effect: The change over the callers judged on both sides; None where they are fewer than two.
        doubted: The same with every doubtful conversation of both sides counted as failed.
        doubtful: The doubtful conversations of both sides, of callers with an id.
        missing: How many conversations are missing, or belong to callers whose id isn't known.
        void: Why too much is void or missing to compare; empty where it isn't.
    """

    effect: Effect | None = None
    doubted: Effect | None = None
    doubtful: tuple[SimulationResult, ...] = field(default=(), repr=False)
    missing: int = 0
    void: str = ""


@frozen
class Comparison:
    """The runs of two sides, compared caller by caller.

    Attributes:
        base: The runs before.
        new: The runs now.
        limits: What the comparison is judged by.
        conclusion: The verdict.
        problem: Why nothing can be compared; empty where it can.
        pairs: The callers that were judged on both sides, those that fell most first.
        evidence: What the verdict rests on.
        unjudged: Callers on both sides of whom one side has no judged conversation.
        only_in_base: Callers that no new run has.
        only_in_new: Callers that no base run has.
        deltas: Metrics, flags and latency of the judged conversations of the pairs.
        notes: What to know besides.
    """

    base: tuple[SimulationRun, ...] = field(repr=False)
    new: tuple[SimulationRun, ...] = field(repr=False)
    limits: Limits
    conclusion: Conclusion
    problem: str = ""
    pairs: tuple[Pair, ...] = field(default=(), repr=False)
    evidence: Evidence = Evidence()
    unjudged: tuple[int, ...] = ()
    only_in_base: tuple[int, ...] = ()
    only_in_new: tuple[int, ...] = ()
    deltas: tuple[Delta, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def effect(self) -> Effect | None:
        """The change over the callers judged on both sides; None where they are fewer than two."""
        return self.evidence.effect

    @property
    def is_upset_by_doubt(self) -> bool:
        """Whether a better verdict would hold if no doubtful conversation had failed."""
        if self.problem or self.evidence.void:
            return False
        trusted = evolve(self.evidence, doubted=self.evidence.effect)
        is_drop_upset = self.drop is not drop_of(trusted, self.limits) if self.drop else False
        return self.conclusion is not conclude(trusted, self.limits) or is_drop_upset

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
        if self.limits.max_drop is None or self.problem:
            return None
        return drop_of(self.evidence, self.limits)

    @property
    def exit_code(self) -> int:
        """The exit code of the command: 5 a violation, 4 not settled, else 0; with `max_drop` 0, 1 or 6."""
        if self.drop:
            return _DROP_CODES[self.drop]
        return _EXIT_CODES.get(self.conclusion, 0)

    def callers_needed(self, points: float | None = None, spread: float = 0.0) -> int | None:
        """Return how many callers it takes to see a change in 80 % of comparisons like this one.

        Args:
            points: The change to see. Default: the margin, which is `max_drop` where that is given.
            spread: By how much callers truly change, one more than another: the standard deviation, in
                points.

        Returns:
            The number; None if no number is enough (a change of 0), or if the runs don't say: no verdict
            differs, or fewer than two callers compare.
        """
        wanted = self.limits.margin if points is None else points
        if not self.effect or not (self.effect.flips or spread):
            return None
        return callers_needed(
            self.effect.flips, self.effect.conversations, wanted, spread, self.limits.confidence
        )


def conclude(evidence: Evidence, limits: Limits) -> Conclusion:
    """Return the verdict: any but worse must also hold with every doubt counted as failed."""
    if evidence.void:
        return Conclusion.TOO_SMALL
    verdict = _conclude(evidence.effect, limits)
    is_upset = verdict is not Conclusion.WORSE and verdict is not _conclude(evidence.doubted, limits)
    return Conclusion.TOO_SMALL if is_upset else verdict


def drop_of(evidence: Evidence, limits: Limits) -> Drop:
    """Return whether the pass rate keeps to `max_drop`; kept must also hold with every doubt as failed."""
    if evidence.void:
        return Drop.INCONCLUSIVE
    drop = _drop_of(evidence.effect, limits)
    is_upset = drop is Drop.KEPT and _drop_of(evidence.doubted, limits) is not Drop.KEPT
    return Drop.INCONCLUSIVE if is_upset else drop


def _conclude(effect: Effect | None, limits: Limits) -> Conclusion:
    if effect is None:
        return Conclusion.TOO_SMALL
    if effect.p <= 1 - limits.confidence:
        return Conclusion.BETTER if effect.change > 0 else Conclusion.WORSE
    low, high = 100 * effect.interval.low, 100 * effect.interval.high
    return Conclusion.NO_CHANGE if -limits.margin <= low and high <= limits.margin else Conclusion.TOO_SMALL


def _drop_of(effect: Effect | None, limits: Limits) -> Drop:
    most = limits.max_drop
    if effect is None or most is None:
        return Drop.INCONCLUSIVE
    if -100 * effect.interval.low < most:
        return Drop.KEPT
    is_real = effect.interval.high < 0 and effect.p <= 1 - limits.confidence
    is_reached = -100 * effect.change >= Fraction(str(most))
    return Drop.BROKEN if is_real and is_reached else Drop.INCONCLUSIVE
