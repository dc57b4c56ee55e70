"""The matrix as JUnit XML, for CI: one suite per operation, one test case per mutant."""

from __future__ import annotations

from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from contract_kit.matrix import Matrix, Row, Verdict
from contract_kit.safe_text import xml_safe


def to_junit(matrix: Matrix) -> bytes:
    """Return a matrix as JUnit XML.

    A crash or a hang is an error, the other faults are failures. A fault that the baseline has too, and what
    gave no mutants, is a skipped test case.
    """
    root = Element("testsuites", name="contract-kit")
    for operation, rows in groupby(matrix.rows, key=lambda row: row.operation):
        suite = SubElement(root, "testsuite", name=xml_safe(operation))
        cases = [_add_case(suite, row, is_known=matrix.is_known(row)) for row in rows]
        suite.attrib.update(tests=str(len(cases)), **{each: str(cases.count(each)) for each in _KINDS})
    if matrix.skipped:
        count = str(len(matrix.skipped))
        suite = SubElement(root, "testsuite", name="not covered", tests=count, skipped=count)
        for each in matrix.skipped:
            case = SubElement(suite, "testcase", classname="contract-kit", name=xml_safe(each.where))
            SubElement(case, "skipped", message=xml_safe(each.reason))
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


_KINDS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def _add_case(suite: Element, row: Row, *, is_known: bool) -> str:
    """Add a test case and return what it counts as; an empty string if the client was right."""
    classname = f"contract-kit.{xml_safe(row.operation)}"
    case = SubElement(suite, "testcase", classname=classname, name=xml_safe(row.id))
    if not row.verdict.bad:
        return ""
    kind = "errors" if row.verdict in (Verdict.CRASHED, Verdict.HUNG) else "failures"
    kind = "skipped" if is_known else kind
    message = f"{'known from the baseline: ' if is_known else ''}{row.verdict}: {row.breaks}"
    problem = SubElement(case, _KINDS[kind], type=row.verdict, message=xml_safe(message))
    problem.text = xml_safe(row.detail)
    return kind
