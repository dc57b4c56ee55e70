"""Why the verdict is as it is: one sentence for a reader who doesn't know the options."""

from __future__ import annotations

from ..gate.figure_rule import FigureRule, Operator, Unit
from ..gate.verdict import Cause, Finding, RuleVerdict
from ..gate.view import GateView
from ..gate.words import headline, range_text, remark, value_text
from ..judging.measurement import Condition
from ..judging.thresholds import plain_number
from ..results.notes import names_text
from ..writing.words import count_text, obstacle_text

_OPERATORS = {
    Operator.AT_MOST: "at most",
    Operator.BELOW: "less than",
    Operator.AT_LEAST: "at least",
    Operator.ABOVE: "more than",
}


def why(view: GateView) -> str:
    """Return the reason of the decision as a sentence."""
    if view.cause is Cause.FAILED:
        return headline(view)
    if view.cause is Cause.VIOLATION:
        return _sentence(obstacle_text(view.run))
    if view.cause is Cause.NOT_SETTLED:
        return _sentence(f"the run is {obstacle_text(view.run)}")
    if view.cause is Cause.NOT_A_MEASUREMENT:
        return " ".join(_sentence(_unmet(each, view)) for each in view.unmet)
    if view.cause is Cause.NO_RULE:
        return "No rule applies to this run, so nothing was judged."
    first, *others = view.deciding
    said = _sentence(finding_text(first, view))
    if view.cause is Cause.KEPT or not others:
        return said
    are = "is" if len(others) == 1 else "are"
    return f"{said} {count_text(len(others), 'more rule')} {are} {first.verdict}."


def finding_text(finding: Finding, view: GateView) -> str:
    """Return what was measured, and what was asked for."""
    if finding.figure_rule:
        return _figure_text(finding, finding.figure_rule, view)
    limit = plain_number(finding.limit or 0)
    if finding.rule == "max-always-failing":
        names = f" ({names_text(finding.details, 10)})" if finding.details else ""
        may = "may fail" if finding.verdict is RuleVerdict.INCONCLUSIVE else "fail"
        return f"{value_text(finding)} {may} every time{names}; at most {limit} may"
    asked = f"at least {limit} % were asked for"
    if finding.interval:
        return f"the 95 % interval of the pass rate is {value_text(finding)}; {asked}"
    return f"{_passed_text(finding, view)}; {asked}"


def _passed_text(finding: Finding, view: GateView) -> str:
    """Return the pass rate and, if conversations are unknown, the bound that decides."""
    rate, limit = view.pass_rate, finding.limit
    low, high = rate.passed, rate.passed + rate.unknown
    ones = "one" if rate.unknown == 1 else "ones"
    if finding.verdict is RuleVerdict.INCONCLUSIVE or rate.value is None:
        share = range_text(finding.lowest, finding.highest, limit)
        ended = f"because {_conversations(rate.unknown)} may have passed or failed"
        return f"{low:,} to {high:,} of {_conversations(finding.total)} passed, {share} %, {ended}"
    said = (
        f"{low:,} of {_conversations(finding.sample)} passed, {range_text(rate.value, rate.value, limit)} %"
    )
    if not rate.unknown:
        return said
    is_kept = finding.verdict is RuleVerdict.KEPT
    bound = finding.lowest if is_kept else finding.highest
    most = "at least" if is_kept else "at most"
    return f"{said}, and {most} {range_text(bound, bound, limit)} % with the {rate.unknown:,} unknown {ones}"


def _figure_text(finding: Finding, rule: FigureRule, view: GateView) -> str:
    name = f"the {rule.aggregate} of “{rule.figure}”"
    if finding.obstacle:
        return f"{name} can't be judged: {remark(finding, view)}"
    limit = f"{plain_number(rule.limit)} {rule.unit or ''}".rstrip()
    verb = "were" if rule.unit is Unit.PERCENT else "was"
    return f"{name} is {value_text(finding)}; {_OPERATORS[rule.operator]} {limit} {verb} asked for"


def _unmet(condition: Condition, view: GateView) -> str:
    """Return why the run is not a measurement."""
    limit, run = plain_number(condition.limit or 0), view.run
    if condition.name == "min-conversations":
        return (
            f"only {condition.sample:,} of {_conversations(condition.total)} passed or failed; "
            f"at least {limit} must"
        )
    if condition.name == "max-void":
        missing = f", {run.missing:,} of them because they are missing" if run.missing else ""
        share = range_text(condition.value, condition.value, condition.limit)
        return (
            f"{condition.sample:,} of {_conversations(condition.total)}, {share} %, say nothing "
            f"about the agent{missing}; at most {limit} % may"
        )
    if condition.name == "total-tests":
        return "the service reports no conversations in its own count"
    return "; ".join(map(str, condition.contradictions))


def _conversations(count: int) -> str:
    return count_text(count, "conversation")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
