"""The sentences at the top of the page: why the verdict is as it is, and what to do next."""

import pytest
from bluejay_results.gate import Rules
from bluejay_results.gate.figure_rule import parse_rule
from bluejay_results.gate.words import reason
from bluejay_results.report.next_step import next_step

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
    assert "--" not in reason(verdict) + next_step(verdict)


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
    assert next_step(DECISIONS[name]()) == said


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
