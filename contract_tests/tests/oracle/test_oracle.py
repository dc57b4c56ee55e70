"""The oracle itself: the figures of the definitions, and what must hold for every run."""

from collections import Counter
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from .documents import cases, documents, options, pairs
from .figures import Rule
from .outcomes import Json, read
from .small_runs import conversation, run_of
from .verdicts import Options, bounds, change, compare, gate, interval, judged_pass_rate

TWENTY = run_of(*["passed"] * 15, *["failed"] * 3, "unknown", "void")


def test_the_worked_example_has_the_printed_pass_rate_and_bounds() -> None:
    lowest, highest = bounds(read(TWENTY)) or (0, 0)
    rates = [judged_pass_rate(TWENTY), lowest, highest]
    assert [round(float(rate or 0), 1) for rate in rates] == [83.3, 78.9, 84.2]


@pytest.mark.parametrize(
    ("minimum", "answer"), [(75, ("ship", 0)), (80, ("inconclusive", 6)), (90, ("don't ship", 1))]
)
def test_the_worked_example_has_the_printed_answers(minimum: int, answer: tuple[str, int]) -> None:
    assert gate(TWENTY, Options(min_pass_rate=minimum))[:2] == answer


@pytest.mark.parametrize(("passed", "failed", "printed"), [(5, 1, (36, 100)), (10, 0, (73, 100))])
def test_the_interval_is_the_printed_one(passed: int, failed: int, printed: tuple[int, int]) -> None:
    low, high = interval(read(run_of(*["passed"] * passed, *["failed"] * failed))) or (0, 0)
    assert (round(low), round(high)) == printed


@pytest.mark.parametrize(("callers", "decision"), [(13, "inconclusive"), (14, "ship")])
@pytest.mark.parametrize("repeats", [1, 3])
def test_fourteen_perfect_callers_prove_80_percent(callers: int, decision: str, repeats: int) -> None:
    run = run_of(*["passed"] * callers * repeats, callers=callers)
    assert gate(run, Options(confident=True))[0] == decision


def test_a_highest_rate_equal_to_the_minimum_breaks_nothing() -> None:
    run = run_of(*["passed"] * 15, *["failed"] * 4, "unknown")
    assert gate(run)[0] == "inconclusive"


@pytest.mark.parametrize(
    ("kinds", "counters", "wrong"),
    [
        (["passed"] * 4 + ["void"], {}, []),
        (["passed"] * 4 + ["void"] * 2, {}, ["max_void"]),
        (["passed"] * 4, {"total_tests": 5}, []),
        (["passed"] * 4, {"total_tests": 6}, ["max_void"]),
        (["unknown"], {}, ["min_conversations"]),
        (["passed"], {"total_tests": 0}, ["total_tests", "counters"]),
        (["passed"], {"total_tests": None}, ["total_tests"]),
        (["passed"] * 2, {"total_tests": 1}, ["counters"]),
        (["passed"] * 2, {"tests_passed": 1}, ["counters"]),
        (["passed"] * 2 + ["failed"], {"tests_passed": 3}, ["counters"]),
        (["passed"] * 2 + ["unknown"], {"tests_passed": 3}, []),
        (["passed"] * 2, {"tests_passed": 2, "tests_failed": 1}, ["counters"]),
        (["passed"] * 2, {"tests_passed": None, "tests_failed": None}, []),
    ],
)
def test_a_run_is_a_measurement_only_if_every_check_holds(
    kinds: list[str], counters: dict[str, int | None], wrong: list[str]
) -> None:
    run = run_of(*kinds)
    run["simulation_run"] |= counters
    assert gate(run)[2]["not a measurement"] == wrong


def test_a_goal_reached_without_a_tool_may_count_as_passed_by_the_service() -> None:
    run = run_of("passed", "passed")
    calls = [{"name": "book", "expected": [{}]}, {"name": "find", "actual": [{}]}]
    run["simulation_results"][0]["tool_calls"] = calls
    run["simulation_run"]["tests_passed"] = 2
    assert gate(run)[2]["not a measurement"] == []


@pytest.mark.parametrize(
    ("kinds", "decision"),
    [
        (["failed"] * 4 + ["void"], "don't ship"),
        (["failed"] * 4 + ["unknown"], "inconclusive"),
        (["failed"] * 3 + ["void"] * 2, "inconclusive"),
        (["unknown"] + ["void"] * 4, "inconclusive"),
        (["failed"] * 4, "ship"),
        (["failed"] * 4 + ["passed"], "ship"),
    ],
)
def test_a_caller_certainly_fails_if_four_of_five_failed_and_none_is_unknown(
    kinds: list[str], decision: str
) -> None:
    run = run_of(*kinds, callers=1)
    run["simulation_results"] += [conversation(100 + number, "passed", 7) for number in range(20)]
    run["simulation_run"]["total_tests"] = 20 + len(kinds)
    assert gate(run, Options(min_pass_rate=50))[0] == decision


