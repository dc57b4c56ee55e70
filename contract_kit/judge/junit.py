"""Writes JUnit XML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from attrs import field, frozen

from contract_kit.terminal import safe_line

FAILURE, ERROR, SKIPPED, OUTPUT = "failure", "error", "skipped", "system-out"
"""The tags for the parts of a test case: the three outcomes other than success, and the output."""

_TOTALS = {"failures": FAILURE, "errors": ERROR, "skipped": SKIPPED}


@frozen
class Part:
    """A part of a test case.

    Attributes:
        tag: One of this module's constants.
        text: Further lines.
        message: A one-line message; empty if the tag is `OUTPUT`.
        type: The kind of failure; empty if there is none.
    """

    tag: str
    text: str = ""
    message: str = ""
    type: str = ""


@frozen
class Case:
    """A test case. It has passed if none of its parts is a failure, an error or a skip."""

    classname: str
    name: str
    parts: Sequence[Part] = ()


@frozen
class Suite:
    """Test cases that are counted together."""

    name: str
    cases: Sequence[Case]
    properties: Mapping[str, str] = field(factory=dict)


def to_junit(name: str, suites: Sequence[Suite]) -> bytes:
    """Return test suites as one JUnit XML document."""
    root = Element("testsuites", name=name)
    for suite in suites:
        element = SubElement(root, "testsuite", {"name": _xml_safe(suite.name)} | _totals([suite]))
        if suite.properties:
            properties = SubElement(element, "properties")
            for key, value in suite.properties.items():
                SubElement(properties, "property", name=key, value=_xml_safe(value))
        for case in suite.cases:
            _add_case(element, case)
    root.attrib.update(_totals(suites))
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add_case(suite: Element, case: Case) -> None:
    element = SubElement(suite, "testcase", classname=_xml_safe(case.classname), name=_xml_safe(case.name))
    for part in case.parts:
        attributes = {"type": part.type, "message": part.message}
        said = {name: _xml_safe(value) for name, value in attributes.items() if value}
        SubElement(element, part.tag, said).text = _xml_safe(part.text) or None


def _totals(suites: Sequence[Suite]) -> dict[str, str]:
    cases = [case for suite in suites for case in suite.cases]
    tags = Counter(tag for case in cases for tag in {part.tag for part in case.parts})
    return {"tests": f"{len(cases)}"} | {total: f"{tags[tag]}" for total, tag in _TOTALS.items()}


def _xml_safe(text: str) -> str:
    """Return text without anything that XML can't contain or that a CI system would run as a command."""
    return "\n".join(map(safe_line, text.splitlines()))
