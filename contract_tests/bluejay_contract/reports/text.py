"""A report as plain text, for people: one line per failure."""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.terminal import terminal_safe

from bluejay_contract.checks import AnyRule
from bluejay_contract.failure import Failure, Severity

from .report import Paging, Report, by_reproduction

_PAGING = {
    Paging.SENT: "The service sends the results in pages.",
    Paging.IGNORED: "The service ignores limit and offset, and sends all results at once.",
    Paging.UNKNOWN: "Can't tell whether the service sends pages, because no page has more than one result.",
}

_HEADINGS = {
    Severity.VIOLATION: "Violations (forbidden)",
    Severity.SUSPICIOUS: "Suspicious (allowed but implausible)",
    Severity.DRIFT: "Drift (not in the contract yet)",
}


def to_text(report: Report, listed: int | None) -> str:
    """Return a report as lines of text.

    Args:
        report: The report to write.
        listed: The maximum number of failures to list per rule; None lists all.
    """
    return "\n".join(_lines(report, listed)) + "\n"


def _lines(report: Report, listed: int | None) -> Iterator[str]:
    for answer in report.answers:
        yield f"{answer.request:<12} {answer.status}  {answer.bytes:,} bytes"
    if report.paging:
        yield _PAGING[report.paging]
    if report.answers:
        yield ""
    for severity in Severity:
        if report.count(severity):
            yield from (_HEADINGS[severity], "")
            for rule in report.rules_of(severity):
                yield from _rule_lines(rule, report.failures_of(rule), listed)
    yield _verdict(report)


def _rule_lines(rule: AnyRule, failures: tuple[Failure, ...], listed: int | None) -> Iterator[str]:
    for command, group in by_reproduction(failures):
        yield f"  {rule.name}: {rule.description}"
        for failure in group[:listed]:
            yield "    " + terminal_safe(
                f"{failure.path}: expected {failure.expected}, received {failure.received}"
            )
        if group[len(group[:listed]) :]:
            yield f"    and {len(group) - len(group[:listed]):,} more (--all lists them)"
        yield from (f"    Reproduce: {terminal_safe(command)}", "")


def _verdict(report: Report) -> str:
    if report.count(Severity.VIOLATION):
        verdict = "breaks the contract"
    elif not report.passed:
        verdict = "has drift, which --strict counts as a violation"
    elif report.refusal:
        verdict = f"was not checked, because the service answered {report.refusal}"
    else:
        verdict = "conforms to the contract"
    violations, suspicious, drift = (report.count(severity) for severity in Severity)
    counts = [_count(violations, "violation"), _count(suspicious, "suspicious value"), f"{drift:,} drift"]
    return f"{terminal_safe(report.source)} {verdict}: {', '.join(counts)}{_notes(report)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _notes(report: Report) -> str:
    notes = ["check the key, the run id and the URL"] if report.refusal else []
    if report.under_way:
        notes.append("the run is still under way: check it again after it has ended")
    if report.count(Severity.SUSPICIOUS):
        notes.append("suspicious values never fail the check")
    if report.count(Severity.DRIFT) and not report.strict:
        notes.append("drift fails the check only with --strict")
    if report.inapplicable:
        notes.append("--json lists the rules that don't apply to the received responses")
    return f" ({'; '.join(notes)})" if notes else ""