@pytest.mark.parametrize(
    ("rule", "values", "decision"),
    [
        (Rule("p90", "latency.p95", "<=", "1500", "ms"), [1500.0] * 9 + [9000.0], "ship"),
        (Rule("p90", "latency.p95", "<=", "1.5", "s"), [1500.0] * 8 + [9000.0] * 2, "don't ship"),
        (Rule("p10", "latency.p95", ">=", "900", "ms"), [900.0] * 8 + [300.0] * 2, "don't ship"),
        (Rule("median", "latency.p95", "<=", "900", "ms"), [900.0] * 5 + [1000.0] * 5, "ship"),
        (Rule("mean", "latency.p95", "<", "900", "ms"), [900.0] * 10, "don't ship"),
        (Rule("max", "latency.p95", "<", "900", "ms"), [800.0] * 4 + [0.0] * 6, "inconclusive"),
        (Rule("max", "latency.p95", "<", "900", "ms"), [800.0] * 5 + [0.0] * 5, "ship"),
        (Rule("rate", "latency.p95", ">=", "5", "%"), [800.0] * 10, "inconclusive"),
    ],
)
def test_a_percentile_is_an_observed_value(rule: Rule, values: list[float], decision: str) -> None:
    run = run_of(*["passed"] * len(values))
    for result, value in zip(run["simulation_results"], values, strict=True):
        result["evaluations"][0]["latency"] = {"p95_agent_latency": value}
    assert gate(run, Options(require=(rule,)))[0] == decision


@pytest.mark.parametrize(
    ("averages", "decision"),
    [
        ([0.9] * 5, "ship"),
        ([0.9] * 4 + [200], "ship"),
        ([0.9] * 4 + [201], "inconclusive"),
        ([900] * 5, "ship"),
        ([901] * 5, "don't ship"),
        ([900] * 4 + [19], "inconclusive"),
        ([200] * 5, "inconclusive"),
    ],
)
def test_the_unit_of_latencies_follows_from_the_averages(averages: list[float], decision: str) -> None:
    run = run_of(*["passed"] * 5)
    for result, average in zip(run["simulation_results"], averages, strict=True):
        result["evaluations"][0]["avg_agent_latency"] = average
    rule = Rule("median", "latency.average", "<=", "900", "ms")
    assert gate(run, Options(require=(rule,)))[0] == decision


def test_compare_finds_a_third_less_among_many_callers() -> None:
    callers = [f"{'failed' if number % 3 == 0 else 'passed'}" for number in range(40)]
    assert compare(run_of(*["passed"] * 40), run_of(*callers), fail_if_worse=True) == ("worse", 1)


def test_compare_with_four_callers_exits_with_6() -> None:
    assert compare(run_of(*["passed"] * 4), run_of(*["failed"] * 4), fail_if_worse=True)[1] == 6


def test_compare_exits_with_6_if_only_one_interval_is_below_0() -> None:
    now = run_of(*["unknown"] * 7, *["failed"] * 2, *["passed"] * 11)
    assert compare(run_of(*["passed"] * 20), now, fail_if_worse=True) == ("can't tell", 6)


@pytest.mark.parametrize(("repeats", "upper"), [(1, -0.598), (3, -0.712)])
def test_the_interval_of_a_change_gets_narrower_with_the_smallest_number_of_conversations(
    repeats: int, upper: float
) -> None:
    """By hand: with one each, s of ten changes of -1, with +1 and -1 added, is 0.577, and t(11) is 2.201."""
    before, now = (run_of(*[kind] * 10 * repeats, callers=10) for kind in ("passed", "failed"))
    for run in (before, now):
        run["simulation_results"] += [conversation(100 + number, "void", number) for number in range(10)]
    now["simulation_results"].append(conversation(200, "failed", 3))
    limits, callers = change(read(before), read(now), unknown=False)
    assert callers == 10
    assert limits == pytest.approx((-1, upper), abs=0.001)


@given(pairs())
def test_the_verdict_of_compare_turns_if_the_runs_change_places(runs: tuple[Json, Json]) -> None:
    opposite = {"worse": "better", "better": "worse", "can't tell": "can't tell"}
    assert compare(*runs)[0] == opposite[compare(runs[1], runs[0])[0]]


BETTER = [("failed", "unknown"), ("failed", "passed"), ("unknown", "passed")]
ORDER = ["don't ship", "inconclusive", "ship"]


def turned(document: Json, number: int, kind: str) -> Json:
    """Return the run with another outcome of one conversation, and the same figures."""
    changed = deepcopy(document)
    result = changed["simulation_results"][number]
    result |= {"status": {"unknown": "NO_ANSWER"}.get(kind, "COMPLETED"), "tool_calls": []}
    result["evaluations"] = result.get("evaluations") or [
        {"agent_speak_percentage": None, "avg_agent_latency": None}
    ]
    for each in result["evaluations"]:
        each["goal_success"] = kind == "passed"
    return changed


@given(documents(settled=True), options(), st.integers(0), st.sampled_from(BETTER))
def test_a_verdict_never_gets_worse_when_one_conversation_turns_for_the_better(
    document: Json, chosen: Options, number: int, kinds: tuple[str, str]
) -> None:
    """With `--confident`, one more pass may lower the lower end; with fewer than the minimum, all is open."""
    results = document["simulation_results"] or []
    assume(results)
    allowed = Options(
        chosen.min_pass_rate,
        chosen.max_always_failing,
        chosen.require,
        max_void=chosen.max_void,
        counters=False,
    )
    before, after = (turned(document, number % len(results), kind) for kind in kinds)
    assume(read(before).count("passed") or read(before).count("failed") > 1)
    assert ORDER.index(gate(after, allowed)[0]) >= ORDER.index(gate(before, allowed)[0])


def test_each_decision_occurs_often_in_random_runs() -> None:
    decisions: Counter[str] = Counter()

    @settings(max_examples=200, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(cases())
    def collect(case: tuple[Json, Options]) -> None:
        decisions[gate(*case)[0]] += 1

    collect()
    assert min(decisions[each] for each in ORDER) >= 20, decisions
