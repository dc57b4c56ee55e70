"""The two sentences at the top of the page: why the verdict is as it is, and what to do next."""

import pytest
from bluejay_results.gate import Rules
from bluejay_results.gate.grammar import parse_rule
from bluejay_results.gate.view import GateView
from bluejay_results.report.next_step import next_step
from bluejay_results.report.why import why

from ..gate.runs import FAILED, PASSED, UNKNOWN, VOID, callers, conversations, evaluated, run_of
from ..gate.verdicts import view_of
from .pages import DECISIONS, few_callers, with_unknown

FUNDS = VOID | {"status": "OUT_OF_FUNDS"}
CANCELLED = VOID | {"status": "CANCELLED"}
NO_CONNECTION = UNKNOWN | {"status": "NO_CONNECTION"}
FLAGGED = evaluated(*({"hallucination": each} for each in (True, False, False, False)))


@pytest.mark.parametrize(
    ("minimum", "said"),
    [
        (
            80,
            "15 to 16 of 19 conversations passed, 78.9 to 84.2 %, because 1 conversation may have passed or "
            "failed; at least 80 % were asked for.",
        ),
        (
            75,
            "15 of 18 conversations passed, 83.3 %, and at least 78.9 % with the 1 unknown one; at least "
            "75 % were asked for.",
        ),
        (
            90,
            "15 of 18 conversations passed, 83.3 %, and at most 84.2 % with the 1 unknown one; at least 90 % "
            "were asked for.",
        ),
    ],
)
def test_the_reason_has_the_pass_rate_and_the_bound_that_decides(minimum: int, said: str) -> None:
    assert why(view_of(with_unknown(), Rules(min_pass_rate=minimum))) == said


def test_without_unknown_conversations_the_reason_has_the_pass_rate_alone() -> None:
    assert why(view_of(conversations(9, 1))) == (
        "9 of 10 conversations passed, 90.0 %; at least 80 % were asked for."
    )


def test_the_reason_fits_one_conversation() -> None:
    assert why(view_of(conversations(1))).startswith("1 of 1 conversation passed, 100.0 %;")


def test_a_confident_verdict_has_its_interval_as_the_reason() -> None:
    assert why(view_of(few_callers(), Rules(confident=True))) == (
        "The 95 % interval of the pass rate is 73.3 to 100.0 %; at least 80 % were asked for."
    )


def test_callers_that_always_fail_are_named() -> None:
    run = callers(*((5, 0),) * 9, (0, 5))
    assert why(view_of(run)) == "1 of 10 callers fail every time (109); at most 0 may."


def test_a_broken_rule_about_a_figure_has_the_figure_and_the_limit() -> None:
    assert why(view_of(FLAGGED, Rules(require=(parse_rule("rate(hallucination) <= 5 %"),)))) == (
        "The rate of “hallucination” is 25.0 %; at most 5 % were asked for."
    )


def test_the_reason_counts_the_other_rules_that_are_broken() -> None:
    run = evaluated({"hallucination": True, "goal_success": False})
    found = why(view_of(run, Rules(require=(parse_rule("rate(hallucination) <= 5 %"),))))
    assert found.endswith("; at least 80 % were asked for. 1 more rule is broken.")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("not settled", "The run is not settled: status RUNNING"),
        ("violation", "The run breaks the contract: "),
        ("too many void", "3 of 8 conversations, 37.5 %, say nothing about the agent; at most 20 % may."),
        ("no rule", "No rule applies to this run, so nothing was judged."),
    ],
)
def test_a_run_that_no_rule_decides_has_the_obstacle_as_the_reason(name: str, said: str) -> None:
    assert why(GateView.of(DECISIONS[name]())).startswith(said)


@pytest.mark.parametrize("name", DECISIONS)
def test_the_sentences_contain_no_option(name: str) -> None:
    verdict = GateView.of(DECISIONS[name]())
    assert "--" not in why(verdict) + next_step(verdict)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ship", "Nothing has to be done before shipping. 1 conversation failed: read it below."),
        ("don't ship", "Fix the agent: start with the conversations below."),
        ("not settled", "Wait, because scores are still coming. Then judge the run again."),
        ("violation", "Check the run id and read it again. If it still breaks the contract, tell Bluejay."),
        ("no rule", "Set a minimum pass rate, or call each caller at least five times."),
        ("few callers", "Run the simulation with about 14 callers: 10 callers can't decide."),
    ],
)
def test_the_next_step_follows_from_the_cause(name: str, said: str) -> None:
    assert next_step(GateView.of(DECISIONS[name]())) == said


@pytest.mark.parametrize(
    ("void", "said"),
    [
        (FUNDS, "Top up the account, then run the simulation again."),
        (VOID, "Run the simulation again, because the platform failed."),
        (CANCELLED, "Run the simulation again, because conversations were cancelled."),
    ],
)
def test_void_conversations_lead_to_the_step_of_their_owner(void: dict[str, object], said: str) -> None:
    assert next_step(view_of(run_of(PASSED, void, void, CANCELLED if void is FUNDS else FUNDS))) == said


def test_missing_conversations_lead_to_another_run() -> None:
    said = "Run the simulation again, because the service doesn't list all of its conversations."
    assert next_step(view_of(run_of(PASSED, total_tests=9))) == said
    assert next_step(view_of(run_of(*[PASSED] * 9, *[FAILED] * 2, total_tests=12))) == said


def test_contradicting_counters_lead_to_reading_the_run_again() -> None:
    said = "Read the run again later. If its counters still contradict it, run the simulation again."
    assert next_step(view_of(run_of(PASSED, tests_passed=0))) == said


@pytest.mark.parametrize(
    ("unknown", "said"),
    [
        (
            UNKNOWN,
            "Check the agent and its line, because it did not take calls. Then run the simulation again.",
        ),
        (
            NO_CONNECTION,
            "Check the agent's configuration, because calls could not connect. Then run the simulation "
            "again.",
        ),
        (
            {"tool_calls": [{"name": "book", "expected": [{}], "actual": []}]},
            "Open the unknown conversations and check whether the agent called its tools, or run again.",
        ),
        ({"evaluations": None}, "Open the unknown conversations below, or run the simulation again."),
    ],
)
def test_unknown_conversations_lead_to_the_step_of_their_reason(
    unknown: dict[str, object], said: str
) -> None:
    assert next_step(view_of(run_of(*[PASSED] * 15, *[FAILED] * 3, unknown))) == said


def test_a_rule_about_an_unmeasured_figure_leads_to_the_rule() -> None:
    verdict = view_of(conversations(9), Rules(require=(parse_rule("mean(politeness) >= 4"),)))
    assert next_step(verdict) == "Check that the rule names a figure that this simulation measures."
