"""The pass rate of a run, and the rule about it."""

from __future__ import annotations

from fractions import Fraction
from statistics import fmean

from ..judging.statistics import rate_interval
from ..judging.worst_first import worst_first
from ..results.outcome import Outcome
from ..results.pass_rates import Unknown, rates_of, with_missing
from ..results.run import SimulationRun
from .verdict import Finding, Obstacle, PassRate, RuleVerdict


def pass_rate_of(run: SimulationRun) -> PassRate:
    """Return the pass rate of a run with its bounds and its interval."""
    passed, failed, unknown = len(run.passed), len(run.failed), len(run.unknown) + run.missing_count
    callers = with_missing(run.callers, run.missing_count)
    rates, total = rates_of(callers, Unknown.LEFT_OUT), passed + failed + unknown
    is_uneven = len({each.passed + each.failed for each in callers} - {0}) > 1
    return PassRate(
        passed,
        failed,
        unknown,
        100 * passed / (passed + failed) if passed + failed else None,
        100 * passed / total if total else None,
        100 * (passed + unknown) / total if total else None,
        _percent(rate_interval(rates)),
        100 * fmean(rates) if is_uneven else None,
    )


def min_pass_rate(run: SimulationRun, limit: float, *, is_confident: bool) -> Finding:
    """Judge the pass rate, or its interval if `is_confident`; the limit is a percentage."""
    rate, least = pass_rate_of(run), Fraction(str(limit))
    total = rate.passed + rate.failed + rate.unknown
    interval = _interval(run) if is_confident else None
    if is_confident:
        low, high = interval or (0.0, 100.0)
        is_kept, is_broken = low >= limit, high < limit
    else:
        is_kept = 100 * rate.passed >= least * total > 0
        is_broken = 100 * (rate.passed + rate.unknown) < least * total
    verdict = RuleVerdict.KEPT if is_kept else RuleVerdict.BROKEN if is_broken else RuleVerdict.INCONCLUSIVE
    obstacle = None
    if verdict is RuleVerdict.INCONCLUSIVE:
        obstacle = Obstacle.FEW_CALLERS if is_confident else Obstacle.UNKNOWN_CONVERSATIONS
    return Finding(
        "min-pass-rate",
        verdict,
        limit,
        rate.value,
        rate.lowest,
        rate.highest,
        interval,
        rate.passed + rate.failed,
        total,
        obstacle,
        conversations=_to_open(run, verdict),
    )


def _interval(run: SimulationRun) -> tuple[float, float] | None:
    """Return the lower end with unknown conversations as failed, and the upper end with them as passed."""
    callers = with_missing(run.callers, run.missing_count)
    failed, passed = (rate_interval(rates_of(callers, each)) for each in (Unknown.FAILED, Unknown.PASSED))
    return _percent((failed[0], passed[1])) if failed and passed else None


def _percent(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    return interval and (100 * interval[0], 100 * interval[1])


def _to_open(run: SimulationRun, verdict: RuleVerdict) -> tuple[int, ...]:
    outcome = {RuleVerdict.BROKEN: Outcome.FAILED, RuleVerdict.INCONCLUSIVE: Outcome.UNKNOWN}.get(verdict)
    return tuple(each.id for each in worst_first(run) if each.outcome is outcome)
