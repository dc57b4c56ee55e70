"""Judges a run by rules; docs/definitions.md defines the verdicts, and docs/gate.md lists the rules."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import UsageError
from ..judging.measurement import Condition, measurement
from ..results.run import SimulationRun
from .always_failing import max_always_failing
from .figures import judge_figure
from .pass_rate import min_pass_rate, pass_rate_of
from .rules_and_defaults import Rules
from .verdict import Cause, Finding, RuleVerdict, Verdict


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
        raise UsageError(f"rules must be a Rules, got {rules!r}.")
    rate = pass_rate_of(run)
    if run.violations:
        return Verdict(cause=Cause.VIOLATION, pass_rate=rate)
    if not run.is_settled:
        return Verdict(cause=Cause.NOT_SETTLED, pass_rate=rate)
    conditions = measurement(run, rules.min_conversations, rules.max_void, counters=rules.counters)
    findings = tuple(_findings(run, rules))
    return Verdict(
        cause=_cause(conditions, findings),
        pass_rate=rate,
        measurement=conditions,
        rules=findings,
    )


def _findings(run: SimulationRun, rules: Rules) -> Iterator[Finding]:
    """Judge each rule that is on."""
    if rules.min_pass_rate > 0:
        yield min_pass_rate(run, rules.min_pass_rate, is_confident=rules.confident)
    yield max_always_failing(run, rules.max_always_failing)
    for rule in rules.require:
        yield judge_figure(run, rule, rules.latency_unit)


def _cause(conditions: tuple[Condition, ...], findings: tuple[Finding, ...]) -> Cause:
    """Return what the decision follows from: the first that applies."""
    verdicts = {each.verdict for each in findings}
    if not all(each.is_met for each in conditions):
        return Cause.NOT_A_MEASUREMENT
    if RuleVerdict.BROKEN in verdicts:
        return Cause.BROKEN
    if RuleVerdict.INCONCLUSIVE in verdicts:
        return Cause.UNDECIDED
    return Cause.KEPT if RuleVerdict.KEPT in verdicts else Cause.NO_RULE
