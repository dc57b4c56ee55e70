"""Judges a run by rules; docs/definitions.md defines the verdicts, and docs/gate.md lists the rules."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from statistics import fmean

from ..errors import UsageError
from ..judging.measurement import Condition, measurement
from ..judging.statistics import rate_interval
from ..results.aggregate import Aggregate
from ..results.figures import Figures
from ..results.outcome import Outcome
from ..results.pass_rates import Unknown, rates_of
from ..results.run import SimulationRun
from .figure_rule import FigureRule, Operator
from .rules import Rules
from .verdict import Cause, Finding, Obstacle, PassRate, RuleVerdict, Verdict

FEWEST = 5
"""`max-always-failing` leaves out callers with fewer conversations, which could all fail by chance."""
_CERTAIN = 4
"""A caller certainly always fails if at least this many conversations failed and all others are void."""


def gate(run: SimulationRun, rules: Rules | None = None) -> Verdict:
    """Judge a run.

    Args:
        run: A settled run, from `wait` or from a saved file.
        rules: The rules that the run must keep. Default: at least 80 % passed, and no caller always fails.

    Raises:
        UsageError: `rules` isn't a `Rules`.
    """
    rules = Rules() if rules is None else rules
    if not isinstance(rules, Rules):
        raise UsageError(f"rules must be a Rules object, got {rules!r}.")
    run = run.in_unit(rules.latency_unit)
    cause, conditions, findings = Cause.NOT_SETTLED, tuple[Condition, ...](), tuple[Finding, ...]()
    if run.violations:
        cause = Cause.VIOLATION
    elif run.is_settled:
        conditions = measurement(run, rules.min_conversations, rules.max_void, counters=not rules.no_counters)
        findings = tuple(_findings(run, rules))
        cause = _cause(conditions, findings)
    opened = [
        id_
        for each in findings
        if cause is Cause.UNDECIDED and each.obstacle is Obstacle.UNKNOWN_CONVERSATIONS
        for id_ in each.conversations
    ]
    place = {id_: place for place, id_ in enumerate(dict.fromkeys(opened))}
    return Verdict(
        cause=cause,
        pass_rate=pass_rate_of(run),
        measurement=conditions,
        rules=findings,
        run=run,
        not_passed=tuple(sorted(run.not_passed, key=lambda each: place.get(each.id, len(place)))),
    )


def _findings(run: SimulationRun, rules: Rules) -> Iterator[Finding]:
    """Judge each rule that isn't turned off."""
    if rules.min_pass_rate > 0:
        yield min_pass_rate(run, rules.min_pass_rate, is_confident=rules.confident)
    yield max_always_failing(run, rules.max_always_failing)
    figures = Figures(run.results, run.missing_count, run.latency_unit)
    for rule in rules.require:
        yield judge_figure(figures, rule)


def _cause(conditions: tuple[Condition, ...], findings: tuple[Finding, ...]) -> Cause:
    """Return the cause of the decision. The checks are in the order of precedence."""
    verdicts = {each.verdict for each in findings}
    if not all(each.is_met for each in conditions):
        return Cause.NOT_A_MEASUREMENT
    if RuleVerdict.BROKEN in verdicts:
        return Cause.BROKEN
    if RuleVerdict.INCONCLUSIVE in verdicts:
        return Cause.UNDECIDED
    return Cause.KEPT if RuleVerdict.KEPT in verdicts else Cause.NO_RULE


def pass_rate_of(run: SimulationRun) -> PassRate:
    """Return the pass rate of a run with its bounds and its interval."""
    passed, failed, unknown = len(run.passed), len(run.failed), len(run.unknown) + run.missing_count
    rates = rates_of(run.callers, run.missing_count, Unknown.LEFT_OUT)
    is_uneven = len({each.passed + each.failed for each in run.callers} - {0}) > 1
    return PassRate(
        passed,
        failed,
        unknown,
        run.pass_rate,
        run.pass_rate_lowest,
        run.pass_rate_highest,
        _percent(rate_interval(rates)),
        100 * fmean(rates.elements()) if is_uneven else None,
    )


