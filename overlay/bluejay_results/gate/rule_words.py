"""The texts of rules, and of the conditions that make a run a measurement."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from ..judging.measurement import Condition
from ..judging.thresholds import distinct_number, plain_number
from ..results.metrics import RATED
from ..results.run import SimulationRun
from .aggregates import Aggregate
from .always_failing import FEWEST
from .figure_rule import Unit
from .verdict import Finding, Obstacle, RuleVerdict, Verdict


@frozen
class Line:
    """One rule, or one condition that makes the run a measurement.

    Attributes:
        name: The rule without its limit, the same in every run.
        rule: The rule as the user writes it, such as `min-pass-rate 80`.
        value: The measured value; `-` if nothing was measured.
        verdict: The verdict of the rule, such as `kept`; `met` or `not met` for a condition.
        remark: Why the rule is not kept, and what to do; empty if there is nothing to add.
    """

    name: str
    rule: str
    value: str
    verdict: str
    remark: str


def condition_line(condition: Condition, run: SimulationRun) -> Line:
    """Return the line of a condition."""
    limit = "" if condition.limit is None else f" {plain_number(condition.limit)}"
    value = "-" if condition.value is None else plain_number(condition.value)
    if condition.name == "max-void":
        value = _percent(condition.value or 0.0, condition.limit)
    why = "" if condition.is_met else unmet(condition, run)
    return Line(
        condition.name, f"{condition.name}{limit}", value, "met" if condition.is_met else "not met", why
    )


def finding_line(finding: Finding, verdict: Verdict) -> Line:
    """Return the line of a rule."""
    name = f"require {finding.figure_rule.subject}" if finding.figure_rule else finding.rule
    return Line(name, rule_text(finding), value_text(finding), finding.verdict, remark(finding, verdict))


def rule_text(finding: Finding) -> str:
    """Return a rule as the user writes it."""
    if finding.figure_rule:
        return f"require {finding.figure_rule}"
    confident = " confident" if finding.interval else ""
    return f"{finding.rule} {plain_number(finding.limit or 0)}{confident}"


def unmet(condition: Condition, run: SimulationRun) -> str:
    """Return why a condition isn't met."""
    limit = plain_number(condition.limit or 0)
    if condition.name == "min-conversations":
        return f"{condition.sample} of {condition.total} conversations passed or failed (at least {limit})"
    if condition.name == "max-void":
        share = _percent(condition.value or 0.0, condition.limit)
        missing = f", {run.missing_count} of them missing" if run.missing_count else ""
        counted = f"{condition.sample} of {condition.total} conversations void{missing}"
        return f"{counted}, {share} (at most {limit} %)"
    if condition.name == "total-tests":
        return f"total_tests is {'null' if condition.value is None else 0}"
    return f"{'; '.join(condition.details)} (--no-counters turns this off)"


def value_text(finding: Finding) -> str:
    """Return the measured value in the unit of the limit."""
    if finding.value is None:
        return "-"
    if finding.rule == "max-always-failing":
        low, high = int(finding.lowest or 0), int(finding.highest or 0)
        counted = f"{low}" if low == high else f"{low} to {high}"
        return f"{counted} of {finding.total} {'caller' if finding.total == 1 else 'callers'}"
    rule = finding.figure_rule
    if rule is None:
        return f"{range_text(*(finding.interval or (finding.lowest, finding.highest)), finding.limit)} %"
    value = finding.value / 1000 if rule.unit is Unit.SECONDS else finding.value
    if rule.unit is Unit.PERCENT:
        return _percent(value, rule.limit)
    return f"{_number(value, rule.limit).removesuffix('.0')} {rule.unit or ''}".rstrip()


def remark(finding: Finding, verdict: Verdict) -> str:
    """Return why a rule is inconclusive, doesn't apply or is broken; empty if there is nothing to add."""
    if finding.obstacle:
        return _obstacle(finding, finding.obstacle, verdict)
    if finding.verdict is not RuleVerdict.BROKEN:
        return ""
    if finding.figure_rule:
        return f"worst: {names_text([f'{each.id}' for each in finding.conversations])}"
    return names_text(finding.details)


def _obstacle(finding: Finding, obstacle: Obstacle, verdict: Verdict) -> str:
    """Return why a rule is inconclusive or doesn't apply, and what would decide it."""
    rule = finding.figure_rule
    match obstacle:
        case Obstacle.UNKNOWN_CONVERSATIONS:
            missing = verdict.run.missing_count
            counts = ((verdict.pass_rate.unknown - missing, "unknown"), (missing, "missing"))
            counted = " and ".join(f"{count} {word}" for count, word in counts if count)
            opened = "".join(f", open {each.id}" for each in finding.conversations[:1])
            return f"{names_text(finding.details) or counted}{opened}"
        case Obstacle.FEW_CALLERS:
            return f"the interval contains {plain_number(finding.limit or 0)} %, more callers would decide"
        case Obstacle.NO_REPEATED_CALLER:
            return f"no caller has {FEWEST} conversations"
        case Obstacle.UNIT_UNKNOWN:
            return "the latencies don't show their unit: set --latency-unit"
        case Obstacle.UNREADABLE:
            return f"an answer can't be read: {names_text(finding.details)}"
        case Obstacle.TYPE_UNFIT:
            fitting = sorted(RATED) if rule and rule.aggregate is Aggregate.RATE else ["quantitative"]
            return f"its type is {names_text(finding.details)}, not {' or '.join(fitting)}"
        case Obstacle.FEW_VALUES:
            if finding.sample or not (rule and rule.is_metric):
                return f"{finding.sample} of {finding.total} conversations have it, at least half are needed"
            if not finding.details:
                return "no conversation has a metric"
            return f"no conversation has this metric; the run's metrics are {names_text(finding.details)}"


def range_text(low: float | None, high: float | None, limit: float | None = None) -> str:
    """Return one number, or two that differ."""
    ends = dict.fromkeys(_number(each or 0.0, limit) for each in (low, high))
    return " to ".join(ends)


def _percent(value: float, limit: float | None) -> str:
    return f"{_number(value, limit)} %"


def _number(value: float, limit: float | None) -> str:
    """Format a number with one decimal, or with as many as distinguish it from its limit."""
    return f"{value:.1f}" if limit is None else distinct_number(value, limit)


def names_text(names: Sequence[str], most: int = 10) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"
