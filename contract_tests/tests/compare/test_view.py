"""A comparison as JSON and as text: its values, the reasons of changed callers, and the forms of numbers."""

import json
from typing import Any

import pytest
from bluejay_results.compare import Comparison, Delta, compare, sentence
from bluejay_results.compare.words import change_of_figure_text, figure_text, points_text
from bluejay_results.writing.view import document

from ..gate.test_view import strings
from .sides import compared, side


def as_json(comparison: Comparison) -> Any:
    return json.loads(document("bluejay-results/comparison", comparison))


def test_the_json_of_a_comparison_has_the_values_of_the_comparison() -> None:
    base = side({1: "P", 2: "P", 3: "P"}, id="1")
    run = side({1: "FU", 2: "P", 4: "P"}, "P", id="2")
    found = as_json(compare(base, run))
    failed, passed = found.pop("if_failed"), found.pop("if_passed")
    assert (failed["change"], passed["change"]) == (-50, -25)
    assert failed.keys() == {"change", "low", "high"}
    assert [found.pop(key)["id"] for key in ("base", "run")] == ["1", "2"]
    unchanged = {"passed": 1, "failed": 0, "unknown": 0, "void": 0}
    explained = {"explanation": "No slot was offered.", "path": None, "correction": None}
    reason: dict[str, Any] = {"why": "goal_missed", "status": "COMPLETED", "tools": []} | explained
    assert found == {
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


def test_a_note_is_added_if_the_two_runs_are_of_different_simulations() -> None:
    callers = dict.fromkeys(range(5), "P")
    other = compare(side(callers, id="1", simulation_id="730"), side(callers, id="2"))
    assert [each.data for each in other.notes] == [{"base": "730", "run": "731"}]
    assert compared((5, "P", "F")).notes == ()


def test_the_json_of_a_comparison_contains_no_sentence_except_received_texts() -> None:
    now = (side({1: "P"}, id="2", **each) for each in ({"tests_passed": 4}, {"status": "RUNNING"}))
    compared_runs = [compare(side({1: "P"}, id="1"), each) for each in now]
    for each in (compared((1, "P", "FU"), (1, "F", "P")), *compared_runs):
        assert {text for text in strings(as_json(each)) if " " in text} <= {"No slot was offered."}


@pytest.mark.parametrize(
    ("before", "now", "status", "is_before"),
    [
        ("PPP", "PFU", "COMPLETED", False),
        ("F", "P", "COMPLETED", True),
        ("PP", "PU", "NO_ANSWER", False),
        ("UP", "PP", "NO_ANSWER", True),
        ("U", "PF", "COMPLETED", False),
        ("P", "P", None, False),
    ],
)
def test_the_reason_for_a_change_comes_from_the_failures_in_the_worse_run(
    before: str, now: str, status: str | None, is_before: bool
) -> None:
    pair = next(each for each in compared((1, before, now), (5, "P", "P")).pairs if each.now.id == 100)
    assert (pair.reason and pair.reason.status, pair.is_before) == (status, is_before)


def test_unknown_conversations_of_the_newer_run_are_listed_first() -> None:
    base = side({0: "U"} | dict.fromkeys(range(1, 20), "P"), id="1")
    callers = {99: "U"} | dict.fromkeys(range(2), "U") | dict.fromkeys(range(2, 6), "F")
    comparison = compare(base, side(callers | dict.fromkeys(range(6, 20), "P"), id="2"))
    assert comparison.unknown == (2, 3, 1)
    assert sentence(comparison).endswith(" 2")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (-18.04, "-18.0"),
        (0.05, "+0.1"),
        (0.0, "0.0"),
        (-0.04, "-0.04"),
        (0.0031, "+0.003"),
        (-5.6e-15, "0.0"),
    ],
)
def test_a_small_change_is_printed_with_enough_decimals_to_differ_from_0(value: float, written: str) -> None:
    assert points_text(value) == written


@pytest.mark.parametrize(
    ("delta", "written"),
    [
        (Delta("median(latency.p95)", "ms", 1580.4, 12_000), ["1,580 ms", "12,000 ms", "+10,420"]),
        (Delta("rate(redundancy)", "%", 20, 12.5), ["20.0 %", "12.5 %", "-7.5"]),
        (Delta('mean("score")', "", 4, None), ["4.00", "-", "-"]),
    ],
)
def test_compared_figures_are_printed_with_their_unit(delta: Delta, written: list[str]) -> None:
    sides = [figure_text(each, delta.unit) for each in (delta.base, delta.now)]
    assert [*sides, change_of_figure_text(delta)] == written
