"""The values in charts and tables, computed by hand or compared with gate and compare."""

from typing import Any

import pytest
from bluejay_results.compare import compare
from bluejay_results.gate import Rules, gate
from bluejay_results.judging.repeats import flips, pass_hat_k, turned
from bluejay_results.judging.tally import Tally
from bluejay_results.report import comparison_with
from bluejay_results.report.callers import callers as caller_section
from bluejay_results.report.comparison import change_of, pair_rows
from bluejay_results.report.conversations import conversation
from bluejay_results.report.first_screen import comparison_text, doubt_text, open_first, outcomes, pass_rate
from bluejay_results.report.history import history_of
from bluejay_results.report.latency import latency_rows
from bluejay_results.report.scale import Scale

from .. import builders
from ..gate.runs import FAILED, PASSED, VOID, callers, conversations, run_of
from .pages import LATENCY, scenario

OLDER = {"id": "1", "created_at": "2026-11-12T09:00:00Z"}


def _slow(p95: float) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(latency=LATENCY | {"p95_agent_latency": p95})]}


def test_pass_hat_k_is_the_mean_over_callers_with_enough_conversations() -> None:
    found = pass_hat_k([Tally(2, 3), Tally(3, 3), Tally(1, 1)])
    # k = 2: C(2,2)/C(3,2) = 1/3 and 1; the third caller has one conversation.
    assert [(each.k, each.callers) for each in found] == [(1, 3), (2, 2), (3, 2)]
    assert [each.rate for each in found] == pytest.approx([(2 / 3 + 1 + 1) / 3, (1 / 3 + 1) / 2, 0.5])


def test_pass_hat_k_is_shown_as_long_as_half_of_the_callers_have_k_conversations() -> None:
    assert [each.k for each in pass_hat_k([Tally(3, 3), Tally(1, 1), Tally(1, 1)])] == [1]


def test_flips_are_the_mean_share_of_pairs_that_disagree() -> None:
    assert flips([Tally(1, 2), Tally(2, 3), Tally(1, 1)]) == pytest.approx((1 + 2 / 3) / 2)
    assert flips([Tally(1, 1), Tally(0, 0)]) is None


@pytest.mark.parametrize(
    ("base", "new", "is_turned"),
    [((3, 3), (0, 3), True), ((0, 4), (3, 3), True), ((2, 2), (0, 3), False), ((3, 3), (1, 3), False)],
)
def test_a_caller_turned_if_its_three_or_more_outcomes_were_all_reversed(
    base: tuple[int, int], new: tuple[int, int], is_turned: bool
) -> None:
    assert turned(Tally(*base), Tally(*new)) is is_turned


def test_the_bar_counts_each_conversation_once_and_splits_void_ones_by_owner() -> None:
    parts = outcomes(run_of(PASSED, PASSED, FAILED, VOID, VOID | {"status": "SYSTEM_ERROR"}, total_tests=6))
    assert [(each.kind, each.count, each.text) for each in parts] == [
        ("p", 2, "passed"),
        ("f", 1, "failed"),
        ("d", 1, "void, for the agent or its line to fix, may have failed"),
        ("v", 1, "void, for the platform to fix"),
        ("d", 1, "missing from the list, may have failed"),
    ]
    assert sum(float(each.width.rstrip("%")) for each in parts) == pytest.approx(100, abs=0.1)


def test_the_text_about_doubt_has_the_rate_that_the_gate_would_find() -> None:
    verdict = gate(scenario("no_calls"))
    assert doubt_text(verdict, Rules()) == (
        "10 conversations may have failed: tool calls expected but none recorded. If counted as failed: "
        "32 of 50 judged conversations passed, 64.0 %."
    )


def test_the_text_about_doubt_is_empty_if_there_is_no_doubt() -> None:
    assert doubt_text(gate(conversations(3, 1)), Rules()) == ""


def test_the_list_open_first_starts_with_one_conversation_per_reason() -> None:
    reasons = ["slow"] * 5 + ["rude", "lost"]
    failed = [
        {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning=each)]} for each in reasons
    ]
    found = open_first(gate(run_of(*failed)), None)
    assert [(each.reason, each.alike) for each in found[:3]] == [("slow", 5), ("rude", 1), ("lost", 1)]
    assert len(found) == 5


def test_the_list_open_first_begins_with_a_caller_that_got_worse() -> None:
    base, new = callers((3, 0), (1, 2), **OLDER), callers((0, 3), (1, 2))
    found = open_first(gate(new), compare(base, new))
    assert found[0].result.digital_human_id == 100


