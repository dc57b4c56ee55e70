"""The texts and the JSON of a comparison."""

import json
from pathlib import Path
from typing import Any

import pytest
from bluejay_results.cli.compare_outputs import comparison_lines
from bluejay_results.compare import Comparison, Delta, compare, sentence
from bluejay_results.compare.words import (
    change_of_figure_text,
    figure_text,
    left_out_text,
    notes,
    passed_text,
    points_text,
    reason_text,
)
from bluejay_results.gate import gate
from bluejay_results.report.page import page
from bluejay_results.writing.run_view import RunFacts
from bluejay_results.writing.view import document
from bluejay_results.writing.words import passed_text as passed_of_run
from rich.console import Console

from ..gate.test_view import strings
from .sides import both, compared, side


def as_json(comparison: Comparison) -> bytes:
    return document("bluejay-results/comparison", comparison)


WIDE = "the interval contains 0; more callers would make it narrower"


@pytest.mark.parametrize(
    ("comparison", "said"),
    [
        (compared((15, "P", "P"), (5, "P", "F")), "worse: 20 callers, -25.0 points (-49.6 to -0.4)"),
        (compared((15, "P", "P"), (5, "F", "P")), "better: 20 callers, +25.0 points (+0.4 to +49.6)"),
        (
            compared((14, "P", "P"), (5, "P", "F"), (1, "P", "U")),
            "worse: 20 callers, -30.0 to -25.0 points (-55.6 to -0.4)",
        ),
        (
            compared((14, "P", "P"), (5, "F", "P"), (1, "U", "P")),
            "better: 20 callers, +25.0 to +30.0 points (+0.4 to +55.6)",
        ),
        (
            compared((18, "P", "P"), (2, "P", "F")),
            f"can't tell: 20 callers, -10.0 points (-29.8 to +9.8): {WIDE}",
        ),
        (
            compared((18, "P", "P"), (1, "P", "F"), (1, "P", "U")),
            f"can't tell: 20 callers, -10.0 to -5.0 points (-29.8 to +12.4): {WIDE}",
        ),
        (
            compared((14, "P", "P"), (4, "P", "F"), (2, "P", "U")),
            "can't tell: 20 callers, -30.0 to -20.0 points (-55.6 to +3.3): 2 unknown, open 19",
        ),
        (
            compared((1, "U", "F"), (13, "P", "P"), (3, "P", "F"), (3, "P", "U")),
            "can't tell: 20 callers, -30.0 to -20.0 points (-55.6 to +3.3): 4 unknown, open 18",
        ),
        (compared((1, "P", "F")), f"can't tell: 1 caller, -100.0 points (-100.0 to +100.0): {WIDE}"),
        (
            compare(side({1: "P"}, id="1"), side({2: "P"}, id="2")),
            "can't tell: no caller is in both runs with a passed, failed or unknown conversation",
        ),
    ],
)
def test_the_first_line_has_the_change_with_its_interval_and_what_would_decide(
    comparison: Comparison, said: str
) -> None:
    assert sentence(comparison) == said


def test_a_share_of_void_conversations_just_over_the_limit_is_not_printed_as_the_limit() -> None:
    run = side({1: "P" * 323, 2: "V" * 81}, id="2")
    said = "81 of 404 conversations void, 20.05 % (at most 20 %)"
    assert said in sentence(compare(side({1: "P"}, id="1"), run))


def test_an_unknown_conversation_of_a_caller_that_is_left_out_is_not_the_one_to_open() -> None:
    base = side(dict.fromkeys(range(20), "P"), id="1")
    callers = {99: "U"} | dict.fromkeys(range(2), "U") | dict.fromkeys(range(2, 6), "F")
    run = side(callers | dict.fromkeys(range(6, 20), "P"), id="2")
    assert sentence(compare(base, run)).endswith(": 2 unknown, open 2")


