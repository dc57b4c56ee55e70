"""The result of a comparison, and how the verdict follows from it."""

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
    """The pass rate rose, and chance is unlikely to explain the change."""
    WORSE = "worse"
    """The pass rate fell, and chance is unlikely to explain the change."""
    NO_CHANGE = "no meaningful change"
    """The confidence interval of the change is within the margin."""
    TOO_SMALL = "too small to say"
    """No verdict is certain enough; the pass rate may have changed."""
    NOT_SETTLED = "not settled"
    """A run is not settled."""
    VIOLATION = "breaks the contract"
    """A run breaks the contract."""


class Drop(StrEnum):
    """The verdict on `max_drop`."""

    KEPT = "kept"
    """The drop is below the limit."""
    BROKEN = "broken"
    """The pass rate dropped by at least the limit, and not by chance."""
    INCONCLUSIVE = "inconclusive"
    """Whether the drop is below the limit can't be decided."""


_EXIT_CODES = {Conclusion.NOT_SETTLED: 4, Conclusion.VIOLATION: 5}
_DROP_CODES = {Drop.KEPT: 0, Drop.BROKEN: 1, Drop.INCONCLUSIVE: 6}


@frozen
class Limits:
    """The limits of a comparison.

    Attributes:
        margin: The largest change, in percentage points, that isn't meaningful.
        max_drop: The maximum drop of the pass rate, in percentage points; None without a limit.
        confidence: The confidence level of the interval and of the test, 0 to 1.
        max_void: The maximum percentage of a side's conversations that may be void or missing.
    """

    margin: float = 5.0
    max_drop: float | None = None
    confidence: float = 0.95
    max_void: float = 20.0


@frozen
class Evidence:
    """The evidence for the verdict of a comparison.

    Attributes:
        effect: The change over the callers judged on both sides; None if there are fewer than two.
        doubted: The effect with every doubtful conversation of both sides counted as failed.
        doubtful: The doubtful conversations of both sides, of callers with an id.
        missing: How many conversations are missing, or belong to callers without an id.
        void: Which side has too many void or missing conversations to compare; empty if neither has.
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
        base: The earlier runs.
        new: The later runs.
        limits: The limits of the comparison.
        conclusion: The verdict.
        problem: Why the runs can't be compared; empty if they can.
        pairs: The callers that were judged on both sides, the largest drop first.
        evidence: The evidence for the verdict.
        unjudged: Callers that are on both sides, but not judged on one of them.
        only_in_base: Callers of the base that are in no new run.
        only_in_new: Callers of the new side that are in no base run.
        deltas: Metrics, flags and latency of the judged conversations of the pairs.
        notes: Other remarks, one line each.
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
        """The change over the callers judged on both sides; None if there are fewer than two."""
        return self.evidence.effect

    @property
    def is_upset_by_doubt(self) -> bool:
        """Whether the conclusion or the drop would differ if doubt were ignored."""
        if self.problem or self.evidence.void:
            return False
        trusted = evolve(self.evidence, doubted=self.evidence.effect)
        is_drop_upset = self.drop is not drop_of(trusted, self.limits) if self.drop else False
        return self.conclusion is not conclude(trusted, self.limits) or is_drop_upset

    @property
    def worse(self) -> tuple[Pair, ...]:
        """The callers whose pass rate fell, the largest drop first."""
        return tuple(each for each in self.pairs if each.change < 0)

    @property
    def better(self) -> tuple[Pair, ...]:
        """The callers whose pass rate rose, the largest rise first."""
        return tuple(each for each in reversed(self.pairs) if each.change > 0)

    @property
    def drop(self) -> Drop | None:
        """The verdict on `max_drop`; None if it was not given or the runs can't be compared."""
        if self.limits.max_drop is None or self.problem:
            return None
        return drop_of(self.evidence, self.limits)

    @property
    def exit_code(self) -> int:
        """The exit code: 5 for a violation, 4 if not settled, otherwise 0 (with `max_drop`: 0, 1 or 6)."""
        if self.drop:
            return _DROP_CODES[self.drop]
        return _EXIT_CODES.get(self.conclusion, 0)

    def callers_needed(self, points: float | None = None, spread: float = 0.0) -> int | None:
        """Return how many callers are needed to detect a change in 80 % of comparisons like this one.

        Args:
            points: The change to detect, in percentage points. Default: the margin, or `max_drop` if given.
            spread: The standard deviation of the callers' true changes, in points.

        Returns:
            The number; None if the change is 0 or too small, if no verdict differs between the sides, or if
            fewer than two callers were judged on both sides.
        """
        wanted = self.limits.margin if points is None else points
        if not self.effect or not (self.effect.flips or spread):
            return None
        return callers_needed(
            self.effect.flips, self.effect.conversations, wanted, spread, self.limits.confidence
        )


def conclude(evidence: Evidence, limits: Limits) -> Conclusion:
    """Return the verdict; unless it is worse, it must also hold if every doubtful conversation failed."""
    if evidence.void:
        return Conclusion.TOO_SMALL
    verdict = _conclude(evidence.effect, limits)
    is_upset = verdict is not Conclusion.WORSE and verdict is not _conclude(evidence.doubted, limits)
    return Conclusion.TOO_SMALL if is_upset else verdict


def drop_of(evidence: Evidence, limits: Limits) -> Drop:
    """Return the verdict on `max_drop`; `kept` must also hold if every doubtful conversation failed."""
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