def test_the_page_shows_the_confidence_interval_of_the_gate() -> None:
    run = callers((3, 0), (0, 3), (2, 1))
    explained = next(each for each in gate(run).quality if each.rule == "min-pass-rate").explanation
    low_to_high = explained.rpartition("interval ")[2]
    assert f"callers like these: {low_to_high}" in pass_rate(gate(run), Rules()).words


def test_a_callers_conversations_are_in_order_of_time_and_the_worst_caller_is_first() -> None:
    early, late = ({"start_time": f"2026-11-19T1{hour}:00:00Z"} for hour in (0, 5))
    run = run_of(
        PASSED | {"digital_human_id": 7},
        PASSED | late | {"digital_human_id": 8},
        FAILED | early | {"digital_human_id": 8},
    )
    section = caller_section(run)
    assert [each.id for each in section.rows] == ["8", "7"]
    assert [each.outcome for each in section.rows[0].results] == ["failed", "passed"]


def test_with_over_60_callers_the_rest_is_counted_by_pass_rate() -> None:
    section = caller_section(callers(*((0, 2),) * 60, *((1, 1),) * 5, *((2, 0),) * 9))
    assert len(section.rows) == 60
    assert {each.text: each.count for each in section.folded if each.count} == {
        "40 to 60 %": 5,
        "always passed": 9,
    }


def test_the_page_shows_the_latency_of_the_gate_and_the_limit_of_its_rule() -> None:
    run = run_of(_slow(1900), _slow(2400), _slow(2900))
    rules = Rules(max_latency={"p95": 2000})
    p95 = next(each for each in latency_rows(run, rules) if each.name == "p95")
    found = next(each for each in gate(run, rules).quality if each.rule == "max-latency-p95")
    milliseconds = float(found.value.removesuffix(" ms").replace(",", ""))
    assert p95.run == f"{milliseconds / 1000:.2f} s"
    assert p95.limit == "2.00 s"
    assert p95.measured == 3
    assert p95.spread == ("1.90 s", "2.40 s", "2.90 s")


def test_history_is_in_order_of_time_and_marks_invalid_runs() -> None:
    now, void = conversations(4, 1), run_of(PASSED, VOID, **OLDER)
    history = history_of([gate(now), gate(void)], Rules(), now.id)
    assert [(each.run_id, each.is_valid, each.is_current) for each in history.rows] == [
        ("1", False, False),
        (now.id, True, True),
    ]


def test_a_history_is_compared_with_the_last_run_that_ships() -> None:
    ships, fails = callers((3, 0), (3, 0), **OLDER), callers((0, 3), (3, 0), id="2")
    found = comparison_with([gate(each) for each in (ships, fails, callers((0, 3), (0, 3)))])
    assert found
    assert [each.id for each in found.base] == ["1"]


def test_without_an_earlier_valid_run_a_history_is_not_compared() -> None:
    void = run_of(VOID, **OLDER)
    assert comparison_with([gate(void), gate(conversations(2))]) is None


def test_a_flag_that_did_not_change_is_not_named_beside_the_comparison() -> None:
    judged = {"evaluations": [builders.evaluation(hallucination=False)]}
    humans = [judged | {"digital_human_id": caller} for caller in (1, 2)]
    base, new = (run_of(*humans, id=each) for each in "12")
    assert "Also changed" not in comparison_text(compare(base, new))


def test_another_evaluation_without_an_answer_has_a_dash() -> None:
    evaluations = [
        builders.evaluation(goal_success=None, created_at="2026-11-19T16:04:00Z"),
        builders.evaluation(created_at="2026-11-19T16:05:00Z"),
    ]
    *_, another = conversation(run_of({"evaluations": evaluations}).results[0]).questions
    assert (another.answer, another.reason) == ("-", "")


def test_the_change_is_on_a_scale_with_its_interval_and_the_margin() -> None:
    comparison = compare(callers(*((3, 0),) * 5, **OLDER), callers(*((3, 0),) * 4, (0, 3)))
    change = change_of(comparison)
    assert change
    assert change.dot.text == "-20.0 points"
    assert change.margin_text == "grey: within 5 points"
    assert [each.is_turned for each in pair_rows(comparison.worse)] == [True]


def test_the_reason_for_a_caller_that_got_better_starts_with_before() -> None:
    comparison = compare(callers((1, 2), (3, 0), **OLDER), callers((3, 0), (1, 2)))
    [better], [worse] = pair_rows(comparison.better), pair_rows(comparison.worse)
    assert better.reason == f"before: {worse.reason}"


@pytest.mark.parametrize(
    ("value", "x", "anchor"), [(0, "0%", "start"), (5, "50%", "middle"), (12, "100%", "end")]
)
def test_a_label_near_an_end_stays_within_the_chart(value: float, x: str, anchor: str) -> None:
    mark = Scale(0, 10).mark(value, "label")
    assert mark.x == x
    assert mark.anchor == anchor
