"""A comparison as JSON and as text: its values, the reasons for changed callers, and number formats."""

import json
from typing import Any

import pytest
from bluejay_results.compare import Comparison, Delta, compare, sentence
from bluejay_results.compare.comparison_text import change_of_figure_text
from bluejay_results.results.aggregate import Aggregate
from bluejay_results.results.figures import RunFigure
from bluejay_results.writing.numbers import figure_text

from ..gate.test_view import strings
from .sides import compared, side


def _time(value: float) -> RunFigure:
    return RunFigure(Aggregate.MEDIAN, "latency.p95", False, value)


def _flag(value: float) -> RunFigure:
    return RunFigure(Aggregate.RATE, "redundancy", False, value)


def _score(value: float | None) -> RunFigure:
    return RunFigure(Aggregate.MEAN, "score", True, value)


def as_json(comparison: Comparison) -> Any:
    return json.loads(comparison.to_json())


def test_comparison_json_contains_the_comparisons_values() -> None:
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
    average = {
        "aggregate": "median",
        "figure": "latency.average",
        "is_metric": False,
        "value": 800,
        "obstacle": None,
        "details": [],
        "conversations": [],
        "name": "median(latency.average)",
        "unit": "ms",
    }
    assert found == {
        "format": "bluejay-results/comparison",
        "version": 2,
        "change": "cant_tell",
        "cause": "compared",
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
        "left_out": [3, 4],
        "left_out_without_id": 1,
        "deltas": [
            {
                "name": "median(latency.average)",
                "base": average | {"sample": 2, "total": 2},
                "now": average | {"sample": 2, "total": 3},
                "change": 0,
            }
        ],
        "unmet": {},
        "unknown": [2],
        "notes": [{"kind": "few_callers", "data": {"needed": 5}}],
    }


def test_comparison_json_contains_no_prose_except_received_text() -> None:
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


def test_unknown_conversations_in_the_newer_run_are_listed_first() -> None:
    base = side({0: "U"} | dict.fromkeys(range(1, 20), "P"), id="1")
    callers = {99: "U"} | dict.fromkeys(range(2), "U") | dict.fromkeys(range(2, 6), "F")
    comparison = compare(base, side(callers | dict.fromkeys(range(6, 20), "P"), id="2"))
    assert comparison.unknown == (2, 3, 1)
    assert sentence(comparison).endswith(" 2)")


@pytest.mark.parametrize(
    ("base", "now", "written"),
    [
        (_time(1580.4), _time(12_000), ["1580 ms", "12000 ms", "+10420"]),
        (_time(927.6), _time(1125.4), ["928 ms", "1125 ms", "+197"]),
        (_flag(20), _flag(12.5), ["20.0 %", "12.5 %", "-7.5"]),
        (_score(4), _score(None), ["4", "-", "-"]),
        (_score(3), _score(3), ["3", "3", "0"]),
    ],
)
def test_compared_figures_are_printed_with_their_unit(
    base: RunFigure, now: RunFigure, written: list[str]
) -> None:
    assert [figure_text(base), figure_text(now), change_of_figure_text(Delta("figure", base, now))] == written
