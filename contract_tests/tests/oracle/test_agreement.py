"""The product and the oracle agree about random runs."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

import pytest
from bluejay_results import SimulationRun, UsageError
from bluejay_results.client.retrieval import seen_in
from bluejay_results.compare import compare as compare_runs
from bluejay_results.recording.exchange import Exchange, FirstSeen, ReadSettings
from bluejay_results.results.page import Parts, read_page
from bluejay_results.results.reason import Why

from ..builders import encoded
from . import product
from .cases import all_rules, cases, options, options_of_several
from .changes import change, compare, compared
from .documents import bases, pairs, readable, several, waits
from .events import EXPECTED, answered, events
from .gates import RULES, Found, findings, gate_one, must_pass_findings
from .outcomes import Reading, owner, read
from .verdicts import Options, bounds, interval, judged_pass_rate, not_a_measurement


def near(expected: Any) -> Any:
    """Return an object that compares equal to a number or interval, apart from rounding errors."""
    numbers = expected if isinstance(expected, tuple) else [expected]
    if None in numbers:
        return expected
    return pytest.approx(tuple(map(float, numbers)) if numbers is expected else float(expected), abs=1e-9)


def by_rule(found: list[Found]) -> list[Found]:
    """Sort findings by rule; the order of a repeated rule's findings doesn't change."""
    return sorted(found, key=lambda each: each.rule)


def agree_about_findings(verdict: Any, reading: Reading, chosen: Options, base: Any = None) -> None:
    """Compare the measurement conditions and all findings about one run."""
    assert product.unmet(verdict) == not_a_measurement(reading, chosen)
    both = by_rule(product.findings(verdict)), by_rule(findings(reading, chosen, base))
    for found, expected in zip(*both, strict=True):
        assert astuple(found)[:2] + astuple(found)[4:] == astuple(expected)[:2] + astuple(expected)[4:]
        if expected.rule != "base":
            assert (found.lowest, found.highest) == near((expected.lowest, expected.highest)), found


def agree_about_a_run(seed: str) -> None:
    """Compare outcomes, rates, findings and the gate's decision."""
    document, chosen = cases(seed)
    reading = read(document, fetched=chosen.fetched, queued=chosen.queued)
    run = product.run_of(document, chosen)
    outcomes = zip(reading.conversations, reading.outcomes, strict=True)
    assert {each.id: (str(each.outcome), each.owner) for each in run.results} == {
        each["id"]: (outcome, owner(each, outcome)) for each, outcome in outcomes
    }
    assert (run.missing_count, run.is_settled) == (reading.missing, reading.settled)
    assert run.pass_rate == near(judged_pass_rate(reading))
    verdict, expected = product.gate([run], chosen), answered([reading], chosen)
    assert product.answer(verdict) == expected
    if expected is None:
        return
    [of_run] = verdict.runs
    rate = of_run.pass_rate
    assert rate.value == near(judged_pass_rate(reading))
    assert (rate.lowest, rate.highest) == near(bounds(reading))
    assert rate.interval == near(interval(reading))
    if reading.settled:
        agree_about_findings(of_run, reading, chosen)


def agree_about_several_runs(seed: str) -> None:
    """Compare the decision about one to three runs, and the findings about callers that must pass."""
    documents, chosen = several(seed), options_of_several(seed)
    runs = [readable(each) for each in documents]
    verdict = product.gate([product.run_of(each) for each in documents], chosen)
    expected = answered(runs, chosen)
    assert product.answer(verdict) == expected
    if expected is None:
        return
    assert product.must_pass_findings(verdict) == must_pass_findings(runs, chosen)
    for found, run in zip(verdict.runs, runs, strict=True):
        assert product.answer(found) == gate_one(run, chosen)
        if isinstance(run, Reading) and run.settled:
            agree_about_findings(found, run, chosen)


