"""All tables of conversation statuses agree with `statuses.txt`, which was written by hand.

The client, the rules, the stub and the oracle each have their own table, so that no mistake is shared.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from bluejay_contract.checks import check, statuses
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.stub import run
from bluejay_contract.stub.scenarios.conversation import conversation, result
from bluejay_contract.stub.scenarios.run_document import CREATED_AT
from bluejay_results import SimulationRun
from bluejay_results.results.outcome import PHASES

from .. import builders
from ..oracle import outcomes as oracle

TABLE = Path(__file__).with_name("statuses.txt")
ROOT = Path(__file__).parents[3]


@frozen
class Row:
    """A line of the table.

    Attributes:
        status: The status.
        reached: The outcome if the goal was reached.
        missed: The outcome if the goal was missed.
        counted: The counter in which the service counts the conversation.
        owner: Who has to act if the goal was missed.
    """

    status: str
    reached: str
    missed: str
    counted: str
    owner: str | None

    @property
    def outcomes(self) -> tuple[str, str]:
        return self.reached, self.missed

    @property
    def has_ended(self) -> bool:
        return self.reached != "under way"


def _rows() -> Iterator[Row]:
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            status, reached, missed, counted, owner = re.split(r" {2,}", line)
            yield Row(status, reached, missed, counted, None if owner == "-" else owner)


ROWS = {row.status: row for row in _rows()}
of_each_status = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)


def with_outcomes(*expected: str) -> set[str]:
    """Return the statuses with these outcomes if the goal was reached, and if it was missed."""
    return {row.status for row in ROWS.values() if row.outcomes == expected}


def _documents(status: str) -> list[builders.Document]:
    """Return two runs with a conversation in this status: one that reached its goal, one that missed it."""
    evaluations = [[builders.evaluation(goal_success=goal)] for goal in (True, False)]
    return [builders.response(builders.result(status=status, evaluations=each)) for each in evaluations]


@of_each_status
def test_the_client_computes_the_outcome_and_the_owner_listed_in_the_table(row: Row) -> None:
    results = [SimulationRun.from_bytes(builders.encoded(each)).results[0] for each in _documents(row.status)]
    assert tuple(each.outcome.value for each in results) == row.outcomes
    assert results[1].owner == row.owner


@of_each_status
def test_the_oracle_computes_the_outcome_listed_in_the_table(row: Row) -> None:
    assert tuple(oracle.read(each).outcomes[0] for each in _documents(row.status)) == row.outcomes


@pytest.mark.parametrize(
    "known",
    [PHASES.keys(), oracle.KNOWN, statuses.ENDED | statuses.UNDER_WAY],
    ids=["client", "oracle", "rules"],
)
def test_the_client_the_oracle_and_the_rules_know_exactly_the_statuses_in_the_table(known: set[str]) -> None:
    assert set(known) == ROWS.keys()


@pytest.mark.parametrize(
    ("group", "outcomes"),
    [
        (statuses.UNDER_WAY, ("under way", "under way")),
        (statuses.VOID, ("void", "void")),
        (statuses.NOT_SCORED - statuses.VOID, ("unknown", "unknown")),
        (statuses.NEVER_PASSED - statuses.NOT_SCORED, ("unknown", "failed")),
        (statuses.ENDED - statuses.NEVER_PASSED, ("passed", "failed")),
    ],
    ids=["under way", "void", "unknown", "errors", "scored"],
)
def test_the_rules_group_the_statuses_the_same_way_as_the_table(
    group: set[str], outcomes: tuple[str, str]
) -> None:
    assert group == with_outcomes(*outcomes)


def _counters(**asked: Any) -> tuple[int, ...]:
    """Return the passed, failed, completed and incompleted conversations of a built run."""
    made = run(**asked)["simulation_run"]
    return tuple(made[f"tests_{name}"] for name in ("passed", "failed", "completed", "incompleted"))


COUNTED = {
    "by its goal": (1, 0, 1, 0),
    "not held": (0, 1, 0, 1),
    "not scored": (0, 0, 1, 0),
    "-": (0, 0, 0, 0),
}
"""A run's counters if its only conversation reached its goal."""
BY_GOAL = [row.status for row in ROWS.values() if row.counted == "by its goal"]
SCORED = [row.status for row in ROWS.values() if row.outcomes == ("passed", "failed")]


