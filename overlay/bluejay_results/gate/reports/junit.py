"""A verdict as JUnit XML, with a failure or an error whenever the exit code isn't 0.

A test case has the same name in every run, so that a CI system can compare runs; ids are properties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ...results.outcome import Outcome
from ...results.result import SimulationResult
from ..rule_words import Line
from ..verdict import Decision, RuleVerdict, Verdict
from ..words import notes
from .content import headline, page_url, plain, rule_lines
from .failure import Failure

_RULE_TAGS: dict[str, str] = {
    "not met": "error",
    RuleVerdict.BROKEN: "failure",
    RuleVerdict.INCONCLUSIVE: "error",
    RuleVerdict.NOT_APPLICABLE: "skipped",
}
_RESULT_TAGS = {
    Outcome.FAILED: "failure",
    Outcome.UNKNOWN: "error",
    Outcome.VOID: "error",
    Outcome.UNDER_WAY: "error",
}
_TOTALS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def junit(verdict: Verdict) -> bytes:
    """Return a verdict as JUnit XML: one test case for the decision, one per rule and one per conversation.

    A failed conversation is a failure; a conversation that is unknown, void or under way is an error. If the
    run ships, such conversations are skipped instead. The notes are the output of the suite `rules`.
    """
    run = verdict.run
    rules = [_decision(verdict), *(_rule(each, verdict) for each in rule_lines(verdict))]
    properties = {
        "decision": verdict.decision,
        "simulation-id": run.simulation_id,
        "run-id": run.id,
        "report-url": page_url(run),
    }
    noted = "\n".join(f"Note: {plain(each)}" for each in notes(verdict))
    return _document(
        _suite("rules", rules, properties, noted),
        _suite("conversations", _conversations(verdict), properties),
    )


def failure_junit(failure: Failure) -> bytes:
    """Return JUnit XML with one test case, an error that says why there is no verdict."""
    case = _case(failure.simulation_id, "decision", "error", (failure.headline, failure.url))
    properties = {
        "decision": failure.decision,
        "simulation-id": failure.simulation_id,
        "run-id": failure.run_id,
        "report-url": failure.url,
    }
    return _document(_suite("rules", [case], properties))


def _document(*suites: Element) -> bytes:
    root = Element("testsuites", name="bluejay-results gate")
    for name in ("tests", "failures", "errors"):
        root.set(name, f"{sum(int(each.get(name, 0)) for each in suites)}")
    root.extend(suites)
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(name: str, cases: list[Element], properties: Mapping[str, str], output: str = "") -> Element:
    found = {total: sum(each.find(tag) is not None for each in cases) for total, tag in _TOTALS.items()}
    seconds = sum(float(each.get("time", 0)) for each in cases)
    counted = {"tests": len(cases), **found}
    suite = Element("testsuite", {"name": name} | {total: f"{count}" for total, count in counted.items()})
    suite.set("time", f"{seconds:.3f}")
    _add_properties(suite, properties)
    _number_repeated_names(cases)
    suite.extend(cases)
    if output:
        SubElement(suite, "system-out").text = output
    return suite


def _decision(verdict: Verdict) -> Element:
    """Make the test case that fails whenever the exit code isn't 0, even if no rule was judged."""
    tag = "failure" if verdict.decision is Decision.REFUSE else "error"
    said = (headline(verdict), page_url(verdict.run))
    return _case(verdict.run.simulation_id, "decision", None if verdict.ships else tag, said)


def _rule(line: Line, verdict: Verdict) -> Element:
    measured = "" if line.value == "-" else f"{line.name} is {line.value}"
    said = (measured, line.remark, f"rule: {line.rule}", page_url(verdict.run))
    tag, properties = _RULE_TAGS.get(line.verdict), {"rule": line.rule, "value": line.value}
    return _case(verdict.run.simulation_id, line.name, tag, said, properties)


def _conversations(verdict: Verdict) -> list[Element]:
    """Make a test case for each conversation, named by its caller and its number within that caller."""
    seen: Counter[int | None] = Counter()
    cases = []
    for each in sorted(verdict.run.results, key=lambda result: result.id):
        human = each.digital_human_id
        seen[human] += 1
        caller = "no caller" if human is None else f"caller {human}"
        cases.append(_conversation(each, f"{caller}, conversation {seen[human]}", verdict))
    return cases


def _conversation(result: SimulationResult, name: str, verdict: Verdict) -> Element:
    tag = _RESULT_TAGS.get(result.outcome)
    if tag and verdict.ships:
        tag = "skipped"
    properties = {"conversation-id": f"{result.id}", "status": result.response.status or ""}
    said = (plain(result.reason), page_url(verdict.run))
    case = _case(verdict.run.simulation_id, name, tag, said, properties)
    if result.duration is not None:
        case.set("time", f"{result.duration.total_seconds():.3f}")
    return case


def _case(
    simulation_id: str,
    name: str,
    tag: str | None,
    said: Iterable[str],
    properties: Mapping[str, str] | None = None,
) -> Element:
    """Make a test case; if it has a tag, the first line of `said` is the message."""
    case = Element("testcase", classname=f"bluejay-results.simulation {plain(simulation_id)}", name=name)
    _add_properties(case, properties or {})
    if tag:
        lines = [each for each in said if each]
        SubElement(case, tag, message=lines[0]).text = "\n".join(lines)
    return case


def _add_properties(element: Element, properties: Mapping[str, str]) -> None:
    if known := {name: value for name, value in properties.items() if value}:
        added = SubElement(element, "properties")
        for name, value in known.items():
            SubElement(added, "property", name=name, value=plain(value))


def _number_repeated_names(cases: list[Element]) -> None:
    """Number the cases whose names are repeated, such as two rules about one metric."""
    seen: Counter[str] = Counter()
    for case in cases:
        name = case.get("name", "")
        seen[name] += 1
        if seen[name] > 1:
            case.set("name", f"{name} ({seen[name]})")
