"""The product and the oracle agree about random runs."""

import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from bluejay_results import LatencyUnit, SimulationRun
from bluejay_results.client.reading import seen_in
from bluejay_results.compare import Comparison
from bluejay_results.compare import compare as compare_runs
from bluejay_results.gate import Rules, Verdict
from bluejay_results.gate import gate as judge
from bluejay_results.gate.figure_rule import parse_rule
from bluejay_results.recording.exchange import Exchange
from bluejay_results.recording.recording import FirstSeen, Settings
from bluejay_results.results.page import Parts, read_page, read_record
from hypothesis import assume, given
from hypothesis import strategies as st

from .documents import DAY, cases, documents, options, pairs
from .outcomes import Json, Watch, has_ended, moment, read
from .test_oracle import BETTER, ORDER, turned
from .verdicts import Options, bounds, change, compare, gate, interval, judged_pass_rate

LATER = datetime(2026, 11, 21, tzinfo=UTC)
"""When the responses were read: long after the end of each conversation."""


def run_of(document: Json, chosen: Options | None = None) -> SimulationRun:
    """Return the product's run for a document, as if a client had read it."""
    chosen = chosen or Options()
    listed = SimulationRun.from_bytes(encoded(document))
    if not chosen.fetched and not chosen.queued:
        return listed
    pages = tuple(evolve(each, exchange=exchange(each.exchange.body)) for each in listed.parts.pages)
    fetched = [exchange(encoded({"simulation_result": each}), moment=1) for each in chosen.fetched]
    records = tuple(read_record(each, None) for each in fetched)
    return SimulationRun(Parts(pages, fetched=records, settings=Settings(queued_ids=chosen.queued)))


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
    moments = [datetime.fromisoformat(f"{DAY}{start}+00:00")]
    moments.append(moments[0] + timedelta(seconds=draw(st.sampled_from([1, 30, 179, 180, 400]))))
    pages = [
        read_page(Exchange(body=encoded(body), moment=each.timestamp(), started_at=each), 1)
        for body, each in zip((first, last), moments, strict=True)
    ]
    settings = Settings(is_wait=True, tool_call_grace=180)
    run = SimulationRun(Parts(tuple(pages[1:]), settings=settings, seen=seen_in(pages, FirstSeen())))
    return last, run, watch_of((first, last), [moment(each.isoformat()) for each in moments])


def watch_of(documents: Sequence[Json], moments: Sequence[Fraction]) -> Watch:
    """Return what readings at these moments showed about time."""
    runs: list[Fraction] = []
    ended: dict[int, Fraction] = {}
    for document, now in zip(documents, moments, strict=True):
        if document["simulation_run"]["status"] in {"COMPLETED", "INCOMPLETED", "INSUFFICIENT_FUNDS"}:
            runs.append(now)
        for each in filter(has_ended, document["simulation_results"] or []):
            ended.setdefault(each["id"], now)
    return Watch(moments[-1], min(runs, default=None), ended)


@given(waits())
def test_a_run_is_settled_at_the_same_moment(wait: tuple[Json, SimulationRun, Watch]) -> None:
    document, run, watch = wait
    reading = read(document, watch=watch)
    assert [str(each.outcome) for each in run.results] == reading.outcomes
    assert run.is_settled == reading.settled


def encoded(document: Any) -> bytes:
    return json.dumps(document).encode()


def exchange(body: bytes, moment: float = 0) -> Exchange:
    return Exchange(body=body, moment=moment, started_at=LATER)


def rules_of(chosen: Options) -> Rules:
    """Return the options as the product's rules."""
    return Rules(
        min_pass_rate=chosen.min_pass_rate,
        max_always_failing=chosen.max_always_failing,
        require=tuple(parse_rule(str(each)) for each in chosen.require),
        confident=chosen.confident,
        min_conversations=chosen.min_conversations,
        max_void=chosen.max_void,
        no_counters=not chosen.counters,
        latency_unit=chosen.latency_unit and LatencyUnit(chosen.latency_unit),
    )


def verdict_of(document: Json, chosen: Options) -> Verdict:
    return judge(run_of(document, chosen), rules_of(chosen))