@pytest.mark.parametrize(
    ("fields", "callers", "said"),
    [
        ({"status": "RUNNING"}, "P", "run 2: not settled: "),
        ({"tests_passed": "one"}, "P", "run 2: the run breaks the contract: "),
        ({}, "U", "run 2 is not a measurement: 0 of 5 conversations passed or failed (at least 1)"),
        ({"total_tests": 7}, "P", "2 of 7 conversations void, 2 of them missing, 28.6 % (at most 20 %)"),
        ({"total_tests": 0}, "P", "run 2 is not a measurement: the run's count of conversations is 0"),
        (
            {"total_tests": None},
            "P",
            "run 2 is not a measurement: the run's count of conversations is null",
        ),
        (
            {"tests_passed": 4},
            "P",
            "run 2 is not a measurement: the run counts 4 passed; by its conversations",
        ),
    ],
)
def test_if_runs_are_not_compared_the_text_says_which_run_and_why(
    fields: dict[str, Any], callers: str, said: str
) -> None:
    run = side(dict.fromkeys(range(5), callers), id="2", **fields)
    text = sentence(compare(side({1: "P"}, id="1"), run))
    assert text.startswith("can't tell: run 2")
    assert said in text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-18.04, "-18.0"),
        (0.05, "+0.1"),
        (0.0, "0.0"),
        (-0.04, "-0.04"),
        (0.0031, "+0.003"),
        (-5.6e-15, "0.0"),
    ],
)
def test_points_have_one_decimal_and_only_0_is_printed_as_0(value: float, said: str) -> None:
    assert points_text(value) == said


@pytest.mark.parametrize(("kinds", "said"), [("PFFV", "1 of 3"), ("PFU", "1 to 2 of 3")])
def test_a_callers_conversations_are_counted_without_void_ones(kinds: str, said: str) -> None:
    assert passed_text(compared((1, kinds, "F"), (5, "P", "P")).pairs[0].before) == said


def test_only_the_callers_that_changed_are_listed() -> None:
    view = compared((1, "P", "P"), (1, "F", "P"), (1, "P", "U"), (1, "PP", "PF"), (1, "P", "F"))
    assert [each.now.id for each in view.pairs if each.is_changed] == [104, 102, 103, 101]


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("PPP", "PFU", "No slot was offered."),
        ("F", "P", "before: No slot was offered."),
        ("PP", "PU", "status NO_ANSWER"),
        ("UP", "PP", "before: status NO_ANSWER"),
        ("U", "PF", "No slot was offered."),
    ],
)
def test_the_reason_is_that_of_the_failures_on_the_worse_side(before: str, now: str, said: str) -> None:
    pair = next(each for each in compared((1, before, now), (5, "P", "P")).pairs if each.now.id == 100)
    assert reason_text(pair) == said


@pytest.mark.parametrize(
    ("base", "said"),
    [
        (side({1: "P"}, id="1"), ""),
        (side({1: "P", 7: "P"}, id="1"), "caller 7"),
        (side({1: "P"}, "P", id="1"), "1 conversation without a digital human"),
        (
            side(dict.fromkeys(range(1, 14), "P"), "P", "P", id="1"),
            "callers 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more; 2 conversations without a digital human",
        ),
    ],
)
def test_the_callers_that_are_left_out_are_named(base: Any, said: str) -> None:
    assert left_out_text(compare(base, side({1: "P"}, id="2"))) == said


@pytest.mark.parametrize(
    ("delta", "said"),
    [
        (Delta("median(latency.p95)", "ms", 1580.4, 12_000), ["1,580 ms", "12,000 ms", "+10,420"]),
        (Delta("rate(redundancy)", "%", 20, 12.5), ["20.0 %", "12.5 %", "-7.5"]),
        (Delta('mean("score")', "", 4, None), ["4.00", "-", "-"]),
    ],
)
def test_figures_have_their_unit(delta: Delta, said: list[str]) -> None:
    sides = [figure_text(each, delta.unit) for each in (delta.base, delta.now)]
    assert [*sides, change_of_figure_text(delta)] == said


def test_the_pass_rate_of_a_run_leaves_out_unknown_and_void_conversations() -> None:
    assert passed_of_run(RunFacts.of(side({1: "PPF", 2: "UV"}, id="7"))) == "2 of 3 passed, 66.7 %"
    assert passed_of_run(RunFacts.of(side({1: "U"}, id="7"))) == "no conversation passed or failed"


def test_notes_name_other_simulations_few_callers_and_each_runs_notes() -> None:
    base = side(dict.fromkeys(range(4), "P"), id="1", simulation_id="730")
    run = side(dict.fromkeys(range(4), "P") | {9: "U"}, id="2")
    assert notes(compare(base, run)) == [
        "the base run belongs to simulation 730, the run to simulation 731",
        "fewer than 5 callers are in both runs, so --fail-if-worse exits with 6",
        "run 2: 1 conversation is unknown: status NO_ANSWER (1)",
    ]


