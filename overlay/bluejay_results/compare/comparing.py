"""Compares a run with a base run; docs/definitions.md, Better or worse, defines the verdict."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from statistics import fmean

from ..errors import UsageError
from ..judging.measurement import measurement
from ..judging.statistics import change_interval
from ..results.outcome import Reason
from ..results.pass_rates import Caller, Unknown, with_missing
from ..results.run import SimulationRun
from ..writing.run_view import RunFacts
from .comparison import Cause, Comparison, Effect, Pair, Unmet
from .deltas import deltas


def compare(base: SimulationRun, run: SimulationRun) -> Comparison:
    """Compare a run with an earlier run of the same simulation, caller by caller.

    Args:
        base: The base run, settled.
        run: The new run, settled.

    Raises:
        UsageError: The two runs are the same run.
    """
    if base.id == run.id:
        raise UsageError(f"Both runs are run {run.id}. Give two different runs.")
    runs, facts = (base, run), (RunFacts.of(base), RunFacts.of(run))
    if any(each.violations for each in runs):
        return Comparison(base=facts[0], run=facts[1], cause=Cause.VIOLATION)
    if not all(each.is_settled for each in runs):
        return Comparison(base=facts[0], run=facts[1], cause=Cause.NOT_SETTLED)
    unmet = [Unmet(each.id, found) for each in runs for found in measurement(each) if not found.is_met]
    if unmet:
        return Comparison(base=facts[0], run=facts[1], cause=Cause.NOT_A_MEASUREMENT, unmet=tuple(unmet))
    before, now = (_by_id(each) for each in runs)
    both = [(before[id_], now[id_]) for id_ in before if id_ in now]
    reasons = _reasons(base), _reasons(run)
    pairs = sorted(
        (_pair(*each, *reasons) for each in both),
        key=lambda each: (each.change_if_failed, each.change_if_passed),
    )
    compared = before.keys() & now.keys()
    return Comparison(
        base=facts[0],
        run=facts[1],
        cause=Cause.COMPARED,
        pairs=tuple(pairs),
        left_out=_left_out(base, run, compared),
        if_failed=_effect(both, Unknown.FAILED),
        if_passed=_effect(both, Unknown.PASSED),
        deltas=tuple(deltas(base, run)),
        unknown=tuple(
            each.id for side in (run, base) for each in side.unknown if each.digital_human_id in compared
        ),
    )


def _by_id(run: SimulationRun) -> dict[int, Caller]:
    """Return the callers with an id that have a passed, failed or unknown conversation."""
    return {each.id: each for each in run.callers if each.id is not None and each.counted}


def _left_out(base: SimulationRun, run: SimulationRun, compared: Set[int]) -> tuple[int | None, ...]:
    """Return the ids of the callers that aren't compared: each id once, and None for each caller without."""
    ids = [
        each.id
        for side in (base, run)
        for each in with_missing(side.callers, side.missing_count)
        if each.id not in compared
    ]
    return (*dict.fromkeys(each for each in ids if each is not None), *[None] * ids.count(None))


def _reasons(run: SimulationRun) -> dict[int | None, Reason]:
    """Return each caller's most frequent reason: of its failures or, without any, of its unknown ones."""
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
    """Return the change of a caller's pass rate, -1 to 1."""
    return (now.rate(unknown) or 0.0) - (before.rate(unknown) or 0.0)


def _effect(callers: Sequence[tuple[Caller, Caller]], unknown: Unknown) -> Effect | None:
    if not callers:
        return None
    changes = [_change(*each, unknown) for each in callers]
    fewest = min(min(before.counted, now.counted) for before, now in callers)
    low, high = change_interval(changes, fewest) or (-1.0, 1.0)
    return Effect(100 * fmean(changes), 100 * low, 100 * high)