@given(cases())
def test_each_conversation_has_the_same_outcome(case: tuple[Json, Options]) -> None:
    document, chosen = case
    reading = read(document, fetched=chosen.fetched, queued=chosen.queued)
    run = run_of(document, chosen)
    assert {each.id: str(each.outcome) for each in run.results} == {
        each["id"]: outcome for each, outcome in zip(reading.conversations, reading.outcomes, strict=True)
    }
    assert (run.missing_count, run.is_settled) == (reading.missing, reading.settled)


@given(cases())
def test_the_gate_decides_the_same_by_the_same_findings(case: tuple[Json, Options]) -> None:
    verdict = verdict_of(*case)
    decision, exit_code, details = gate(*case)
    assert (str(verdict.decision), verdict.exit_code) == (
        decision.replace("not settled", "inconclusive"),
        exit_code,
    )
    if details:
        wrong = [each.replace("_", "-") for each in details["not a measurement"]]
        assert [each.name for each in verdict.unmet] == wrong
        assert findings(verdict) == list(details["findings"].values())


def findings(verdict: Verdict) -> list[str]:
    """Return the verdicts of the rules that apply, in their order."""
    return [str(each.verdict) for each in verdict.rules if str(each.verdict) != "not applicable"]


@given(cases())
def test_the_rates_and_the_interval_are_the_same(case: tuple[Json, Options]) -> None:
    document, _ = case
    run, reading = run_of(document), read(document)
    rate = judge(run).pass_rate
    limits = bounds(reading)
    assert percent(run.judged_pass_rate) == near(judged_pass_rate(document))
    assert rate.value == near(judged_pass_rate(document))
    assert rate.interval == near(interval(reading))
    assert (rate.lowest, rate.highest) == (near(limits and limits[0]), near(limits and limits[1]))
    assert percent((run.pass_rate_bounds or (None, None))[0]) == near(limits and limits[0])


def near(expected: Any) -> Any:
    """Return what equals a number or an interval but for rounding."""
    if isinstance(expected, tuple):
        return pytest.approx(tuple(map(float, expected)), abs=1e-9)
    return None if expected is None else pytest.approx(float(expected), abs=1e-9)


def percent(rate: float | None) -> float | None:
    return None if rate is None else 100 * rate


@given(pairs())
def test_compare_gives_the_same_verdict(runs: tuple[Json, Json]) -> None:
    before, now = runs
    found = compared(before, now)
    assert (str(found.change), found.exit_code) == compare(before, now, fail_if_worse=True)


@given(pairs())
def test_compare_computes_the_same_intervals(runs: tuple[Json, Json]) -> None:
    found = compared(*runs)
    assume(found.cause == "compared")
    for effect, unknown in ((found.if_failed, False), (found.if_passed, True)):
        limits, callers = change(*map(read, runs), unknown=unknown)
        assert len(found.pairs) == callers
        assert (effect and (effect.low / 100, effect.high / 100)) == near(limits)


def compared(before: Json, now: Json) -> Comparison:
    """Compare two runs, the second of which gets another id."""
    other = now | {"simulation_run": now["simulation_run"] | {"id": "48214"}}
    return compare_runs(run_of(before), run_of(other))


@given(documents(settled=True), options(), st.integers(0), st.sampled_from(BETTER))
def test_a_verdict_never_gets_worse_when_one_conversation_turns_for_the_better(
    document: Json, chosen: Options, number: int, kinds: tuple[str, str]
) -> None:
    """With `--confident`, one more pass may lower the lower end; with fewer than the minimum, all is open."""
    results = document["simulation_results"] or []
    assume(results)
    allowed = replace(chosen, confident=False, min_conversations=1, counters=False, latency_unit=None)
    before, after = (turned(document, number % len(results), kind) for kind in kinds)
    known = read(before)
    assume(known.count("passed") or known.count("failed") > 1)
    decisions = [str(verdict_of(each, allowed).decision) for each in (before, after)]
    assert ORDER.index(decisions[1]) >= ORDER.index(decisions[0])
