"""A verdict as JUnit XML, with a failure or an error whenever the exit code isn't 0.

With the same rules, the test cases have the same names in every run, so that a CI system can compare runs.
Therefore the ids of conversations are in properties, not in names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ...results.outcome import Outcome
from ...results.result import SimulationResult
from ..verdict import Decision, NoVerdict, RuleVerdict, Verdict
from ..verdict_text import Line, headline, page_url, plain, rule_lines

_RULE_TAGS: dict[str, str] = {
    "not met": "error",
    RuleVerdict.BROKEN: "failure",
    RuleVerdict.INCONCLUSIVE: "error",
    RuleVerdict.NOT_APPLICABLE: "skipped",
}
_TOTALS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def junit(verdict: Verdict | NoVerdict) -> bytes:
    """Return a verdict as JUnit XML: one test case for the decision, one per rule and one per conversation.

    A failed conversation is a failure; a conversation that is unknown, void or under way is an error. If the
    run ships, the test cases of such conversations are skipped instead. The `system-out` of the suite `rules`
    has the notes. Without a verdict, the decision is the only test case.
    """
    rules = [_decision(verdict), *(_rule(each, verdict) for each in rule_lines(verdict))]
    properties = {
        "decision": verdict.decision.name.lower(),
        "simulation-id": verdict.run.simulation_id,
        "run-id": verdict.run.id,
        "report-url": page_url(verdict.run),
    }
    notes = "\n".join(f"Note: {plain(each)}" for each in verdict.run.notes)
    suites = [_suite("rules", rules, properties, notes)]
    if isinstance(verdict, Verdict):
        suites.append(_suite("conversations", _conversations(verdict), properties))
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
    suite.extend(cases)
    if output:
        SubElement(suite, "system-out").text = output
    return suite


def _decision(verdict: Verdict | NoVerdict) -> Element:
    """Make the test case that fails whenever the exit code isn't 0, even if no rule was judged."""
    tag = "failure" if verdict.decision is Decision.DONT_SHIP else "error"
    return _case(verdict, "decision", None if verdict.ships else tag, headline(verdict))


def _rule(line: Line, verdict: Verdict | NoVerdict) -> Element:
    measured = "" if line.value == "-" else f"{line.rule}: {line.value}"
    return _case(verdict, line.rule, _RULE_TAGS.get(line.verdict), measured, line.remark, value=line.value)


def _conversations(verdict: Verdict) -> list[Element]:
    """Make a test case for each conversation, with a name such as `caller 55, conversation 2`."""
    seen: Counter[int | None] = Counter()
    cases = []
    for each in sorted(verdict.results, key=lambda result: result.id):
        human = each.digital_human_id
        seen[human] += 1
        caller = "no caller" if human is None else f"caller {human}"
        cases.append(_conversation(each, f"{caller}, conversation {seen[human]}", verdict))
    return cases


def _conversation(result: SimulationResult, name: str, verdict: Verdict) -> Element:
    tag = "skipped" if verdict.ships else "failure" if result.outcome is Outcome.FAILED else "error"
    if result.outcome is Outcome.PASSED:
        tag = ""
    ids = {"conversation-id": f"{result.id}", "status": result.status or ""}
    case = _case(verdict, name, tag, plain(result.reason), **ids)
    if result.duration is not None:
        case.set("time", f"{result.duration.total_seconds():.3f}")
    return case


def _case(verdict: Verdict | NoVerdict, name: str, tag: str | None, *said: str, **properties: str) -> Element:
    """Make a test case. If there is a `tag`, such as `failure`, its message is the first text in `said`."""
    simulation = plain(verdict.run.simulation_id)
    case = Element("testcase", classname=f"bluejay-results.simulation {simulation}", name=name)
    _add_properties(case, properties)
    if tag:
        lines = [each for each in (*said, page_url(verdict.run)) if each]
        SubElement(case, tag, message=lines[0]).text = "\n".join(lines)
    return case


def _add_properties(element: Element, properties: Mapping[str, str]) -> None:
    if known := {name: value for name, value in properties.items() if value}:
        added = SubElement(element, "properties")
        for name, value in known.items():
            SubElement(added, "property", name=name, value=plain(value))