@of_each_status
def test_the_stub_counts_a_conversation_as_the_table_states(row: Row) -> None:
    assert _counters(passed=[{"status": row.status}]) == COUNTED[row.counted]


@pytest.mark.parametrize("status", BY_GOAL)
def test_the_stub_counts_a_conversation_without_a_verdict_as_not_scored(status: str) -> None:
    assert _counters(passed=[{"status": status, "evaluations": None}]) == COUNTED["not scored"]


@pytest.mark.parametrize("status", SCORED)
def test_the_stub_gives_a_declared_conversation_its_evaluation_if_it_is_scored(status: str) -> None:
    assert result(conversation(status=status), 1, CREATED_AT)["evaluations"]


@pytest.mark.parametrize("status", SCORED)
def test_the_rules_and_the_client_accept_how_the_stub_counts_a_passed_conversation(status: str) -> None:
    body = builders.encoded(run(passed=[{}, {"status": status}]))
    assert check(Contract.load(), Exchange.saved(body)) == []
    assert [*SimulationRun.from_bytes(body).contradictions] == []


@of_each_status
def test_the_stubs_counters_agree_with_a_conversation_in_each_status(row: Row) -> None:
    group = {"under_way" if row.reached == "under way" else row.missed: [{"status": row.status}]}
    assert check(Contract.load(), Exchange.saved(builders.encoded(run(passed=2, **group)))) == []


@of_each_status
@pytest.mark.parametrize("group", ["passed", "failed"])
def test_a_built_conversation_keeps_its_evaluation_in_each_status(row: Row, group: str) -> None:
    built = run(**{group: [{"status": row.status}]})
    assert SimulationRun.from_bytes(builders.encoded(built)).results[0].outcome == (
        row.reached if group == "passed" else row.missed
    )
    if row.has_ended:
        assert check(Contract.load(), Exchange.saved(builders.encoded(built))) == []


_NAMES = r"([A-Z_]+(?:(?:, | or | and )[A-Z_]+)*)"


def documented(pattern: str) -> set[str]:
    """Return the statuses in the texts of docs/definitions.md that match a pattern."""
    found = re.findall(pattern, " ".join((ROOT / "docs" / "definitions.md").read_text().split()))
    texts = [each if isinstance(each, str) else " ".join(each) for each in found]
    return {name for text in texts for name in re.findall(r"[A-Z_]{2,}", text)}


@pytest.mark.parametrize(
    ("sentence", "outcomes"),
    [
        (rf"The status is {_NAMES}: \*\*void\*\*", ("void", "void")),
        (rf"its status is an under-way status: {_NAMES}\.", ("under way", "under way")),
        (rf"The status is {_NAMES}: \*\*unknown\*\*", ("unknown", "unknown")),
        (rf"the status is {_NAMES} or unknown to this version: \*\*unknown\*\*", ("unknown", "failed")),
        (rf"{_NAMES} is treated like {_NAMES}", ("passed", "failed")),
    ],
    ids=["void", "under way", "unknown", "errors", "scored"],
)
def test_the_definitions_list_each_status_in_the_line_for_its_outcome(
    sentence: str, outcomes: tuple[str, str]
) -> None:
    assert documented(sentence) == with_outcomes(*outcomes)


@pytest.mark.parametrize("owner", ["the agent's configuration", "the agent or its line"])
def test_the_definitions_list_each_status_next_to_its_owner(owner: str) -> None:
    named = documented(rf"{owner} \(([^)]*)\)")
    assert named == {row.status for row in ROWS.values() if row.owner == owner}
