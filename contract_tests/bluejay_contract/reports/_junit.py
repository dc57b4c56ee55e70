"""A report as JUnit XML, for CI: one suite per severity, one test case per rule."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bluejay_contract.checks import AnyRule
from bluejay_contract.failure import Failure, Severity

from ._report import Report

SCHEMA = "response-schema-conformance"
"""The rule whose test case reports an error when the service returned no run."""

# The characters that XML 1.0 cannot contain, not even as references.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(report: Report) -> bytes:
    """Return a report as JUnit XML.

    A test case fails if the failures of its rule count. Failures that don't count are written to its output,
    so the report and the exit code agree. A test case is skipped if no response could break its rule. The
    test case of the rule `schema` is an error if the service returned no run.
    """
    root = Element("testsuites", _attributes(report, "bluejay-contract", *Severity))
    for severity in Severity:
        suite = SubElement(root, "testsuite", _attributes(report, severity, severity))
        properties = SubElement(suite, "properties")
        for name, value in (("source", report.source), ("contract", report.contract)):
            SubElement(properties, "property", name=name, value=_writable(value))
        for rule in report.rules_of(severity):
            _add_case(suite, rule, report)
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add_case(suite: Element, rule: AnyRule, report: Report) -> None:
    case = SubElement(suite, "testcase", classname=f"bluejay-contract.{rule.severity}", name=rule.name)
    failures = report.failures_of(rule)
    if _is_error(rule, report):
        SubElement(case, "error", message=f"no run to check: the service answered {report.refusal}")
    elif rule in report.inapplicable:
        SubElement(case, "skipped", message="no response could break this rule")
    if not failures:
        return
    told = SubElement(case, "system-out")
    if report.counts(rule.severity):
        told.tag = "failure"
        told.attrib.update(type=rule.severity, message=_writable(str(failures[0])))
    told.text = _writable("\n".join(map(_line, failures)))


def _line(failure: Failure) -> str:
    return f"{failure}\n  Reproduce: {failure.reproduction}"


def _attributes(report: Report, name: str, *severities: Severity) -> dict[str, str]:
    rules = [rule for severity in severities for rule in report.rules_of(severity)]
    failed = sum(report.counts(rule.severity) and bool(report.failures_of(rule)) for rule in rules)
    errors = sum(_is_error(rule, report) for rule in rules)
    skipped = sum(rule in report.inapplicable and not _is_error(rule, report) for rule in rules)
    totals = {"tests": len(rules), "failures": failed, "errors": errors, "skipped": skipped}
    return {"name": name} | {total: str(count) for total, count in totals.items()}


def _is_error(rule: AnyRule, report: Report) -> bool:
    return bool(report.refusal) and rule.name == SCHEMA


def _writable(text: str) -> str:
    return _NOT_XML.sub(lambda match: ascii(match[0])[1:-1], text)
