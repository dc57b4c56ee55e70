"""The texts of a verdict. Only `reason` and `remark` may contain received text that isn't safe to print."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from attrs import frozen

from ..judging.measurement import Condition
from ..results.figures import FigureObstacle
from ..results.notes import names_text
from ..results.run import SimulationRun
from ..writing.numbers import exact_text, number_text, obstacle_of_figure, range_text
from ..writing.safe_text import terminal_safe
from ..writing.words import obstacle_text, unmet_text, void_text
from .figure_rule import Operator, Unit
from .judge import FEWEST
from .verdict import Cause, Finding, KnownIds, NoVerdict, Obstacle, RuleVerdict, Verdict

LONGEST = 400
"""The maximum length of one text from the service, in characters."""

_LONGEST_URL = 2_000
_NAMED = 10
_OPERATORS = {
    Operator.AT_MOST: "at most",
    Operator.BELOW: "less than",
    Operator.AT_LEAST: "at least",
    Operator.ABOVE: "more than",
}


@frozen
class Line:
    """One rule, or one condition that makes the run a measurement, as texts that are safe to print.

    Attributes:
        rule: The rule as the user writes it, such as `min-pass-rate 80`.
        value: The measured value; `-` if nothing was measured.
        verdict: The verdict of the rule, such as `kept`; `met` or `not met` for a condition.
        remark: Why the rule is not kept, and what to do; empty if there is nothing to add.
    """

    rule: str
    value: str
    verdict: str
    remark: str


def plain(value: object, limit: int | None = LONGEST) -> str:
    """Return a value as one line that is safe in a terminal, in XML and in a log, without credentials."""
    return terminal_safe(f"{value}", limit)


def page_url(run: SimulationRun | KnownIds) -> str:
    """Return the URL of the run's page in the app; empty if it is unknown or too long for a browser."""
    url = run.app_url or ""
    return plain(url, None) if len(url) <= _LONGEST_URL else ""


def headline(verdict: Verdict | NoVerdict) -> str:
    """Return the decision and its reason: `ship: 16 of 19 passed, 84.2 % (required: at least 80 %)`."""
    return plain(f"{verdict.decision}: {reason(verdict)}", 2 * LONGEST)


def reason(verdict: Verdict | NoVerdict) -> str:
    """Return why the decision is as it is, for a reader who doesn't know the options."""
    if isinstance(verdict, NoVerdict):
        return f"{verdict.message} (exit code {verdict.exit_code})"
    if verdict.cause in {Cause.VIOLATION, Cause.NOT_SETTLED}:
        return obstacle_text(verdict.run)
    if verdict.cause is Cause.NOT_A_MEASUREMENT:
        return f"not a measurement: {'; '.join(unmet_text(each, verdict.run) for each in verdict.unmet)}"
    if verdict.cause is Cause.NO_RULE:
        return f"no rule applies: {'; '.join(remark(each, verdict) for each in verdict.deciding)}"
    deciding = verdict.deciding[:1] if verdict.cause is Cause.KEPT else verdict.deciding
    return "; ".join(_deciding(each, verdict) for each in deciding)


def _deciding(finding: Finding, verdict: Verdict) -> str:
    """Return the result of a rule as a part of the headline."""
    why, limit = remark(finding, verdict), exact_text(finding.limit or 0)
    if rule := finding.figure_rule:
        figure = f"the {rule.aggregate} of {rule.figure}"
        if finding.obstacle:
            return f"{figure} can't be judged: {why}"
        asked = f"{_OPERATORS[rule.operator]} {exact_text(rule.limit, rule.unit or '')}"
        return f"{figure} is {value_text(finding)} (required: {asked})"
    if finding.rule == "max-always-failing":
        verb = "fails" if finding.lowest == finding.highest == 1 else "fail"
        text = f"{value_text(finding)} always {verb} (required: at most {limit})"
    else:
        rate = verdict.pass_rate
        share = range_text(rate.lowest, rate.highest, finding.limit)
        passed = f"{rate.passed} to {rate.passed + rate.unknown}" if rate.unknown else f"{rate.passed}"
        ends = f", interval {value_text(finding)}" if finding.is_confident else ""
        text = f"{passed} of {finding.total} passed, {share}{ends} (required: at least {limit} %)"
    return f"{text}: {why}" if why else text


