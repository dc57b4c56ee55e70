"""The oracle judges the examples in the definitions, and runs that a single sentence there decides."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from .. import builders
from .changes import Unreadable, WrongUsageError
from .figures import Rule, judged
from .gates import Answer, must_pass_findings, received
from .outcomes import Json, Reading, owner, read
from .runs import (
    FAILED,
    OTHERS,
    REFUSED,
    RUNNING,
    SHIPS,
    UNCOUNTED,
    UNSETTLED,
    UNSURE,
    answer,
    document,
    run,
)
from .verdicts import (
    COUNTERS,
    Options,
    always_failing_finding,
    bounds,
    interval,
    judged_pass_rate,
    not_a_measurement,
)

NOT_CALLED = [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]
EXAMPLE = run(*"ppppppppppppppp", *"fff", "u", "v")


@pytest.mark.parametrize(
    ("minimum", "expected"), [(75, ("ship", 0)), (80, ("inconclusive", 6)), (90, ("don't ship", 1))]
)
def test_the_oracle_computes_the_documented_results_of_the_example_run(
    minimum: int, expected: Answer
) -> None:
    assert answer(EXAMPLE, min_pass_rate=minimum) == expected
    rates = [judged_pass_rate(EXAMPLE), *bounds(EXAMPLE)]
    assert [round(float(rate or 0), 1) for rate in rates] == [83.3, 78.9, 84.2]


@pytest.mark.parametrize(
    ("callers", "expected"), [("p" * 10, [73, 100]), ("p" * 14, [80, 100]), ("pppppf", [36, 100])]
)
def test_the_oracle_computes_the_documented_intervals(callers: str, expected: list[int]) -> None:
    assert [round(end) for end in interval(run(*callers)) or ()] == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "ESCALATED"}, ("unknown", None)),
        ({"status": "ESCALATED"} | FAILED, ("failed", "the agent")),
        ({"status": "NOT_EVALUATED", "evaluations": None}, ("unknown", None)),
        ({"status": "ERROR"}, ("unknown", None)),
        ({"status": "FAILED"} | FAILED, ("failed", "the agent")),
        ({"status": "ESCALATED", "tool_calls": NOT_CALLED}, ("unknown", None)),
        ({"status": None}, ("passed", None)),
        ({"status": None, "tool_calls": NOT_CALLED}, ("failed", "the agent")),
        ({"status": "call dropped"}, ("passed", None)),
        ({"status": "CALL_DROPPED"} | FAILED, ("failed", "the agent or its line")),
        ({"status": "CUSTOM_ERROR"}, ("unknown", None)),
        ({"status": "no answer"}, ("unknown", "the agent or its line")),
        ({"status": "NO_CONNECTION"}, ("unknown", "the agent's configuration")),
        ({"status": "INSUFFICIENT_FUNDS"}, ("void", "the account")),
    ],
)
def test_a_conversation_passes_only_in_a_status_known_to_allow_it(
    fields: Json, expected: tuple[str, str | None]
) -> None:
    reading = read(builders.response(builders.result(**fields)))
    assert (reading.outcomes[0], owner(reading.conversations[0], reading.outcomes[0])) == expected


@pytest.mark.parametrize(
    ("status", "conversation", "expected"),
    [
        ("RUNNING", {"status": "ESCALATED", "evaluations": None}, "under way"),
        ("PAUSED", {"status": None, "evaluations": None}, "under way"),
        ("COMPLETED", {"status": "ESCALATED", "evaluations": None}, "unknown"),
        ("RUNNING", {"status": "ESCALATED"}, "unknown"),
        ("INCOMPLETED", {"status": "RUNNING"}, "unknown"),
        ("COMPLETED", {"status": "RUNNING"}, "under way"),
    ],
)
def test_a_conversation_is_under_way_until_it_has_a_verdict_or_its_run_has_ended(
    status: str, conversation: Json, expected: str
) -> None:
    assert read(builders.response(builders.result(**conversation), status=status)).outcomes == [expected]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"status": None}, 0),
        ({"status": "Completed"}, 0),
        ({"status": "INSUFFICIENT_FUNDS"}, 0),
        ({"status": "PAUSED"}, 6),
        ({"status": "CANCELLED"}, 6),
        ({"status": "RUNNING"}, 4),
        ({"status": None, "missing": 1}, 4),
        ({"status": None, "total_tests": -1}, 4),
        *(({name: -1}, 6) for name in COUNTERS),
        *(({name: 0}, 0) for name in COUNTERS[2:]),
        ({"tests_passed": 19}, 6),
        ({"tests_passed": 20}, 0),
        ({"tests_passed": 20, "tests_failed": 1}, 6),
        ({"tests_passed": 21, "missing": 1}, 0),
        ({"tests_failed": 21}, 6),
    ],
)
def test_a_run_in_a_new_status_or_with_impossible_counters_is_no_measurement(fields: Json, code: int) -> None:
    assert answer(run(*OTHERS, **fields))[1] == code


def test_a_negative_counter_is_no_measurement_even_without_the_check_of_counters() -> None:
    assert answer(run(*OTHERS, tests_completed=-1), no_counters=True)[1] == 6
    assert answer(run(*OTHERS, tests_passed=19), no_counters=True)[1] == 0


@pytest.mark.parametrize(
    ("callers", "lowest"),
    [("ppf", 2), ("ppy", 2), ("ppn", 2), ("pyn", 1), ("ppu", 2), ("ppd", 2), ("ddd", 0)],
)
def test_tests_passed_has_a_lower_bound_but_no_upper_bound(callers: str, lowest: int) -> None:
    unmet = [not_a_measurement(run(*callers, tests_passed=count), Options()) for count in range(4)]
    assert ["counters" not in each for each in unmet] == [count >= lowest for count in range(4)]


@pytest.mark.parametrize(
    ("callers", "limit", "verdict"),
    [
        (["ffff"], 0, None),
        (["fffff"], 0, "broken"),
        (["fffff"], 1, "kept"),
        (["ffffv"], 0, "broken"),
        (["fffvv"], 0, "inconclusive"),
        (["fffff" + "u"], 0, "inconclusive"),
        (["uuuuu"], 0, "inconclusive"),
        (["vvvvv"], 0, "kept"),
        (["fffff" + "p"], 0, "kept"),
        (["fffff", "ffffv", "uuuuu"], 1, "broken"),
        (["fffff", "uuuuu"], 1, "inconclusive"),
    ],
)
def test_a_caller_certainly_always_fails_after_four_failures_in_five_conversations(
    callers: list[str], limit: int, verdict: str | None
) -> None:
    found = always_failing_finding(run(*callers).callers().values(), limit)
    assert (found and found[0]) == verdict


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (Rule("p90", "latency.p95", "<=", "1500", "ms"), None),
        (Rule("p90", "latency.p95", "<=", "1500"), "unit"),
        (Rule("p90", "latency.p96", "<=", "1500", "ms"), "figure"),
        (Rule("p90", "latency.p96", ">=", "4", quoted=True), "aggregate"),
        (Rule("p10", "latency.p96", ">=", "4", quoted=True), None),
        (Rule("mean", "latency.p95", ">", "1", "s"), "direction"),
        (Rule("mean", "latency.p95", "<=", "0", "s"), "never kept"),
        (Rule("max", "duration", "<=", "0", "s"), None),
        (Rule("max", "duration", "<", "0", "s"), "never kept"),
        (Rule("mean", "duration", ">=", "0", "s"), "never broken"),
        (Rule("mean", "duration", ">", "0", "s"), None),
        (Rule("p5", "task score", "<", "4"), "aggregate"),
        (Rule("mean", "task score", ">=", "-1"), None),
        (Rule("rate", "hallucination", "<=", "5", "%"), None),
        (Rule("rate", "hallucination", "<=", "5"), "unit"),
        (Rule("rate", "hallucination", ">=", "5", "%"), "direction"),
        (Rule("rate", "hallucination", ">=", "5", "%", quoted=True), None),
        (Rule("rate", "polite", ">=", "0", "%"), "never broken"),
        (Rule("rate", "polite", "<=", "100", "%"), "never broken"),
        (Rule("rate", "polite", ">", "0", "%"), None),
        (Rule("rate", "polite", ">=", "100", "%"), None),
        (Rule("rate", "polite", ">", "100", "%"), "never kept"),
        (Rule("rate", "polite", "<", "0", "%"), "never kept"),
    ],
)
def test_a_rule_that_no_run_could_break_or_keep_is_wrong_usage(rule: Rule, fault: str | None) -> None:
    assert rule.faults == ([fault] if fault else [])


@pytest.mark.parametrize(
    "options",
    [
        {"min_pass_rate": 0.8},
        {"min_pass_rate": 1},
        {"require": (Rule("rate", "polite", ">=", "0", "%"),)},
        {"require": (Rule("mean", "score", ">=", "4"), Rule("mean", "score", ">=", "5", quoted=True))},
    ],
)
def test_a_fraction_a_faulty_rule_and_a_repeated_rule_are_wrong_usage(options: Json) -> None:
    with pytest.raises(WrongUsageError):
        answer(REFUSED, 3, **options)


@pytest.mark.parametrize(
    ("run_id", "simulation_id", "code"),
    [("1", None, 0), ("1", "731", 0), ("2", None, 5), ("1", "732", 5)],
)
def test_a_response_about_another_run_or_simulation_than_requested_is_rejected(
    run_id: str, simulation_id: str | None, code: int
) -> None:
    assert answer(received(document(*OTHERS, id="1"), run_id, simulation_id))[1] == code


@pytest.mark.parametrize(
    ("runs", "verdict"),
    [
        ([run("pp", *OTHERS)], "kept"),
        ([run("pv", *OTHERS)], "kept"),
        ([run("pu", *OTHERS)], "inconclusive"),
        ([run("u", *OTHERS)], "inconclusive"),
        ([run("v", *OTHERS)], "inconclusive"),
        ([run("ppf", *OTHERS)], "broken"),
        ([run("fu", *OTHERS)], "broken"),
        ([run("fv", *OTHERS)], "broken"),
        ([run("y", *OTHERS)], "kept"),
        ([run("n", *OTHERS)], "broken"),
        ([run("", *OTHERS)], "inconclusive"),
        ([run("", *OTHERS, missing=1)], "inconclusive"),
        ([run("p", *OTHERS, missing=1)], "kept"),
        ([run("p", *OTHERS), run("f", *OTHERS, id="2")], "broken"),
        ([run("v", *OTHERS), run("p", *OTHERS, id="2")], "kept"),
        ([run("p", *OTHERS), run("u", *OTHERS, id="2")], "inconclusive"),
        ([run("p", *OTHERS), RUNNING], "kept"),
        ([run("p", *OTHERS), UNCOUNTED], "kept"),
        ([run("p", *OTHERS), 3], "kept"),
        ([RUNNING], "inconclusive"),
    ],
)
def test_must_pass_considers_the_callers_conversations_in_all_settled_measurements(
    runs: Sequence[Reading | Unreadable], verdict: str
) -> None:
    [found] = must_pass_findings(runs, Options(must_pass=("1",)))
    assert (found.subject, found.verdict) == ("1", verdict)


def test_a_conversation_without_a_caller_does_not_count_for_must_pass() -> None:
    alone = [builders.result(1, **FAILED), *(builders.result(n, digital_human_id=2) for n in range(2, 12))]
    reading = read(builders.response(*alone, total_tests=11))
    assert must_pass_findings([reading], Options(must_pass=("1",)))[0].verdict == "inconclusive"


@pytest.mark.parametrize(
    ("runs", "code"),
    [
        ([SHIPS], 0),
        ([SHIPS, run(*OTHERS, id="2")], 0),
        ([SHIPS, REFUSED], 1),
        ([3, REFUSED], 1),
        ([5, REFUSED], 1),
        ([UNSETTLED, REFUSED], 1),
        ([UNSURE, REFUSED], 1),
        ([REFUSED, 3, 5, UNSETTLED, UNSURE, SHIPS], 1),
        ([UNSURE, UNSETTLED, 5, 3, SHIPS], 3),
        ([UNSURE, UNSETTLED, 5, SHIPS], 5),
        ([UNSURE, UNSETTLED, SHIPS], 4),
        ([UNSURE, SHIPS], 6),
        ([3, SHIPS], 3),
        ([3], 3),
        ([5], 5),
        ([REFUSED, 3, 70, SHIPS], 70),
    ],
)
def test_the_exit_code_for_several_runs_is_the_one_with_the_highest_precedence(
    runs: Sequence[Reading | Unreadable], code: int
) -> None:
    decision = {0: "ship", 1: "don't ship", 70: "no verdict"}.get(code, "inconclusive")
    assert answer(*runs) == (decision, code)


@pytest.mark.parametrize(
    ("runs", "options", "code"),
    [
        ([run("f", *OTHERS)], {}, 1),
        ([run("u", *OTHERS)], {}, 6),
        ([run("p", *OTHERS)], {}, 0),
        ([run("f", *OTHERS, "r")], {}, 4),
        ([run("f", *OTHERS)], {"min_conversations": 100}, 6),
        ([run("f", *OTHERS), 3], {}, 1),
        ([run("u", *OTHERS), UNSETTLED], {}, 4),
        ([run("f", *OTHERS), UNSETTLED], {}, 1),
        ([run("p", "p")], {"min_pass_rate": 0}, 0),
        ([run("f", "p")], {"min_pass_rate": 0}, 1),
    ],
)
def test_must_pass_and_the_other_rules_decide_together(
    runs: Sequence[Reading | Unreadable], options: Json, code: int
) -> None:
    assert answer(*runs, must_pass=("1",), **options)[1] == code


def test_a_run_to_which_no_rule_applies_is_inconclusive() -> None:
    assert answer(run("p", "p"), min_pass_rate=0) == ("inconclusive", 6)


@pytest.mark.parametrize(
    ("aggregate", "scores", "expected"),
    [
        ("p90", "1111111129", 2),
        ("p90", "111111129", 9),
        ("p95", "11111111111111111129", 2),
        ("p10", "9876543210", 1),
        ("p10", "987654321", 1),
        ("p5", "99999999999999999921", 2),
        ("median", "1289", 2),
        ("mean", "1236", 3),
        ("mean", "123456", 3.5),
        ("mean", "36---", None),
        ("mean", "36--", 4.5),
        ("mean", "36--v", 4.5),
        ("mean", "36aaaa", 4.5),
        ("mean", "aaaa", None),
        ("mean", "36x", None),
        ("mean", "36c", 5),
    ],
)
def test_a_figure_is_computed_from_all_answers_except_those_in_void_conversations(
    aggregate: str, scores: str, expected: float | None
) -> None:
    """A digit is a score; a: not applicable, x: unreadable, c: corrected from 1 to 6, -: none, v: 9, void."""
    answers: Json = {
        "a": {"response_value": "N/A"},
        "x": {"response_value": "six"},
        "v": {"response_value": "9"},
    }
    answers["c"] = {"response_value": "1", "human_response_value": "6"}
    results = []
    for number, letter in enumerate(scores):
        metric = {"name": "score", "description": "", "response_type": "quantitative"}
        scored = metric | answers.get(letter, {"response_value": letter})
        metrics = [] if letter == "-" else [scored]
        fields = {"status": "SYSTEM_ERROR"} if letter == "v" else {}
        results.append(
            builders.result(number, evaluations=[builders.evaluation(custom_metrics=metrics)], **fields)
        )
    _, figure = judged(Rule(aggregate, "score", ">=", "0"), read(builders.response(*results)), None)
    assert figure == (None if expected is None else Fraction(str(expected)))
