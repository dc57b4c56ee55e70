"""A verdict as JUnit XML, which fails where the exit code does."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ...result import Outcome, SimulationResult
from ..verdict import Answer, Decision, Finding, Verdict
from ._content import computed, found, headline, page, plain, why

_RULE_TAGS = {Answer.BROKEN: "failure", Answer.INCONCLUSIVE: "error", Answer.NOT_APPLICABLE: "skipped"}
_RESULT_TAGS = {Outcome.FAILED: "failure", Outcome.VOID: "error", Outcome.UNDER_WAY: "error"}
_TOTALS = {"failures": "failure", "errors": "error", "skipped": "skipped"}
_LISTED = 20
"""Conversations that a broken rule names."""


def junit(verdict: Verdict) -> bytes:
    """Return a verdict as JUnit XML: a case for the decision, one a rule and one a conversation.

    What the rules tolerate in a run that ships is skipped. Otherwise a failed conversation is a failure, and
    one that is void or under way an error.
    """
    findings = [_rule(each, verdict) for each in (*verdict.validity, *verdict.quality)]
    conversations = [_conversation(each, verdict) for each in verdict.run.results]
    suites = [_suite("rules", [_decision(verdict), *findings]), _suite("conversations", conversations)]
    root = Element("testsuites", name="bluejay-results gate")
    for name in ("tests", "failures", "errors"):
        root.set(name, f"{sum(int(each.get(name, 0)) for each in suites)}")
    root.extend(suites)
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _suite(name: str, cases: list[Element]) -> Element:
    found = {total: sum(each.find(tag) is not None for each in cases) for total, tag in _TOTALS.items()}
    seconds = sum(float(each.get("time", 0)) for each in cases)
    counted = {"tests": len(cases), **found}
    suite = Element("testsuite", {"name": name} | {total: f"{count}" for total, count in counted.items()})
    suite.set("time", f"{seconds:.3f}")
    suite.extend(cases)
    return suite


def _decision(verdict: Verdict) -> Element:
    """Make the case that fails whenever the exit code isn't 0, also where no rule was judged."""
    tag = "failure" if verdict.decision is Decision.DO_NOT_SHIP else "error"
    return _case("rules", "decision", None if verdict.ships else tag, headline(verdict), verdict)


def _rule(finding: Finding, verdict: Verdict) -> Element:
    ids = [f"{each.id}" for each in finding.broken_by[:_LISTED]]
    more = len(finding.broken_by) - len(ids)
    conversations = f"conversations: {', '.join(ids)}{f' and {more} more' if more else ''}" if ids else ""
    name = plain(f"{finding.rule} {finding.threshold}")
    details = (computed(finding), conversations)
    return _case("rules", name, _RULE_TAGS.get(finding.answer), found(finding), verdict, *details)


def _conversation(result: SimulationResult, verdict: Verdict) -> Element:
    tag = _RESULT_TAGS.get(result.outcome)
    if tag and verdict.ships:
        tag = "skipped"
    human = result.digital_human_id
    name = f"conversation {result.id}{'' if human is None else f' of digital human {human}'}"
    case = _case("conversations", name, tag, why(result), verdict)
    if result.duration is not None:
        case.set("time", f"{result.duration.total_seconds():.3f}")
    return case


def _case(suite: str, name: str, tag: str | None, message: str, verdict: Verdict, *details: str) -> Element:
    case = Element("testcase", classname=f"bluejay-results.{suite}", name=name)
    if tag:
        said = SubElement(case, tag, message=message)
        said.text = "\n".join(filter(None, (message, *details, page(verdict.run))))
    return case
