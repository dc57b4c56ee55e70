"""Relations between the verdicts on two runs, or between two outputs about one run."""

import json
from random import Random
from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.compare import compare
from bluejay_results.export import to_rows
from bluejay_results.export.tables import TABLES
from bluejay_results.gate import Finding, Rules, RuleVerdict, Verdict, gate
from bluejay_results.gate.verdict import RunVerdict
from bluejay_results.json_output import to_json
from bluejay_results.results.run_figures import figures
from hypothesis import given
from hypothesis import strategies as st

from .. import builders
from ..gate.runs import FAILED, PASSED, UNKNOWN, VOID, run_of
from .test_one_answer import runs

DECIDED = {RuleVerdict.KEPT, RuleVerdict.BROKEN}
REQUIRED = ("mean(tone) >= 3", "max(latency.average) <= 1 s", "rate(hallucination) <= 50 %", "rate(id) > 5 %")
RULES = Rules(require=REQUIRED, must_pass=(1, 2), max_void=60, min_pass_rate=50)
OUTCOMES = st.lists(
    st.tuples(st.sampled_from([PASSED, PASSED, FAILED, UNKNOWN, VOID]), st.integers(1, 3)),
    min_size=1,
    max_size=12,
)


def run_with(outcomes: list[tuple[dict[str, Any], int]], **fields: Any) -> SimulationRun:
    """Return a run with these outcomes of these callers."""
    return run_of(*(each | {"digital_human_id": caller} for each, caller in outcomes), **fields)


def values(finding: Finding) -> tuple[object, ...]:
    """Return what a finding says. If several values hide a figure, any of them may be the obstacle."""
    known = finding.rule.text, finding.verdict
    if finding.figure:
        return *known, finding.figure.value
    numbers = finding.lowest, finding.highest, finding.sample, finding.total
    return *known, finding.obstacle, *numbers, sorted(finding.conversations)


def told(verdict: RunVerdict) -> list[object]:
    computed = [(each.name, each.value) for each in figures(verdict.run)]
    findings = sorted(map(values, verdict.findings), key=str)
    return [verdict.cause, verdict.decision, verdict.pass_rate, sorted(computed, key=str), findings]


def by_run(verdict: Verdict) -> dict[str, object]:
    return {each["run"]["id"]: each for each in json.loads(to_json(verdict))["runs"]}


@given(run=runs("1"), base=runs("2"), seed=st.integers())
def test_the_order_of_conversations_changes_no_figure_and_no_decision(
    run: SimulationRun, base: SimulationRun, seed: int
) -> None:
    document = json.loads(run.responses[0].body)
    Random(seed).shuffle(document["simulation_results"])  # noqa: S311 - any order
    other = SimulationRun.from_bytes(builders.encoded(document))
    for rules in (RULES, Rules(confident=True)):
        verdict, again = gate(run, rules), gate(other, rules)
        assert told(verdict.runs[0]) == told(again.runs[0])
        assert [values(each) for each in verdict.findings] == [values(each) for each in again.findings]
    first, second = compare(base, run), compare(base, other)
    assert (first.change, first.effects) == (second.change, second.effects)
    changes = [sorted((each.name, each.change) for each in one.deltas) for one in (first, second)]
    assert changes[0] == changes[1]
    for table in TABLES:
        assert sorted(map(str, to_rows(run, table))) == sorted(map(str, to_rows(other, table)))


@given(run=runs("1"), required=st.permutations(REQUIRED), callers=st.permutations([1, 2, 3]))
def test_the_order_of_rules_changes_no_verdict(
    run: SimulationRun, required: list[str], callers: list[int]
) -> None:
    verdict, again = (
        gate(run, Rules(require=one, must_pass=other, max_void=60))
        for one, other in ((REQUIRED, (1, 2, 3)), (required, callers))
    )
    assert told(verdict.runs[0]) == told(again.runs[0])
    assert verdict.exit_code == again.exit_code
    assert sorted(map(values, verdict.findings), key=str) == sorted(map(values, again.findings), key=str)


@given(run=runs("1"), other=runs("2"))
def test_a_runs_verdict_is_the_same_alone_and_among_several(run: SimulationRun, other: SimulationRun) -> None:
    both = by_run(gate([run, other], RULES))
    assert both == by_run(gate(run, RULES)) | by_run(gate(other, RULES))


@given(outcomes=OUTCOMES, place=st.integers(0, 11), minimum=st.integers(2, 100))
def test_an_unknown_conversation_never_decides_more(
    outcomes: list[tuple[dict[str, Any], int]], place: int, minimum: int
) -> None:
    """A rule that is decided without the conversation's outcome is decided the same way with any outcome."""
    at = place % len(outcomes)
    rules = Rules(min_pass_rate=minimum, max_void=100, must_pass=(1, 2))
    base = run_with([(PASSED, caller) for caller in (1, 2, 3)] * 2, id="1")
    unsure, *sure = (
        gate(
            run_with([*outcomes[:at], (each, outcomes[at][1]), *outcomes[at + 1 :]], id="2"), rules, base=base
        )
        for each in (UNKNOWN, PASSED, FAILED)
    )
    for verdict in sure:
        pairs = zip(_findings(unsure), _findings(verdict), strict=True)
        assert [
            (one, two) for one, two in pairs if one.verdict in DECIDED and one.verdict is not two.verdict
        ] == []


def _findings(verdict: Verdict) -> list[Finding]:
    return [*verdict.findings, *(each for run in verdict.runs for each in run.findings)]


@given(outcomes=OUTCOMES, limits=st.lists(st.integers(2, 100), min_size=2, max_size=2, unique=True))
def test_a_stricter_minimum_is_never_easier_to_keep(
    outcomes: list[tuple[dict[str, Any], int]], limits: list[int]
) -> None:
    order = [RuleVerdict.BROKEN, RuleVerdict.INCONCLUSIVE, RuleVerdict.KEPT]
    for confident in (False, True):
        strict, lenient = (
            gate(run_with(outcomes), Rules(min_pass_rate=each, max_void=100, confident=confident)).runs[0]
            for each in sorted(limits, reverse=True)
        )
        assert order.index(strict.findings[0].verdict) <= order.index(lenient.findings[0].verdict)
