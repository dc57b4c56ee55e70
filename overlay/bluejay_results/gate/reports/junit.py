"""A verdict as JUnit XML. It contains a failure or an error if the exit code isn't 0.

With the same rules, test cases have the same names in every run, so CI systems can compare runs. Conversation
ids are therefore properties, not part of the names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ...results.outcome import Outcome
from ..rule import RuleVerdict
from ..verdict import Decision, NoVerdict, RunVerdict, Verdict
from ..verdict_text import Line, finding_lines, headline, page_url, plain, reason, rule_lines

_RULE_TAGS: dict[str, str] = {
    RuleVerdict.BROKEN: "failure",
    RuleVerdict.INCONCLUSIVE: "error",
    RuleVerdict.NOT_APPLICABLE: "skipped",
}
_TOTALS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def junit(verdict: Verdict) -> bytes:
    """Return a verdict as JUnit XML: a suite for the decision and the rules about all runs, then one per run.

    A run's suite has a test case for each rule and each conversation. A failed conversation is a failure; a
    conversation that is unknown, void or under way is an error. If the decision is to ship, all of these are
    skipped instead. The notes are in the suite's `system-out`.
    """
    shared = [_rule(each) for each in finding_lines(verdict.findings)]
    tag = "failure" if verdict.decision is Decision.DONT_SHIP else "error"
    decision = _case("decision", None if verdict.ships else tag, headline(verdict))
    suites = [_suite("gate", [decision, *shared], {"decision": verdict.decision.name.lower()})]
    names = Counter[str]()
    for each in verdict.each_run:
        name = f"simulation {plain(each.run.simulation_id)}"
        names[name] += 1
        suites.append(_run(each, f"{name} ({names[name]})" if names[name] > 1 else name, verdict))
    root = Element("testsuites", name="bluejay-results gate")
    for name in ("tests", "failures", "errors"):
        root.set(name, f"{sum(int(each.get(name, 0)) for each in suites)}")
    root.extend(suites)
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _run(verdict: RunVerdict | NoVerdict, name: str, whole: Verdict) -> Element:
    """Create a run's suite. Its `measurement` test case fails if the run isn't a valid measurement."""
    properties = {
        "decision": verdict.decision.name.lower(),
        "simulation-id": verdict.run.simulation_id,
        "run-id": verdict.run.id,
        "report-url": page_url(verdict.run),
    }
    cases, said = [], plain(reason(verdict))
    if isinstance(verdict, NoVerdict):
        cases.append(_case("measurement", "error", said))
    else:
        cases.append(
            _case("measurement", None if verdict.measurement else "error", said, page_url(verdict.run))
        )
        cases += map(_rule, rule_lines(verdict))
        cases += _conversations(verdict, is_fine=whole.ships)
    for each in cases:
        each.set("classname", f"bluejay-results.{name}")
    notes = "\n".join(f"Note: {plain(each)}" for each in verdict.notes)
    return _suite(name, cases, properties, notes)


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


def _rule(line: Line) -> Element:
    measured = "" if line.value == "-" else f"{line.rule}: got {line.value}"
    return _case(line.rule, _RULE_TAGS.get(line.verdict), measured, line.remark, value=line.value)


def _conversations(verdict: RunVerdict, *, is_fine: bool) -> list[Element]:
    """Create a test case for each conversation, with a name such as `caller 55, conversation 2`."""
    seen: Counter[int | None] = Counter()
    cases = []
    for each in sorted(verdict.run.results, key=lambda result: result.id):
        human = each.digital_human_id
        seen[human] += 1
        name = f"{'no caller' if human is None else f'caller {human}'}, conversation {seen[human]}"
        tag = "skipped" if is_fine else "failure" if each.outcome is Outcome.FAILED else "error"
        tag = "" if each.outcome is Outcome.PASSED else tag
        ids = {"conversation-id": f"{each.id}", "status": each.status or ""}
        cases.append(_case(name, tag, plain(each.reason), page_url(verdict.run), **ids))
        if each.duration is not None:
            cases[-1].set("time", f"{each.duration.total_seconds():.3f}")
    return cases


def _case(name: str, tag: str | None, *said: str, **properties: str) -> Element:
    """Create a test case. If there is a `tag`, such as `failure`, the first text in `said` is its message."""
    case = Element("testcase", classname="bluejay-results.gate", name=name)
    _add_properties(case, properties)
    if tag:
        lines = [each for each in said if each]
        SubElement(case, tag, message="".join(lines[:1])).text = "\n".join(lines)
    return case


def _add_properties(element: Element, properties: Mapping[str, str]) -> None:
    if known := {name: value for name, value in properties.items() if value}:
        added = SubElement(element, "properties")
        for name, value in known.items():
            SubElement(added, "property", name=name, value=plain(value))
