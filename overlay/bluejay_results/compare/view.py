"""The view of a comparison: plain values, from which every output is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from attrs import field, frozen

from ..judging.measurement import Condition
from ..judging.pass_rates import Caller, Unknown
from ..results.notes import Note, NoteKind
from ..results.outcome import Reason
from ..results.run import SimulationRun
from ..writing.run_view import RunFacts
from ..writing.view import document
from .comparison import FEWEST, Cause, Change, Comparison, Effect, Pair
from .deltas import Delta


@frozen
class PairView:
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
class Unmet:
    """A condition of a measurement that a run doesn't meet."""

    run_id: str
    condition: Condition


@frozen
class ComparisonView:
    """The view of a comparison.

    Attributes:
        change: Worse, better or can't tell.
        cause: What the comparison follows from.
        exit_code: The exit code with `--fail-if-worse`.
        base: The facts about the base run.
        run: The facts about the new run.
        if_failed: The change with unknown conversations counted as failed; None without compared callers.
        if_passed: The change with unknown conversations counted as passed; None without compared callers.
        pairs: The callers on both sides, those that got worse first.
        left_out: The ids of the callers on one side only; None for each caller without an id.
        deltas: How the figures changed.
        unmet: Why a run is not a measurement.
        unknown: The ids of the unknown conversations of the compared callers, those of the new run first.
        notes: What to know before trusting the comparison, besides the notes of the runs.
    """

    change: Change
    cause: Cause
    exit_code: int
    base: RunFacts
    run: RunFacts
    if_failed: Effect | None
    if_passed: Effect | None
    pairs: tuple[PairView, ...] = field(repr=False)
    left_out: tuple[int | None, ...]
    deltas: tuple[Delta, ...]
    unmet: tuple[Unmet, ...]
    unknown: tuple[int, ...]
    notes: tuple[Note, ...]

    @classmethod
    def of(cls, comparison: Comparison) -> ComparisonView:
        """Return the view of a comparison."""
        base, run = comparison.base, comparison.run
        reasons = _reasons(base), _reasons(run)
        compared = {each.now.id for each in comparison.pairs}
        return cls(
            comparison.change,
            comparison.cause,
            comparison.exit_code,
            RunFacts.of(base),
            RunFacts.of(run),
            comparison.if_failed,
            comparison.if_passed,
            tuple(_pair(each, *reasons) for each in comparison.pairs),
            comparison.left_out,
            comparison.deltas,
            tuple(Unmet(side.id, condition) for side, condition in comparison.unmet),
            tuple(
                each.id for side in (run, base) for each in side.unknown if each.digital_human_id in compared
            ),
            tuple(_notes(comparison)),
        )


def comparison_json(view: ComparisonView) -> bytes:
    """Return the view as JSON."""
    return document("bluejay-results/comparison", view)


def _reasons(run: SimulationRun) -> dict[int | None, Reason]:
    """Return each caller's most frequent reason: of its failures or, without any, of its unknown ones."""
    found: dict[int | None, Reason] = {}
    for results in (run.unknown, run.failed):
        of_callers = defaultdict[int | None, Counter[Reason]](Counter)
        for each in results:
            of_callers[each.digital_human_id][each.reason] += 1
        found |= {id_: counted.most_common(1)[0][0] for id_, counted in of_callers.items()}
    return found


def _pair(pair: Pair, before: dict[int | None, Reason], now: dict[int | None, Reason]) -> PairView:
    failed, passed = (100 * pair.change(unknown) for unknown in (Unknown.FAILED, Unknown.PASSED))
    is_before = failed + passed > 0
    reason = (before if is_before else now).get(pair.now.id) if failed or passed else None
    return PairView(pair.before, pair.now, failed, passed, reason, is_before)


def _notes(comparison: Comparison) -> Iterator[Note]:
    base, run = comparison.base.simulation_id, comparison.run.simulation_id
    if base != run:
        yield Note(NoteKind.SIMULATIONS_DIFFER, {"base": base, "run": run})
    if comparison.cause is Cause.COMPARED and len(comparison.pairs) < FEWEST:
        yield Note(NoteKind.FEW_CALLERS, {"needed": FEWEST})
