"""Compares a run with a base run. `docs/definitions.md` (Better or worse) defines the verdicts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import partial
from statistics import fmean

from attrs import field, frozen

from ..errors import UsageError
from ..measuring.measurement import Condition, MeasurementRules, measurement
from ..measuring.statistics import change_interval
from ..results.notes import Note, NoteKind
from ..results.pass_rates import Caller, Unknown, rate_of
from ..results.reason import Reason
from ..results.run import SimulationRun
from .deltas import Delta, deltas

FEWEST = 5
"""The minimum number of callers that must be in both runs before a gate decides by a base run."""


class Change(StrEnum):
    """A comparison's verdict."""

    WORSE = "worse"
    """The entire interval is below 0, whether unknown conversations count as failed or as passed."""
    BETTER = "better"
    """The entire interval is above 0, whether unknown conversations count as failed or as passed."""
    CANT_TELL = "can't tell"
    """Neither worse nor better, or the runs could not be compared."""


class ComparisonCause(StrEnum):
    """The cause of a comparison's verdict."""

    VIOLATION = "violation"
    """A run breaks the contract."""
    NOT_SETTLED = "not settled"
    """A run did not settle in time."""
    NOT_A_MEASUREMENT = "not a measurement"
    """A run is not a valid measurement."""
    NO_SIMULATION = "no simulation"
    """A run has no simulation id, so the runs might belong to different simulations."""
    COMPARED = "compared"
    """The runs were compared."""


@frozen
class Pair:
    """A caller that is in both runs.

    Attributes:
        before: The outcomes of the caller's conversations in the base run.
        now: The outcomes of the caller's conversations in the new run.
        change_if_failed: The change in points if unknown conversations count as failed.
        change_if_passed: The change in points if unknown conversations count as passed.
        reason: The most frequent reason for failures in the run in which the caller's rate is lower; None if
            the rate didn't change.
        is_before: Whether `reason` is from the base run.
    """

    before: Caller
    now: Caller
    change_if_failed: float
    change_if_passed: float
    reason: Reason | None
    is_before: bool

    @property
    def is_changed(self) -> bool:
        """Whether the caller's pass rate changed, or might have changed."""
        return bool(self.change_if_failed or self.change_if_passed)


@frozen
class Effect:
    """The mean change in the callers' pass rates, with its 95 % interval.

    Attributes:
        change: The mean change, in points.
        low: The lower end of the interval, in points.
        high: The upper end of the interval, in points.
    """

    change: float
    low: float
    high: float


@frozen(kw_only=True)
class Comparison:
    """A comparison of a run with a base run: both runs, and the values that every output shows.

    Attributes:
        base: The base run.
        run: The new run.
        cause: The cause of the verdict.
        unmet: The measurement conditions that aren't met, by run id.
        pairs: The callers in both runs; those that got worse come first.
        left_out: The ids of the callers that are in only one run.
        left_out_without_id: The number of conversations without a caller id, including missing ones.
        if_failed: The change if every unknown conversation in both runs failed; None if no caller is in both
            runs.
        if_passed: The change if every unknown conversation in both runs passed; None if no caller is in both
            runs.
        deltas: How each figure changed.
        unknown: The ids of the compared callers' unknown conversations; the new run's come first.
        change: Worse, better or can't tell.
        notes: Notes to read before trusting the comparison, in addition to the runs' own notes.
    """

    base: SimulationRun = field(repr=False)
    run: SimulationRun = field(repr=False)
    cause: ComparisonCause
    unmet: Mapping[str, tuple[Condition, ...]] = field(factory=dict)
    pairs: tuple[Pair, ...] = field(default=(), repr=False)
    left_out: tuple[int, ...] = ()
    left_out_without_id: int = 0
    if_failed: Effect | None = None
    if_passed: Effect | None = None
    deltas: tuple[Delta, ...] = ()
    unknown: tuple[int, ...] = ()
    change: Change = field(init=False)
    notes: tuple[Note, ...] = field(init=False)

    @property
    def effects(self) -> list[Effect]:
        """The change if all unknown conversations failed, and if all passed. Empty without callers."""
        return [each for each in (self.if_failed, self.if_passed) if each]

    @change.default
    def _change(self) -> Change:
        effects = self.effects
        if effects and all(each.high < 0 for each in effects):
            return Change.WORSE
        return Change.BETTER if effects and all(each.low > 0 for each in effects) else Change.CANT_TELL

    @notes.default
    def _notes(self) -> tuple[Note, ...]:
        is_small = self.cause is ComparisonCause.COMPARED and len(self.pairs) < FEWEST
        return (Note(NoteKind.FEW_CALLERS, {"needed": FEWEST}),) if is_small else ()