def pass_rate_text(verdict: Verdict) -> str:
    """Return the pass rate with its interval and, if any conversation is unknown, its bounds."""
    rate = verdict.pass_rate
    if rate.value is None or rate.interval is None:
        return "; ".join(filter(None, ("no conversation passed or failed", _unknown_text(verdict))))
    limit = verdict.min_pass_rate
    share = number_text(rate.value, "%", limit)
    parts = [f"{rate.passed} of {rate.passed + rate.failed} passed, {share}"]
    if rate.unknown:
        parts.append(f"{range_text(rate.lowest, rate.highest, limit)} counting {_unknown_text(verdict)}")
    parts.append(f"95 % interval {range_text(*rate.interval, limit)}")
    if rate.mean_of_callers is not None:
        parts.append(f"mean of the callers' rates {number_text(rate.mean_of_callers, '%', limit)}")
    return "; ".join(parts)


def rule_lines(verdict: Verdict | NoVerdict) -> list[Line]:
    """Return a line for each condition and each rule; none if the run was not judged."""
    if isinstance(verdict, NoVerdict):
        return []
    return [
        *(_condition_line(each, verdict) for each in verdict.measurement),
        *(_finding_line(each, verdict) for each in verdict.rules),
    ]


def _condition_line(condition: Condition, verdict: Verdict) -> Line:
    limit = "" if condition.limit is None else f" {exact_text(condition.limit)}"
    value = "-" if condition.value is None else exact_text(condition.value)
    why = unmet_text(condition, verdict.run)
    if condition.name == "max-void":
        value = number_text(condition.value or 0.0, "%", condition.limit)
        why = void_text(condition, verdict.run)  # the value and the rule contain the percentages
    met, why = ("met", "") if condition.is_met else ("not met", why)
    return Line(f"{condition.name}{limit}", value, met, plain(why))


def _finding_line(finding: Finding, verdict: Verdict) -> Line:
    limit = f"{exact_text(finding.limit or 0)}{' confident' if finding.is_confident else ''}"
    rule = plain(f"{finding.rule} {finding.figure_rule or limit}")
    return Line(rule, value_text(finding), finding.verdict, plain(remark(finding, verdict)))


def value_text(finding: Finding) -> str:
    """Return the measured value in the unit of the limit."""
    if finding.lowest is None:
        return "-"
    if finding.rule == "max-always-failing":
        low, high = int(finding.lowest), int(finding.highest or 0)
        counted = f"{low}" if low == high else f"{low} to {high}"
        return f"{counted} of {finding.total} {'caller' if finding.total == 1 else 'callers'}"
    rule = finding.figure_rule
    if rule is None:
        return range_text(finding.lowest, finding.highest, finding.limit)
    value = Decimal(repr(finding.lowest))
    in_unit = float(value / 1000 if rule.unit is Unit.SECONDS else value)
    return number_text(in_unit, rule.unit or "", rule.limit)


def remark(finding: Finding, verdict: Verdict) -> str:
    """Return why a rule isn't kept, and what would decide it; empty if there is nothing to add."""
    if finding.figure and finding.figure.obstacle:
        is_unknown_unit = finding.figure.obstacle is FigureObstacle.UNIT_UNKNOWN
        return f"{obstacle_of_figure(finding.figure)}{' (set --latency-unit)' if is_unknown_unit else ''}"
    match finding.obstacle:
        case None:
            if finding.verdict is not RuleVerdict.BROKEN:
                return ""
            if not finding.figure_rule:
                return _callers(finding)
            noun = "conversation" if len(finding.conversations) == 1 else "conversations"
            return f"worst: {noun} {_names(finding.conversations)}"
        case Obstacle.UNKNOWN_CONVERSATIONS:
            opened = "".join(f", see conversation {id_}" for id_ in finding.conversations[:1])
            return f"{_callers(finding) or _unknown_text(verdict)}{opened}"
        case Obstacle.FEW_CALLERS:
            limit = exact_text(finding.limit or 0, "%")
            return f"the interval contains {limit}; more callers would make it narrower"
        case _:
            return f"no caller has {FEWEST} conversations"


def _unknown_text(verdict: Verdict) -> str:
    """Return how many conversations are unknown, and how many are missing; empty if there are none."""
    missing = verdict.run.missing_count
    counts = ((verdict.pass_rate.unknown - missing, "unknown"), (missing, "missing"))
    return " and ".join(f"{count} {word}" for count, word in counts if count)


def _callers(finding: Finding) -> str:
    """Return the callers that the result of a rule names; empty if it names none."""
    names = _names(finding.details)
    return names and f"caller{'' if len(finding.details) == 1 else 's'} {names}"


def _names(names: Iterable[object]) -> str:
    return names_text(names, _NAMED)
