"""The texts of a verdict. They quote received text: reports make it safe to print.

Use `first_line` (the decision and its `reason`), `pass_rate_line` (the bounds and the interval), `rule_lines`
(a `Line` per condition and per rule), `not_passed` (the conversations, those that the first line names first)
and `notes` (what to know before trusting the numbers).
"""

from __future__ import annotations

from ..judging.readiness import incomplete_note, not_settled_reason, violation_reason
from ..judging.thresholds import plain_number
from ..judging.worst_first import worst_first
from ..results.result import SimulationResult
from .always_failing import FEWEST
from .rule_words import Line, condition_line, finding_line, names_text, range_text, remark, unmet, value_text
from .verdict import Cause, Finding, Obstacle, PassRate, Verdict

_REPEATED = 3
"""A caller with this many conversations that all failed is named, even if it is too few for a rule."""


def first_line(verdict: Verdict) -> str:
    """Return the decision and its reason, such as `ship: 16 of 19 passed, 84.2 % (at least 80 %)`."""
    return f"{verdict.decision}: {reason(verdict)}"


def reason(verdict: Verdict) -> str:
    """Return why the verdict is as it is."""
    if verdict.cause is Cause.VIOLATION:
        return violation_reason(verdict.run)
    if verdict.cause is Cause.NOT_SETTLED:
        return not_settled_reason(verdict.run)
    if verdict.cause is Cause.NOT_A_MEASUREMENT:
        return f"not a measurement: {'; '.join(unmet(each, verdict.run) for each in verdict.unmet)}"
    if verdict.cause is Cause.NO_RULE:
        return f"no rule applies: {'; '.join(remark(each, verdict) for each in verdict.deciding)}"
    deciding = verdict.deciding[:1] if verdict.cause is Cause.KEPT else verdict.deciding
    return "; ".join(_deciding(each, verdict) for each in deciding)


def pass_rate_line(rate: PassRate) -> str:
    """Return the pass rate with its bounds, if any conversation is unknown, and its interval."""
    if rate.value is None or rate.interval is None:
        return f"no conversation passed or failed, {rate.unknown} unknown or missing"
    low, high = rate.interval
    parts = [f"{rate.passed} of {rate.passed + rate.failed} passed, {rate.value:.1f} %"]
    if rate.unknown:
        parts.append(f"{range_text(rate.lowest, rate.highest)} % with {rate.unknown} unknown or missing")
    parts.append(f"95 % interval {low:.1f} to {high:.1f} %")
    if rate.mean_of_callers is not None:
        parts.append(f"mean of the callers' rates {rate.mean_of_callers:.1f} %")
    return "; ".join(parts)


def rule_lines(verdict: Verdict) -> list[Line]:
    """Return a line for each condition and each rule; none if the run was not judged by them."""
    return [
        *(condition_line(each, verdict.run) for each in verdict.measurement),
        *(finding_line(each, verdict) for each in verdict.rules),
    ]


def not_passed(verdict: Verdict) -> list[SimulationResult]:
    """Return the conversations that did not pass, the worst first; the first line names the first ones."""
    named = [
        each
        for finding in verdict.deciding
        if finding.obstacle is Obstacle.UNKNOWN_CONVERSATIONS
        for each in finding.conversations
    ]
    return list({each.id: each for each in (*named, *worst_first(verdict.run))}.values())


def notes(verdict: Verdict) -> list[str]:
    """Return what to know before trusting the numbers, one line each."""
    run = verdict.run
    never = [
        f"{each.id} ({each.failed} of {each.failed})"
        for each in run.by_digital_human
        if _REPEATED <= each.failed == len(each.results) < FEWEST
    ]
    found = [*map(str, run.notes), incomplete_note(run)]
    if never:
        found.append(
            f"callers that failed every time, too few times for max-always-failing: {names_text(never)}"
        )
    return [each for each in found if each]


def _deciding(finding: Finding, verdict: Verdict) -> str:
    """Return a finding as a part of the first line."""
    why, limit = remark(finding, verdict), plain_number(finding.limit or 0)
    if finding.figure_rule:
        return f"{finding.figure_rule}: {why if finding.obstacle else value_text(finding)}"
    if finding.rule == "max-always-failing":
        text = f"{value_text(finding)} always fail (at most {limit})"
    else:
        rate, share = verdict.pass_rate, range_text(finding.lowest, finding.highest, finding.limit)
        passed = f"{rate.passed} to {rate.passed + rate.unknown}" if rate.unknown else f"{rate.passed}"
        ends = f", interval {value_text(finding)}" if finding.interval else ""
        text = f"{passed} of {finding.total} passed, {share} %{ends} (at least {limit} %)"
    return f"{text}: {why}" if why else text