def min_pass_rate(run: SimulationRun, limit: float, *, is_confident: bool) -> Finding:
    """Judge the pass rate, or its interval if `is_confident`; the limit is a percentage."""
    rate, least = pass_rate_of(run), Fraction(str(limit))
    total = rate.passed + rate.failed + rate.unknown
    ends = _interval(run) if is_confident else (rate.lowest, rate.highest)
    if is_confident:
        low, high = ends[0] or 0.0, 100.0 if ends[1] is None else ends[1]
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
        *ends,
        is_confident,
        rate.passed + rate.failed,
        total,
        obstacle,
        conversations=_to_open(run, verdict),
    )


def _interval(run: SimulationRun) -> tuple[float | None, float | None]:
    """Return an interval: its lower end counts unknown conversations as failed, its upper end as passed."""
    failed, passed = (
        rate_interval(rates_of(run.callers, run.missing_count, each))
        for each in (Unknown.FAILED, Unknown.PASSED)
    )
    return (100 * failed[0], 100 * passed[1]) if failed and passed else (None, None)


def _percent(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    return interval and (100 * interval[0], 100 * interval[1])


def _to_open(run: SimulationRun, verdict: RuleVerdict) -> tuple[int, ...]:
    outcome = {RuleVerdict.BROKEN: Outcome.FAILED, RuleVerdict.INCONCLUSIVE: Outcome.UNKNOWN}.get(verdict)
    return tuple(each.id for each in run.not_passed if each.outcome is outcome)


def max_always_failing(run: SimulationRun, limit: int) -> Finding:
    """Judge how many callers always fail: how many certainly do, and how many possibly do."""
    repeated = [each for each in run.callers if each.counted + each.void >= FEWEST]
    never_passed = [each for each in repeated if not each.passed]
    may = [each for each in never_passed if each.failed or each.unknown]
    certain = [each for each in may if each.failed >= _CERTAIN and not each.unknown]
    if not repeated:
        return Finding(
            "max-always-failing",
            RuleVerdict.NOT_APPLICABLE,
            limit,
            obstacle=Obstacle.NO_REPEATED_CALLER,
        )
    is_kept, is_broken = len(may) <= limit, len(certain) > limit
    verdict = RuleVerdict.KEPT if is_kept else RuleVerdict.BROKEN if is_broken else RuleVerdict.INCONCLUSIVE
    shown = certain if is_broken else [] if is_kept else may
    return Finding(
        "max-always-failing",
        verdict,
        limit,
        float(len(certain)),
        float(len(may)),
        sample=len(repeated),
        total=len(repeated),
        obstacle=None if is_kept or is_broken else Obstacle.UNKNOWN_CONVERSATIONS,
        details=tuple(str(each.id) for each in shown),
        conversations=tuple(
            result.id
            for each in shown
            for result in run.results
            if result.digital_human_id == each.id and result.outcome in {Outcome.FAILED, Outcome.UNKNOWN}
        ),
    )


def judge_figure(figures: Figures, rule: FigureRule) -> Finding:
    """Judge a rule about a figure."""
    found = figures.figure(rule.aggregate, rule.figure, is_metric=rule.is_metric)
    verdict, conversations = RuleVerdict.INCONCLUSIVE, found.conversations
    if found.value is not None:
        is_kept = rule.holds(found.value)
        verdict = RuleVerdict.KEPT if is_kept else RuleVerdict.BROKEN
        conversations = () if is_kept else _worst(figures, rule)
    return Finding(
        "require",
        verdict,
        rule.compared_limit,
        found.value,
        found.value,
        sample=found.sample,
        total=found.total,
        obstacle=found.obstacle,
        details=found.details,
        conversations=conversations,
        figure_rule=rule,
        figure=found,
    )


def _worst(figures: Figures, rule: FigureRule) -> tuple[int, ...]:
    """Return the ids of the conversations whose own value doesn't meet the limit, the worst first."""
    is_minimum = rule.operator in {Operator.AT_LEAST, Operator.ABOVE}
    limit = 0.5 if rule.aggregate is Aggregate.RATE else rule.compared_limit
    values = figures.values(rule.figure, is_metric=rule.is_metric)
    worst = sorted(values, key=lambda each: each[1], reverse=not is_minimum)
    return tuple(each.id for each, value in worst if (value < limit if is_minimum else value > limit))
