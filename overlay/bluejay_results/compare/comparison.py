"""The comparison of two runs: values only."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen

from ..judging.measurement import Condition
from ..results.notes import Note, NoteKind
from ..results.outcome import Reason
from ..results.pass_rates import Caller
from ..writing.run_view import RunFacts
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
        before: How its conversations ended in the base run.
        now: How its conversations ended in the new run.
        change_if_failed: The change in points with unknown conversations counted as failed.
        change_if_passed: The change in points with unknown conversations counted as passed.
        reason: The most frequent reason of the failures in the run that was worse for the caller; None if
            the caller didn't change.
        is_before: Whether that run is the base run.
    """

    before: Caller
    now: Caller
    change_if_failed: float
    change_if_passed: float
    reason: Reason | None
    is_before: bool

    @property
    def is_changed(self) -> bool:
        """Whether the caller's pass rate changed, or may have changed."""
        return bool(self.change_if_failed or self.change_if_passed)


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
class Unmet:
    """A condition of a measurement that a run doesn't meet.

    Attributes:
        run_id: The run.
        condition: The condition.
    """

    run_id: str
    condition: Condition


@frozen(kw_only=True)
class Comparison:
    """The comparison of a run with a base run: plain values, from which every output is written.

    Attributes:
        base: The facts about the base run.
        run: The facts about the new run.
        cause: What the comparison follows from.
        unmet: The conditions of a measurement that a run doesn't meet.
        pairs: The callers on both sides, those that got worse first.
        left_out: The ids of the callers that are on one side only; None for each caller without an id.
        if_failed: The change with every unknown conversation of both sides counted as failed; None without a
            caller on both sides.
        if_passed: The change with every unknown conversation of both sides counted as passed; None without
            a caller on both sides.
        deltas: How the figures changed.
        unknown: The ids of the unknown conversations of the compared callers, those of the new run first.
        change: Worse, better or can't tell.
        exit_code: The exit code with `--fail-if-worse`: 0, 1 worse, 4 not settled, 5 violation, 6
            inconclusive.
        notes: What to know before trusting the comparison, besides the notes of the runs.
    """

    base: RunFacts = field(repr=False)
    run: RunFacts = field(repr=False)
    cause: Cause
    unmet: tuple[Unmet, ...] = ()
    pairs: tuple[Pair, ...] = field(default=(), repr=False)
    left_out: tuple[int | None, ...] = ()
    if_failed: Effect | None = None
    if_passed: Effect | None = None
    deltas: tuple[Delta, ...] = ()
    unknown: tuple[int, ...] = ()
    change: Change = field(init=False)
    exit_code: int = field(init=False)
    notes: tuple[Note, ...] = field(init=False)

    @property
    def _effects(self) -> list[Effect]:
        return [each for each in (self.if_failed, self.if_passed) if each]

    @change.default
    def _change(self) -> Change:
        effects = self._effects
        if effects and all(each.high < 0 for each in effects):
            return Change.WORSE
        return Change.BETTER if effects and all(each.low > 0 for each in effects) else Change.CANT_TELL

    @exit_code.default
    def _exit_code(self) -> int:
        if self.cause is not Cause.COMPARED:
            return {Cause.VIOLATION: 5, Cause.NOT_SETTLED: 4}.get(self.cause, 6)
        if len(self.pairs) < FEWEST:
            return 6
        if self.change is Change.WORSE:
            return 1
        return 6 if any(each.high < 0 for each in self._effects) else 0

    @notes.default
    def _notes(self) -> tuple[Note, ...]:
        base, run, found = self.base.simulation_id, self.run.simulation_id, []
        if base != run:
            found.append(Note(NoteKind.SIMULATIONS_DIFFER, {"base": base, "run": run}))
        if self.cause is Cause.COMPARED and len(self.pairs) < FEWEST:
            found.append(Note(NoteKind.FEW_CALLERS, {"needed": FEWEST}))
        return tuple(found)
