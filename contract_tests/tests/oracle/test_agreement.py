"""The product and the oracle agree about random runs."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve
from bluejay_results import LatencyUnit, SimulationRun
from bluejay_results.client.reading import seen_in
from bluejay_results.compare import compare as compare_runs
from bluejay_results.gate import PassRate, Rules
from bluejay_results.gate import gate as judge
from bluejay_results.recording.exchange import Exchange, FirstSeen, Settings
from bluejay_results.results.page import Parts, read_page, read_record
from hypothesis import given
from hypothesis import strategies as st

from ..builders import encoded
from .cases import cases
from .documents import pairs, waits
from .events import EXPECTED, events
from .outcomes import Json, read
from .verdicts import (
    Options,
    bounds,
    change,
    compare,
    findings,
    gate,
    interval,
    judged_pass_rate,
    not_a_measurement,
)

LATER = datetime(2026, 11, 21, tzinfo=UTC)
"""When the responses were read: long after the end of each conversation."""


def run_of(document: Json, chosen: Options) -> SimulationRun:
    """Return the product's run for a document, as if a client had read it."""
    listed = SimulationRun.from_bytes(encoded(document))
    if not chosen.fetched and not chosen.queued:
        return listed
    pages = tuple(evolve(each, exchange=exchange(each.exchange.body, 0)) for each in listed.parts.pages)
    fetched = [exchange(encoded({"simulation_result": each}), 1) for each in chosen.fetched]
    records = tuple(read_record(each) for each in fetched)
    return SimulationRun(Parts(pages, fetched=records, settings=Settings(queued_ids=chosen.queued)))


def exchange(body: bytes, moment: float) -> Exchange:
    return Exchange(body=body, moment=moment, started_at=LATER)


def rules_of(chosen: Options) -> Rules:
    """Return the options as the product's rules."""
    require: Any = [str(each) for each in chosen.require]
    return Rules(
        min_pass_rate=chosen.min_pass_rate,
        max_always_failing=chosen.max_always_failing,
        require=require,
        confident=chosen.confident,
        min_conversations=chosen.min_conversations,
        max_void=chosen.max_void,
        no_counters=not chosen.counters,
        latency_unit=chosen.latency_unit and LatencyUnit(chosen.latency_unit),
    )


def near(expected: Any) -> Any:
    """Return an object that equals a number or an interval up to rounding."""
    numbers = expected if isinstance(expected, tuple) else [expected]
    if None in numbers:
        return expected
    return pytest.approx(tuple(map(float, numbers)) if numbers is expected else float(expected), abs=1e-9)


def agree_about_a_run(seed: str) -> None:
    """Compare outcomes, rates, findings and the gate's decision."""
    document, chosen = cases(seed)
    reading = read(document, fetched=chosen.fetched, queued=chosen.queued)
    run = run_of(document, chosen)
    outcomes = zip(reading.conversations, reading.outcomes, strict=True)
    assert {each.id: str(each.outcome) for each in run.results} == {each["id"]: is_ for each, is_ in outcomes}
    assert (run.missing_count, run.is_settled) == (reading.missing, reading.settled)
    rate, passed = PassRate.of(run), judged_pass_rate(reading)
    assert rate.value == near(passed)
    assert run.pass_rate == near(passed)
    assert (rate.lowest, rate.highest) == near(bounds(reading))
    assert rate.interval == near(interval(reading))
    verdict = judge(run, rules_of(chosen))
    assert (str(verdict.decision), verdict.exit_code) == gate(reading, chosen)
    [judged] = verdict.runs
    if reading.settled:
        assert [each.name for each in judged.unmet] == not_a_measurement(reading, chosen)
        applied = [each for each in judged.findings if each.verdict != "not applicable"]
        for each, (is_, *ends) in zip(applied, findings(reading, chosen), strict=True):
            assert (str(each.verdict), (each.lowest, each.highest)) == (is_, near(tuple(ends))), each


def agree_about_a_wait(seed: str) -> None:
    """Compare a run that `wait` read twice."""
    received, watch = waits(seed)
    pages = [
        read_page(Exchange(body=encoded(document), moment=now.timestamp(), started_at=now))
        for document, now in received
    ]
    settings = Settings(is_wait=True, tool_call_grace=180)
    run = SimulationRun(Parts(tuple(pages[1:]), settings=settings, seen=seen_in(pages, FirstSeen())))
    reading = read(received[-1][0], watch=watch)
    assert [str(each.outcome) for each in run.results] == reading.outcomes
    assert run.is_settled == reading.settled


def agree_about_a_comparison(seed: str) -> None:
    """Compare the two intervals of the change, and the verdict."""
    before, now = pairs(seed)
    other = now | {"simulation_run": now["simulation_run"] | {"id": "48214"}}
    base, run = (run_of(each, Options()) for each in (before, other))
    found = compare_runs(base, run)
    readings = read(before), read(now)
    assert str(found.change) == compare(*readings)[0]
    if found.cause == "compared":
        for effect, unknown in ((found.if_failed, False), (found.if_passed, True)):
            limits, callers = change(*readings, unknown=unknown)
            assert len(found.pairs) == callers
            assert (effect and (effect.low / 100, effect.high / 100)) == near(limits)


SUBJECTS = [agree_about_a_run, agree_about_a_wait, agree_about_a_comparison]
FIXED = [str(number) for number in range(400)]
"""The seeds of the runs that are the same in each session."""


@pytest.fixture(scope="module")
def shown() -> Counter[str]:
    """How many of the fixed runs show each event."""
    return Counter(event for seed in FIXED for event in events(seed))


@pytest.mark.parametrize("agree", SUBJECTS)
def test_the_product_and_the_oracle_agree_on_400_fixed_runs(agree: Callable[[str], None]) -> None:
    for seed in FIXED:
        agree(seed)


@pytest.mark.parametrize("agree", SUBJECTS)
@given(seed=st.integers(0, 2**64).map(str))
def test_the_product_and_the_oracle_agree_on_new_random_runs_in_each_session(
    agree: Callable[[str], None], seed: str
) -> None:
    agree(seed)


def test_the_fixed_runs_show_each_verdict_finding_and_kind_of_correction(shown: Counter[str]) -> None:
    rare = {event: shown[event] for event in EXPECTED if shown[event] < 3}
    assert not rare
