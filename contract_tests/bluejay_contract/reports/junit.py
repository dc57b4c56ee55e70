"""A report as JUnit XML, for CI: one suite per severity, one test case per rule."""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.judge import junit
from contract_kit.judge.junit import ERROR, FAILURE, OUTPUT, SKIPPED, Case, Part, Suite

from bluejay_contract.checks import AnyRule
from bluejay_contract.failure import Failure, Severity

from .report import Report

SCHEMA = "response-schema-conformance"
"""The rule whose test case reports an error when the service returned no run."""


def to_junit(report: Report) -> bytes:
    """Return a report as JUnit XML.

    A test case fails if its rule has failures of a severity that makes the check fail. Other failures are
    only written to the output of the test case, so the report and the exit code agree. A test case is
    skipped if no response could break its rule. The test case of `response-schema-conformance` is an error
    if the service returned no run.
    """
    properties = {"source": report.source, "contract": report.contract}
    suites = [
        Suite(severity, [_case(rule, report) for rule in report.rules_of(severity)], properties)
        for severity in Severity
    ]
    return junit.to_junit("bluejay-contract", suites)


def _case(rule: AnyRule, report: Report) -> Case:
    return Case(f"bluejay-contract.{rule.severity}", rule.name, list(_parts(rule, report)))


def _parts(rule: AnyRule, report: Report) -> Iterator[Part]:
    failures = report.failures_of(rule)
    if report.refusal and rule.name == SCHEMA:
        yield Part(ERROR, message=f"no run to check: the service answered {report.refusal}")
    elif rule in report.inapplicable:
        yield Part(SKIPPED, message="this rule doesn't apply to the received responses")
    text = "\n".join(map(_line, failures))
    if failures and report.counts(rule.severity):
        yield Part(FAILURE, text, str(failures[0]), rule.severity)
    elif failures:
        yield Part(OUTPUT, text)


def _line(failure: Failure) -> str:
    return f"{failure}\n  Reproduce: {failure.reproduction}"