def test_runs_of_one_simulation_with_five_callers_on_both_sides_have_no_notes() -> None:
    assert notes(compared((5, "P", "F"))) == []


def test_the_json_has_the_values_of_the_comparison() -> None:
    base = side({1: "P", 2: "P", 3: "P"}, id="1")
    run = side({1: "FU", 2: "P", 4: "P"}, "P", id="2")
    document = json.loads(as_json(compare(base, run)))
    effects = {key: document.pop(key) for key in ("if_failed", "if_passed")}
    assert [effects[key]["change"] for key in effects] == [-50, -25]
    assert effects["if_failed"].keys() == {"change", "low", "high"}
    assert [document.pop(key)["id"] for key in ("base", "run")] == ["1", "2"]
    unchanged = {"passed": 1, "failed": 0, "unknown": 0, "void": 0}
    reason: dict[str, Any] = {
        "why": "goal_missed",
        "status": "COMPLETED",
        "tools": [],
        "explanation": "No slot was offered.",
        "path": None,
    }
    assert document == {
        "format": "bluejay-results/comparison",
        "version": 1,
        "change": "cant_tell",
        "cause": "compared",
        "exit_code": 6,
        "pairs": [
            {
                "before": {"id": 1, **unchanged},
                "now": {"id": 1, "passed": 0, "failed": 1, "unknown": 1, "void": 0},
                "change_if_failed": -100,
                "change_if_passed": -50,
                "reason": reason,
                "is_before": False,
            },
            {
                "before": {"id": 2, **unchanged},
                "now": {"id": 2, **unchanged},
                "change_if_failed": 0,
                "change_if_passed": 0,
                "reason": None,
                "is_before": False,
            },
        ],
        "left_out": [3, 4, None],
        "deltas": [{"name": "median(latency.average)", "unit": "ms", "base": 800, "now": 800, "change": 0}],
        "unmet": {},
        "unknown": [2],
        "notes": [{"kind": "few_callers", "data": {"needed": 5}}],
    }


def test_the_terminal_and_the_page_show_the_same_comparison() -> None:
    comparison = compared((15, "P", "P"), (5, "P", "F"))
    said = "worse: 20 callers, -25.0 points (-49.6 to -0.4)"
    assert next(line.plain for line in comparison_lines(comparison, Console(width=200))) == said
    assert said in page(gate(both((15, "P", "P"), (5, "P", "F"))[1]), comparison).decode()


@pytest.mark.parametrize(
    "comparison",
    [
        compared((1, "P", "FU"), (1, "F", "P")),
        compare(side({1: "P"}, id="1"), side({1: "U"}, id="2", simulation_id="7")),
        compare(side({1: "P"}, id="1"), side({1: "P"}, id="2", tests_passed=4)),
        compare(side({1: "P"}, id="1"), side({1: "P"}, id="2", status="RUNNING")),
    ],
)
def test_a_comparison_contains_no_sentence_of_ours(comparison: Comparison) -> None:
    found = [each for each in strings(json.loads(as_json(comparison))) if " " in each]
    assert {*found} <= {"No slot was offered."}


def test_every_field_of_the_json_is_documented() -> None:
    document = json.loads(as_json(compared((1, "P", "F"))))
    (pair, *_), (delta, *_) = document["pairs"], document["deltas"]
    names = {*document, *document["if_failed"], *pair, *pair["now"], *delta}
    page = (Path(__file__).parents[3] / "docs" / "compare.md").read_text()
    assert {name for name in names if f"`{name}`" not in page} == set()


def test_the_json_of_runs_that_are_not_compared_names_the_unmet_condition() -> None:
    document = json.loads(as_json(compare(side({1: "P"}, id="1"), side({1: "U"}, id="2"))))
    assert document["cause"] == "not_a_measurement"
    names = {run_id: [each["name"] for each in unmet] for run_id, unmet in document["unmet"].items()}
    assert names == {"1": [], "2": ["min-conversations"]}
    assert (document["if_failed"], document["if_passed"]) == (None, None)
