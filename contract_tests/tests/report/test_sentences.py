"""The sentences at the top of the page: why the verdict is as it is, and what to do next."""

import re

import pytest
from bluejay_results.gate import Rules
from bluejay_results.gate.figure_rule import parse_rule
from bluejay_results.report.next_step import next_step
from bluejay_results.report.why import why

from .. import builders
from ..gate.runs import FAILED, PASSED, UNKNOWN, VOID, conversations, evaluated, run_of
from ..gate.verdicts import view_of
from .pages import DECISIONS

FUNDS = VOID | {"status": "OUT_OF_FUNDS"}
CANCELLED = VOID | {"status": "CANCELLED"}
NO_CONNECTION = UNKNOWN | {"status": "NO_CONNECTION"}
FLAGGED = evaluated(*({"hallucination": each} for each in (True, False, False, False)))


@pytest.mark.parametrize("name", DECISIONS)
def test_the_sentences_contain_no_option(name: str) -> None:
    verdict = DECISIONS[name]()
    assert "--" not in why(verdict) + next_step(verdict)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "ship",
            "Ship. To improve the agent, read the conversation below that failed.",
        ),
        ("don't ship", "Fix the agent: start with the conversations below."),
        ("not settled", "Wait, because scores are still coming. Then judge the run again."),
        ("violation", "Check the run id and read it again. If it still breaks the contract, tell Bluejay."),
        ("no rule", "Set a minimum pass rate, or call each caller at least five times."),
        ("few callers", "Run the simulation with about 14 callers: 10 callers can't decide."),
    ],
)
def test_the_next_step_follows_from_the_cause(name: str, said: str) -> None:
    assert next_step(DECISIONS[name]()) == said


def test_the_number_of_callers_that_would_decide_holds_however_the_unknown_conversations_ended() -> None:
    verdict = view_of(conversations(18, 1, 1), Rules(confident=True))
    assert re.findall(r"\d+", next_step(verdict)) == ["39", "20"]


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
            "Open the unknown conversations: did the agent call its tools? Or run again.",
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


@pytest.mark.parametrize(
    ("passed", "failed", "unknown", "minimum", "said"),
    [
        (16, 4, 0, 80, "16 of 20 conversations passed, 80.0 %; at least 80 % were asked for."),
        (
            15,
            3,
            1,
            75,
            "With the unknown conversation counted as failed, 15 of 19 passed, 78.9 %; at least 75 % "
            "were asked for.",
        ),
        (
            5,
            4,
            3,
            80,
            "Even with the 3 unknown conversations counted as passed, only 8 of 12 passed, 66.7 %; at least "
            "80 % were asked for.",
        ),
        (
            32,
            8,
            10,
            80,
            "32 of 50 conversations passed and 10 are unknown, so the pass rate is between 64.0 and 84.0 %; "
            "at least 80 % were asked for.",
        ),
    ],
)
def test_the_reason_counts_unknown_conversations_against_the_decision(
    passed: int, failed: int, unknown: int, minimum: float, said: str
) -> None:
    run = run_of(*[PASSED] * passed, *[FAILED] * failed, *[UNKNOWN] * unknown)
    assert why(view_of(run, Rules(min_pass_rate=minimum))) == said


def test_another_rule_that_decides_is_a_sentence_of_its_own() -> None:
    rules = Rules(min_pass_rate=100, require=(parse_rule("rate(hallucination) <= 5 %"),))
    failed = {"evaluations": [builders.evaluation(goal_success=False, hallucination=True)]}
    run = run_of(*[{"evaluations": [builders.evaluation(hallucination=False)]}] * 9, failed)
    assert why(view_of(run, rules)) == (
        "9 of 10 conversations passed, 90.0 %; at least 100 % were asked for. The rate of hallucination is "
        "10.0 % (at most 5 %)."
    )