def agree_about_a_base(seed: str) -> None:
    """Compare the decision about a run with a base run."""
    both, chosen = bases(seed), options(seed)
    base, run = map(readable, both)
    before, now = map(product.run_of, both)
    verdict, expected = product.gate([now], chosen, before), answered([run], chosen, base)
    assert product.answer(verdict) == expected
    if expected and isinstance(run, Reading) and run.settled:
        agree_about_findings(verdict.runs[0], run, chosen, base)


def agree_about_a_wait(seed: str) -> None:
    """Compare the outcomes of a run that `wait` read twice."""
    received, watch = waits(seed)
    pages = [
        read_page(Exchange(body=encoded(document), moment=now.timestamp(), started_at=now))
        for document, now in received
    ]
    settings = ReadSettings(is_wait=True, tool_call_grace=180)
    run = SimulationRun(Parts(tuple(pages[1:]), settings=settings, seen=seen_in(pages, FirstSeen())))
    reading = read(received[-1][0], watch=watch)
    assert [str(each.outcome) for each in run.results] == reading.outcomes
    assert run.is_settled == reading.settled


def agree_about_a_comparison(seed: str) -> None:
    """Compare the two intervals for a change, and the verdict."""
    both = pairs(seed)
    (base, run), readings = map(product.run_of, both), [read(each) for each in both]
    found = compare_runs(base, run)
    assert str(found.change) == compare(*readings)
    if found.cause == "compared":
        assert len(found.pairs) == len(compared(*readings))
        for effect, unknown in ((found.if_failed, False), (found.if_passed, True)):
            limits = change(*readings, unknown=unknown)
            assert (effect and (effect.low / 100, effect.high / 100)) == near(limits)


def agree_about_rules(seed: str) -> None:
    """Compare which rules about figures are wrong usage."""
    for rule in all_rules(seed):
        assert (product.rules_of(Options(require=(rule,))) is None) == bool(rule.faults), str(rule)


SUBJECTS = [
    *(agree_about_rules, agree_about_a_run, agree_about_several_runs, agree_about_a_base),
    *(agree_about_a_wait, agree_about_a_comparison),
]
SEEDS = [f"{os.environ.get('ORACLE_SEED', '')}{number}" for number in range(400)]
"""The seeds of the random runs. `make oracle` starts each with the day, so that the runs are new."""


def test_the_oracle_evaluates_every_rule_in_the_product() -> None:
    assert product.rule_names() == {*RULES}


@pytest.fixture(scope="module")
def shown() -> Counter[str]:
    """How many of the random runs contain each event."""
    return Counter(event for seed in SEEDS for event in events(seed))


@pytest.mark.parametrize("agree", SUBJECTS)
def test_the_product_and_the_oracle_agree_on_400_random_runs(agree: Callable[[str], None]) -> None:
    for seed in SEEDS:
        agree(seed)


def test_the_random_runs_show_each_verdict_finding_and_kind_of_correction(shown: Counter[str]) -> None:
    rare = {event: shown[event] for event in EXPECTED if shown[event] < 3}
    assert not rare


def test_the_random_runs_show_each_reason_for_an_outcome_of_a_valid_run() -> None:
    missing = {*Why} - {Why.FIELD_HIDDEN, Why.VERDICT_AWAITED, Why.CALLS_AWAITED}
    for seed in SEEDS:
        missing -= {each.reason.why for each in product.run_of(*cases(seed)).results if str(each.reason)}
        if not missing:
            return
    raise AssertionError(f"Let random conversations show {missing}: oracle/conversations.py")


@pytest.mark.parametrize("others", [{"id": "48213"}, {"simulation_id": "732"}])
def test_comparing_a_run_with_itself_or_with_another_simulations_run_is_a_usage_error(
    others: dict[str, str],
) -> None:
    before, now = pairs("0")
    other = before | {"simulation_run": before["simulation_run"] | others}
    with pytest.raises(UsageError):
        compare_runs(product.run_of(other), product.run_of(now))