def compare(
    base: SimulationRun, run: SimulationRun, measured_by: MeasurementRules | None = None
) -> Comparison:
    """Compare a run with an earlier run of the same simulation, caller by caller.

    Args:
        base: The base run, settled.
        run: The new run, settled.
        measured_by: The conditions that both runs must meet to be measurements. Default: the same as in a
            gate without options.

    Raises:
        UsageError: The two runs are the same run, or belong to different simulations.
    """
    check_comparable(base, run)
    runs, found = (base, run), partial(Comparison, base=base, run=run)
    if any(each.violations for each in runs):
        return found(cause=ComparisonCause.VIOLATION)
    if not (base.simulation_id and run.simulation_id):
        return found(cause=ComparisonCause.NO_SIMULATION)
    if not all(each.is_settled for each in runs):
        return found(cause=ComparisonCause.NOT_SETTLED)
    conditions = {each.id: measurement(each, measured_by or MeasurementRules()) for each in runs}
    unmet = {id_: tuple(each for each in found_ if not each.is_met) for id_, found_ in conditions.items()}
    if any(unmet.values()):
        return found(cause=ComparisonCause.NOT_A_MEASUREMENT, unmet=unmet)
    before, now = (_by_id(each) for each in runs)
    both = [(before[id_], now[id_]) for id_ in before if id_ in now]
    reasons = _reasons(base), _reasons(run)
    pairs = sorted(
        (_pair(*each, *reasons) for each in both),
        key=lambda each: (each.change_if_failed, each.change_if_passed),
    )
    compared, ids = before.keys() & now.keys(), [each.id for side in runs for each in side.callers]
    return found(
        cause=ComparisonCause.COMPARED,
        pairs=tuple(pairs),
        left_out=tuple(dict.fromkeys(id_ for id_ in ids if id_ is not None and id_ not in compared)),
        left_out_without_id=ids.count(None) + sum(each.missing_count for each in runs),
        if_failed=_effect(both, Unknown.FAILED),
        if_passed=_effect(both, Unknown.PASSED),
        deltas=tuple(deltas(base, run, compared)),
        unknown=tuple(
            each.id for side in (run, base) for each in side.unknown if each.digital_human_id in compared
        ),
    )


def check_comparable(base: SimulationRun, run: SimulationRun) -> None:
    """Raise UsageError if both are the same run, or if they belong to different simulations."""
    if base.id == run.id:
        raise UsageError(f"Run {run.id} can't be compared with itself. Pass two different runs.")
    if base.simulation_id and run.simulation_id and base.simulation_id != run.simulation_id:
        raise UsageError(
            f"Run {base.id} belongs to simulation {base.simulation_id}, but run {run.id} belongs to "
            f"simulation {run.simulation_id}. Pass two runs of the same simulation."
        )


def _by_id(run: SimulationRun) -> dict[int, Caller]:
    """Return the callers that have an id and at least one passed, failed or unknown conversation."""
    return {each.id: each for each in run.callers if each.id is not None and each.counted}


def _reasons(run: SimulationRun) -> dict[int | None, Reason]:
    """Return the most frequent reason for each caller's failed conversations.

    If no conversation of a caller failed, return the most frequent reason for the unknown ones.
    """
    found: dict[int | None, Reason] = {}
    for results in (run.unknown, run.failed):
        of_callers = defaultdict[int | None, Counter[Reason]](Counter)
        for each in results:
            of_callers[each.digital_human_id][each.reason] += 1
        found |= {id_: counted.most_common(1)[0][0] for id_, counted in of_callers.items()}
    return found


def _pair(
    before: Caller, now: Caller, reasons_before: dict[int | None, Reason], reasons: dict[int | None, Reason]
) -> Pair:
    failed, passed = (100 * _change(before, now, each) for each in (Unknown.FAILED, Unknown.PASSED))
    is_before = failed + passed > 0
    reason = (reasons_before if is_before else reasons).get(now.id) if failed or passed else None
    return Pair(before, now, failed, passed, reason, is_before)


def _change(before: Caller, now: Caller, unknown: Unknown) -> float:
    """Return the change in a caller's pass rate, -1 to 1."""
    return (rate_of(now, unknown) or 0.0) - (rate_of(before, unknown) or 0.0)


def _effect(callers: Sequence[tuple[Caller, Caller]], unknown: Unknown) -> Effect | None:
    if not callers:
        return None
    changes = [_change(*each, unknown) for each in callers]
    fewest = min(side.counted + side.void for pair in callers for side in pair)
    low, high = change_interval(changes, fewest) or (-1.0, 1.0)
    return Effect(100 * fmean(changes), 100 * low, 100 * high)
