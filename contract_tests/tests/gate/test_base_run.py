"""The `base` rule: a run must not be worse than its base run."""

from typing import Any

import pytest
from bluejay_results import SimulationRun, UsageError
from bluejay_results.errors import ServerError
from bluejay_results.gate import Decision, Obstacle, Rules, RuleVerdict, gate

from ..compare.sides import both, side
from .runs import conversations, finding

KEPT, BROKEN, UNSURE = RuleVerdict.KEPT, RuleVerdict.BROKEN, RuleVerdict.INCONCLUSIVE
FIVE = dict.fromkeys(range(5), "P")
OFF: dict[str, Any] = {"min_pass_rate": 0}


@pytest.mark.parametrize(
    ("sides", "verdict", "obstacle"),
    [
        (both((15, "P", "P"), (5, "P", "F")), BROKEN, None),
        (both((16, "P", "P"), (4, "P", "F")), KEPT, None),
        (both((15, "P", "P"), (5, "F", "P")), KEPT, None),
        (both((14, "P", "P"), (4, "P", "F"), (2, "P", "U")), UNSURE, Obstacle.UNKNOWN_CONVERSATIONS),
        (both((5, "P", "P")), KEPT, None),
        (both((4, "P", "F")), UNSURE, Obstacle.FEW_CALLERS),
        ((side(FIVE, id="1", status="RUNNING"), side(FIVE, id="2")), UNSURE, Obstacle.NO_BASE),
        ((side(FIVE, id="1", tests_passed="one"), side(FIVE, id="2")), UNSURE, Obstacle.NO_BASE),
        ((side(FIVE, id="1", total_tests=None), side(FIVE, id="2")), UNSURE, Obstacle.NO_BASE),
        ((side(FIVE, id="1", simulation_id=None), side(FIVE, id="2")), UNSURE, Obstacle.NO_BASE),
    ],
)
def test_a_run_must_not_be_worse_than_the_base_run(
    sides: tuple[SimulationRun, SimulationRun], verdict: RuleVerdict, obstacle: Obstacle | None
) -> None:
    base, run = sides
    found = finding(run, "base", base, **OFF)
    assert (found.subject, found.verdict, found.obstacle) == ("1", verdict, obstacle)


def test_a_base_run_that_could_not_be_read_makes_the_rule_inconclusive() -> None:
    """The finding contains the error; the other rules are still judged."""
    verdict = gate(conversations(9), base=ServerError("503: out of order", status_code=503))
    [*_, found] = verdict.runs[0].findings
    assert (found.verdict, found.obstacle) == (UNSURE, Obstacle.NO_BASE)
    assert "503" in found.rule.remark(found)
    assert verdict.decision is Decision.INCONCLUSIVE


@pytest.mark.parametrize(
    ("settings", "fields"),
    [({"max_void": 40}, {"total_tests": 8}), ({"no_counters": True}, {"tests_passed": 0})],
)
def test_the_measurement_settings_also_apply_to_the_base_run(
    settings: dict[str, Any], fields: dict[str, Any]
) -> None:
    base, run = side(FIVE, id="1", **fields), side(FIVE, id="2")
    assert finding(run, "base", base).verdict is UNSURE
    assert finding(run, "base", base, **settings).verdict is KEPT


def test_the_conversations_to_open_in_a_worse_run_are_those_of_the_callers_that_got_worse() -> None:
    base, run = both((1, "F", "F"), (14, "P", "P"), (5, "P", "F"))
    assert finding(run, "base", base, **OFF).conversations == (16, 17, 18, 19, 20)


def test_the_conversations_to_open_are_only_those_of_callers_that_certainly_got_worse() -> None:
    base, run = both((14, "P", "P"), (5, "P", "F"), (1, "P", "U"))
    found = finding(run, "base", base, **OFF)
    assert (found.verdict, found.conversations) == (BROKEN, (15, 16, 17, 18, 19))


def test_the_base_rules_total_includes_callers_that_are_in_only_one_run() -> None:
    base, run = side(FIVE | {8: "P"}, id="1"), side(FIVE | {9: "P"}, "P", id="2")
    found = finding(run, "base", base)
    assert (found.sample, found.total) == (5, 8)


def test_the_latencies_of_both_runs_are_in_the_unit_that_the_rules_set() -> None:
    """If the unit were inferred, 800 would count as milliseconds."""
    base, run = side(FIVE, id="1"), side(FIVE, id="2")
    comparison = finding(run, "base", base, latency_unit="s").comparison
    assert comparison
    assert [(each.base.value, each.now.value) for each in comparison.deltas] == [(800_000, 800_000)]


def test_a_base_run_is_compared_only_with_a_single_run_of_the_same_simulation() -> None:
    base = side(FIVE, id="1")
    for runs in ([side(FIVE, id="2"), side(FIVE, id="3")], base, side(FIVE, id="2", simulation_id="9")):
        with pytest.raises(UsageError):
            gate(runs, Rules(), base=base)
