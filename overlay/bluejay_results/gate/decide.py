"""Checks runs against rules; docs/definitions.md defines the verdicts, and docs/gate.md lists the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..compare.comparison import check_comparable
from ..errors import BluejayError, UsageError
from ..measuring.measurement import Condition, measurement
from ..measuring.pass_rate import PassRate
from ..results.run import SimulationRun
from .base_run import NotWorse
from .rule import Finding, Obstacle, RuleVerdict, RunRule
from .rules import Rules
from .verdict import Cause, RunVerdict, Verdict


def gate(
    runs: SimulationRun | Sequence[SimulationRun],
    rules: Rules | None = None,
    *,
    base: SimulationRun | BluejayError | None = None,
) -> Verdict:
    """Check one or more runs against the same rules.

    Args:
        runs: One or more settled runs, from `wait` or from saved files.
        rules: The rules that the runs must keep. Default: at least 80 % passed, and no caller always fails.
        base: An earlier run of the same simulation, which the run must not be worse than. If you pass the
            error raised while reading it, the rule is inconclusive.

    Raises:
        UsageError: `rules` isn't a `Rules`, there is no run, a run was passed twice, or the base run belongs
            to another simulation, is the run itself, or was passed for several runs.
    """
    given = (runs,) if isinstance(runs, SimulationRun) else tuple(runs)
    rules = Rules() if rules is None else rules
    if not isinstance(rules, Rules):
        raise UsageError(f"rules must be a Rules object, got {rules!r}.")
    if not given:
        raise UsageError("There is no run to check.")
    check_distinct([each.id for each in given])
    if base is not None and len(given) > 1:
        raise UsageError("A base run can only be compared with a single run.")
    for_run = list(rules.for_each_run)
    if base is not None:
        in_unit = base
        if isinstance(base, SimulationRun):
            check_comparable(base, given[0])
            in_unit = base.in_unit(rules.latency_unit)
        for_run.append(NotWorse(in_unit, rules.measurement))
    has_others = bool(rules.for_all_runs)
    of_runs = [_check(each.in_unit(rules.latency_unit), rules, for_run, has_others) for each in given]
    measured = [each.run for each in of_runs if each.is_measured]
    return Verdict(
        runs=tuple(of_runs),
        findings=tuple(each.check(measured) for each in rules.for_all_runs),
    )


def check_distinct(ids: Iterable[str]) -> None:
    """Raise UsageError if a run was passed twice."""
    seen = set[str]()
    for id_ in ids:
        if id_ in seen:
            raise UsageError(f"Run {id_} is listed twice. List each run only once.")
        seen.add(id_)


def _check(run: SimulationRun, rules: Rules, for_run: Iterable[RunRule], has_others: bool) -> RunVerdict:
    cause, conditions, findings = Cause.NOT_SETTLED, tuple[Condition, ...](), tuple[Finding, ...]()
    if run.violations:
        cause = Cause.VIOLATION
    elif run.is_settled:
        conditions = measurement(run, rules.measurement)
        findings = tuple(each.check(run) for each in for_run)
        cause = _cause(conditions, findings, has_others)
    opened = [
        id_
        for each in findings
        if cause is Cause.UNDECIDED and each.obstacle is Obstacle.UNKNOWN_CONVERSATIONS
        for id_ in each.conversations
    ]
    place = {id_: place for place, id_ in enumerate(dict.fromkeys(opened))}
    return RunVerdict(
        cause=cause,
        pass_rate=PassRate.of(run),
        measurement=conditions,
        findings=findings,
        run=run,
        not_passed=tuple(sorted(run.not_passed, key=lambda each: place.get(each.id, len(place)))),
    )


def _cause(conditions: tuple[Condition, ...], findings: tuple[Finding, ...], has_others: bool) -> Cause:
    """Return the decision's cause. The checks are in order of precedence."""
    verdicts = {each.verdict for each in findings}
    if not all(each.is_met for each in conditions):
        return Cause.NOT_A_MEASUREMENT
    if RuleVerdict.BROKEN in verdicts:
        return Cause.BROKEN
    if RuleVerdict.INCONCLUSIVE in verdicts:
        return Cause.UNDECIDED
    return Cause.KEPT if RuleVerdict.KEPT in verdicts or has_others else Cause.NO_RULE
