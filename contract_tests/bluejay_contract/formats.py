"""Report formats: text for people, JSON for programs, and JUnit XML for CI."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby

import attrs
from contract_kit.judge import junit
from contract_kit.judge.junit import ERROR, FAILURE, OUTPUT, SKIPPED, Case, Part, Suite
from contract_kit.terminal import terminal_safe

from .checks import Rule
from .failure import Failure, Severity
from .report import Paging, Report

SCHEMA = "response-schema-conformance"
"""If the service returned no run, this rule's JUnit test case is an error."""

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
    """Return a report as lines of text, with at most `listed` failures per rule, or all failures for None."""
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


def _rule_lines(rule: Rule, failures: tuple[Failure, ...], listed: int | None) -> Iterator[str]:
    for command, group in groupby(failures, key=lambda failure: failure.reproduction):
        found = list(group)
        shown = found[:listed]
        yield f"  {rule.name}: {rule.description}"
        for each in shown:
            yield "    " + terminal_safe(
                f"{each.path}: expected {each.expected}, but received {each.received}"
            )
        if len(found) > len(shown):
            yield f"    and {len(found) - len(shown):,} more (--all lists them)"
        yield from (f"    Reproduce: {terminal_safe(command)}", "")


def _verdict(report: Report) -> str:
    violations, suspicious, drift = (report.count(severity) for severity in Severity)
    if violations:
        verdict = "breaks the contract"
    elif not report.passed:
        verdict = "has drift, which --strict counts as a violation"
    elif report.refusal:
        verdict = f"was not checked, because the service responded with {report.refusal}. In this response"
    else:
        verdict = "conforms to the contract"
    counts = [
        _count(violations, "violation"),
        _count(suspicious, "suspicious value"),
        _count(drift, "drift finding"),
    ]
    notes = {
        "check the key, the run id and the URL": bool(report.refusal),
        "the run is still under way, so check it again after it has ended": report.under_way,
        "suspicious values never fail the check": suspicious > 0,
        "drift fails the check only with --strict": drift > 0 and not report.strict,
        "--json lists the rules that don't apply to the received responses": bool(report.inapplicable),
    }
    said = "; ".join(note for note, applies in notes.items() if applies)
    return f"{terminal_safe(report.source)} {verdict}: {', '.join(counts)}{f' ({said})' if said else ''}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def to_json(report: Report) -> str:
    """Return a report as a single ASCII JSON document that includes every failure."""
    document = {
        "source": report.source,
        "contract": report.contract,
        "passed": report.passed and not report.refusal,
        "refusal": report.refusal or None,
        "under_way": report.under_way,
        "paging": report.paging,
        "strict": report.strict,
        "counts": {severity: report.count(severity) for severity in Severity},
        "rules": [rule.name for rule in report.rules],
        "inapplicable": [rule.name for rule in report.inapplicable],
        "answers": [attrs.asdict(answer) for answer in report.answers],
        "failures": [attrs.asdict(failure) for failure in report.failures],
    }
    return json.dumps(document, indent=1) + "\n"


def to_junit(report: Report) -> bytes:
    """Return a report as JUnit XML: one suite per severity, one test case per rule.

    A test case fails if its rule has failures of a severity that makes the check fail. Other failures only
    appear in the test case's output, so the report and the exit code agree. A test case is
    skipped if no response could break its rule. The test case of `response-schema-conformance` is an error
    if the service returned no run.
    """
    properties = {"source": report.source, "contract": report.contract}
    suites = [
        Suite(severity, [_case(rule, report) for rule in report.rules_of(severity)], properties)
        for severity in Severity
    ]
    return junit.to_junit("bluejay-contract", suites)


def _case(rule: Rule, report: Report) -> Case:
    return Case(f"bluejay-contract.{rule.severity}", rule.name, list(_parts(rule, report)))


def _parts(rule: Rule, report: Report) -> Iterator[Part]:
    failures = report.failures_of(rule)
    if report.refusal and rule.name == SCHEMA:
        yield Part(
            ERROR, message=f"there is no run to check, because the service responded with {report.refusal}"
        )
    elif rule in report.inapplicable:
        yield Part(SKIPPED, message="this rule doesn't apply to the received responses")
    text = "\n".join(f"{failure}\n  Reproduce: {failure.reproduction}" for failure in failures)
    if failures and report.counts(rule.severity):
        yield Part(FAILURE, text, str(failures[0]), rule.severity)
    elif failures:
        yield Part(OUTPUT, text)
