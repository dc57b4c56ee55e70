"""Text about a verdict. Only `reason` can contain received text that isn't safe to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from ..measuring.measurement import Condition
from ..results.run import SimulationRun
from ..writing.numbers import exact_text, number_text, range_text
from ..writing.safe_text import terminal_safe
from ..writing.words import obstacle_text, unmet_text, void_text
from .rule import Finding, RuleVerdict, named, unknown_text
from .verdict import Cause, KnownIds, NoVerdict, RunVerdict, Verdict

LONGEST = 400
"""The maximum length of text from the service, in characters."""

NAME = "gate"
"""The default name of a gate."""
_LONGEST_URL = 2_000
_TITLES = {
    "min-conversations": "conversations that passed or failed: at least {}",
    "max-void": "void or missing conversations: at most {} %",
    "run-status": "the run's status is known",
    "total-tests": "the run has a conversation count, and no counter is negative",
    "counters": "the run's counters match its conversations",
}
"""The measurement conditions in words."""


@frozen
class Line:
    """A rule or a measurement condition, as text that is safe to print.

    Attributes:
        rule: The rule as the user writes it, such as `min-pass-rate 80`.
        title: The rule in words.
        value: The measured value; `-` if nothing was measured.
        verdict: The rule's verdict. A condition that isn't met makes the run inconclusive.
        remark: Why the rule isn't kept and what to do; empty if there is nothing to add.
    """

    rule: str
    title: str
    value: str
    verdict: str
    remark: str


def plain(value: object, limit: int | None = LONGEST) -> str:
    """Return a value as one line that is safe in a terminal, in XML and in a log, without credentials."""
    return terminal_safe(f"{value}", limit)


def page_url(run: SimulationRun | KnownIds) -> str:
    """Return the URL of the run's page in the app, or "" if it is unknown or too long for a browser."""
    url = run.app_url or ""
    return plain(url, None) if len(url) <= _LONGEST_URL else ""


def headline(verdict: Verdict | RunVerdict | NoVerdict) -> str:
    """Return the decision and its reason: `ship: 16 of 19 passed, 84.2 % (required: at least 80 %)`."""
    return plain(f"{verdict.decision}: {reason(verdict)}", 2 * LONGEST)


def reason(verdict: Verdict | RunVerdict | NoVerdict) -> str:
    """Return the reason for the decision, for readers who don't know the options."""
    if isinstance(verdict, NoVerdict):
        return f"{verdict.message} (exit code {verdict.exit_code})"
    return "; ".join(_reasons(verdict) if isinstance(verdict, Verdict) else _reasons_of_run(verdict))


def _reasons(verdict: Verdict) -> Iterator[str]:
    """Yield the decisive findings that span all runs, and the decisive runs' reasons.

    A finding without any run follows from the runs' reasons, so it comes last.
    """
    yield from (each.rule.sentence(each) for each in verdict.deciding if each.runs)
    yield from _decisive_runs(verdict)
    yield from (each.rule.sentence(each) for each in verdict.deciding if not each.runs)


def _decisive_runs(verdict: Verdict) -> Iterator[str]:
    deciding = [each for each in verdict.each_run if each.exit_code == verdict.exit_code]
    messages = {reason(each) for each in verdict.each_run if isinstance(each, NoVerdict)}
    is_about_all = not verdict.runs and len(messages) == 1  # an error ended the command
    if is_about_all or len(verdict.each_run) == 1:
        yield from map(reason, deciding[:1])
        return
    for each in deciding:  # the line about a run that couldn't be read explains why
        name = f"run {each.run.id}".rstrip()
        yield f"{name} could not be checked" if isinstance(each, NoVerdict) else f"in {name}, {reason(each)}"


def _reasons_of_run(verdict: RunVerdict) -> Iterator[str]:
    if verdict.cause in {Cause.VIOLATION, Cause.NOT_SETTLED}:
        yield obstacle_text(verdict.run)
    elif verdict.cause is Cause.NOT_A_MEASUREMENT:
        why = " and ".join(unmet_text(each, verdict.run) for each in verdict.unmet)
        yield f"the run isn't a valid measurement, because {why}"
    elif verdict.cause is Cause.NO_RULE:
        why = " and ".join(each.rule.remark(each) for each in verdict.deciding)
        yield f"no rule applies, because {why}"
    elif verdict.cause is Cause.KEPT:
        first = next(iter(verdict.deciding), None)
        yield first.rule.sentence(first) if first else pass_rate_text(verdict)
    else:
        yield from (each.rule.sentence(each) for each in verdict.deciding)


def pass_rate_text(verdict: RunVerdict) -> str:
    """Return the pass rate with its interval and, if any conversation is unknown, its bounds."""
    rate, unknown = verdict.pass_rate, unknown_text(verdict.run)
    if rate.value is None or rate.interval is None:
        return "; ".join(filter(None, ("no conversation passed or failed", unknown)))
    limit = verdict.min_pass_rate
    share = number_text(rate.value, "%", limit)
    parts = [f"{rate.passed} of {rate.passed + rate.failed} passed, {share}"]
    if rate.unknown:
        parts.append(f"{range_text(rate.lowest, rate.highest, limit)} counting {unknown}")
    parts.append(f"95 % interval {range_text(*rate.interval, limit)}")
    if rate.mean_of_callers is not None:
        parts.append(f"mean of the callers' pass rates {number_text(rate.mean_of_callers, '%', limit)}")
    return "; ".join(parts)


def failing_callers_text(run: SimulationRun) -> str:
    """Return the callers that have several conversations, some of which failed and none of which passed."""
    failing = [each for each in run.callers if each.failed and not each.passed and each.counted > 1]
    return named(
        f"caller {each.id} ({each.failed} of {each.counted} failed)"
        for each in sorted(failing, key=lambda each: -each.failed)
    )


def rule_lines(verdict: RunVerdict) -> list[Line]:
    """Return a line for each condition and rule, or no lines if the run wasn't checked."""
    return [
        *(_condition_line(each, verdict) for each in verdict.measurement),
        *finding_lines(verdict.findings),
    ]


def finding_lines(findings: Iterable[Finding]) -> list[Line]:
    """Return a line for each finding."""
    return [
        Line(
            plain(each.rule.text),
            plain(each.rule.title),
            plain(each.rule.value(each)),
            each.verdict,
            plain(each.rule.remark(each)),
        )
        for each in findings
    ]


def _condition_line(condition: Condition, verdict: RunVerdict) -> Line:
    limit = "" if condition.limit is None else f" {exact_text(condition.limit)}"
    value = "-" if condition.value is None else exact_text(condition.value)
    why = unmet_text(condition, verdict.run)
    if condition.name == "max-void":
        value = number_text(condition.value or 0.0, "%", condition.limit)
        why = void_text(condition, verdict.run)  # the value and the rule contain the percentages
    kept, why = (RuleVerdict.KEPT, "") if condition.is_met else (RuleVerdict.INCONCLUSIVE, why)
    title = _TITLES[condition.name].format(exact_text(condition.limit or 0))
    return Line(f"{condition.name}{limit}", title, value, kept, plain(why))
