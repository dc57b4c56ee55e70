"""The product and the oracle agree about random runs."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from bluejay_results import LatencyUnit, SimulationRun
from bluejay_results.client.reading import seen_in
from bluejay_results.compare import compare as compare_runs
from bluejay_results.gate import Rules
from bluejay_results.gate import gate as judge
from bluejay_results.gate.judge import pass_rate_of
from bluejay_results.recording.exchange import Exchange
from bluejay_results.recording.recording import FirstSeen, Settings
from bluejay_results.results.page import Parts, read_page, read_record
from hypothesis import given
from hypothesis import strategies as st

from ..builders import encoded
from .documents import DAY, cases, documents, pairs
from .outcomes import Json, Watch, has_ended, moment, read
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
    records = tuple(read_record(each, None) for each in fetched)
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
    """Return what equals a number or an interval but for rounding."""
    numbers = expected if isinstance(expected, tuple) else [expected]
    if None in numbers:
        return expected
    return pytest.approx(tuple(map(float, numbers)) if numbers is expected else float(expected), abs=1e-9)


@given(cases())
def test_a_run_has_the_same_outcomes_rates_and_interval(case: tuple[Json, Options]) -> None:
    document, chosen = case
    reading = read(document, fetched=chosen.fetched, queued=chosen.queued)
    run = run_of(document, chosen)
    outcomes = zip(reading.conversations, reading.outcomes, strict=True)
    assert {each.id: str(each.outcome) for each in run.results} == {each["id"]: is_ for each, is_ in outcomes}
    assert (run.missing_count, run.is_settled) == (reading.missing, reading.settled)
    rate, judged = pass_rate_of(run), judged_pass_rate(reading)
    assert rate.value == near(judged)
    assert run.judged_pass_rate == near(judged and judged / 100)
    assert (rate.lowest, rate.highest) == near(bounds(reading))
    assert rate.interval == near(interval(reading))


@given(cases())
def test_the_gate_decides_the_same_by_the_same_findings(case: tuple[Json, Options]) -> None:
    document, chosen = case
    reading = read(document, fetched=chosen.fetched, queued=chosen.queued)
    verdict = judge(run_of(document, chosen), rules_of(chosen))
    assert (str(verdict.decision), verdict.exit_code) == gate(reading, chosen)
    if reading.settled:
        assert [each.name for each in verdict.unmet] == not_a_measurement(reading, chosen)
        found = [str(each.verdict) for each in verdict.rules]
        assert [each for each in found if each != "not applicable"] == findings(reading, chosen)


@st.composite
def waits(draw: st.DrawFn) -> tuple[Json, SimulationRun, Watch]:
    """Return a run that `wait` read twice, and what the two readings showed about time."""
    last = draw(documents())
    first = deepcopy(last)
    for each in first["simulation_results"] or []:
        each |= {"status": "EVALUATING", "evaluations": None} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        first["simulation_run"]["status"] = "RUNNING"
    start = draw(st.sampled_from(["10:02:00", "10:03:00", "10:04:29", "10:04:30", "10:05:00.5", "10:07:00"]))
    moments = [moment(DAY + start)]
    moments.append(moments[0] + timedelta(seconds=draw(st.sampled_from([1, 30, 179, 180, 400]))))
    pages, runs, ended = [], [], dict[int, datetime]()
    for document, now in zip((first, last), moments, strict=True):
        pages.append(read_page(Exchange(body=encoded(document), moment=now.timestamp(), started_at=now), 1))
        if document["simulation_run"]["status"] in {"COMPLETED", "INCOMPLETED", "INSUFFICIENT_FUNDS"}:
            runs.append(now)
        for each in filter(has_ended, document["simulation_results"] or []):
            ended.setdefault(each["id"], now)
    settings = Settings(is_wait=True, tool_call_grace=180)
    run = SimulationRun(Parts(tuple(pages[1:]), settings=settings, seen=seen_in(pages, FirstSeen())))
    return last, run, Watch(moments[1], min(runs, default=None), ended)


@given(waits())
def test_a_run_is_settled_at_the_same_moment(wait: tuple[Json, SimulationRun, Watch]) -> None:
    document, run, watch = wait
    reading = read(document, watch=watch)
    assert [str(each.outcome) for each in run.results] == reading.outcomes
    assert run.is_settled == reading.settled


@given(pairs())
def test_compare_gives_the_same_verdict_by_the_same_intervals(runs: tuple[Json, Json]) -> None:
    before, now = runs
    other = now | {"simulation_run": now["simulation_run"] | {"id": "48214"}}
    found = compare_runs(*(run_of(each, Options()) for each in (before, other)))
    readings = read(before), read(now)
    assert (str(found.change), found.exit_code) == compare(*readings)
    if found.cause == "compared":
        for effect, unknown in ((found.if_failed, False), (found.if_passed, True)):
            limits, callers = change(*readings, unknown=unknown)
            assert len(found.pairs) == callers
            assert (effect and (effect.low / 100, effect.high / 100)) == near(limits)
