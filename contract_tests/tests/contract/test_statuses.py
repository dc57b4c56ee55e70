"""All tables of conversation statuses agree with `statuses.txt`, which was written by hand.

The client, the rules, the stub and the oracle each have their own table, so that no mistake is shared.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen
from bluejay_contract.checks import statuses
from bluejay_contract.stub import run
from bluejay_results import SimulationRun
from bluejay_results.results import outcome
from bluejay_results.results.outcome import PHASES
from contract_kit.tests.tables import table

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


def _rows() -> Iterator[Row]:
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            status, reached, missed, counted, owner = re.split(r" {2,}", line)
            yield Row(status, reached, missed, counted, None if owner == "-" else owner)


ROWS = {row.status: row for row in _rows()}
of_each_status = table("row", ROWS.values())


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


@table("known", [PHASES.keys(), oracle.KNOWN, statuses.ENDED | statuses.UNDER_WAY])
def test_the_client_the_oracle_and_the_rules_know_exactly_the_statuses_in_the_table(known: set[str]) -> None:
    assert set(known) == ROWS.keys()


@table(
    "group, outcomes",
    [
        (statuses.UNDER_WAY, ("under way", "under way")),
        (statuses.VOID, ("void", "void")),
        (statuses.NOT_SCORED - statuses.VOID, ("unknown", "unknown")),
        (statuses.NEVER_PASSED - statuses.NOT_SCORED, ("unknown", "failed")),
        (statuses.ENDED - statuses.NEVER_PASSED, ("passed", "failed")),
    ],
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


@of_each_status
def test_the_stub_counts_a_conversation_as_the_table_states(row: Row) -> None:
    assert _counters(passed=[{"status": row.status}]) == COUNTED[row.counted]


@table("name", ["RUN_CUT_SHORT", "RUN_ENDED"])
def test_the_rules_and_the_client_know_the_same_statuses_of_runs(name: str) -> None:
    assert getattr(statuses, name) == getattr(outcome, name)


_NAMES = r"([A-Z_]+(?:(?:, | or | and )[A-Z_]+)*)"


def documented(pattern: str) -> set[str]:
    """Return the statuses in the texts of docs/definitions.md that match a pattern."""
    found = re.findall(pattern, " ".join((ROOT / "docs" / "definitions.md").read_text().split()))
    texts = [each if isinstance(each, str) else " ".join(each) for each in found]
    return {name for text in texts for name in re.findall(r"[A-Z_]{2,}", text)}


@table(
    "sentence, outcomes",
    [
        (rf"The status is {_NAMES}: \*\*void\*\*", ("void", "void")),
        (rf"its status is an under-way status: {_NAMES}\.", ("under way", "under way")),
        (rf"The status is {_NAMES}: \*\*unknown\*\*", ("unknown", "unknown")),
        (rf"the status is {_NAMES} or unknown to this version: \*\*unknown\*\*", ("unknown", "failed")),
        (rf"{_NAMES} is treated like {_NAMES}", ("passed", "failed")),
    ],
)
def test_the_definitions_list_each_status_in_the_line_for_its_outcome(
    sentence: str, outcomes: tuple[str, str]
) -> None:
    assert documented(sentence) == with_outcomes(*outcomes)


@table("owner", ["the agent's configuration", "the agent or its line"])
def test_the_definitions_list_each_status_next_to_its_owner(owner: str) -> None:
    named = documented(rf"{owner} \(([^)]*)\)")
    assert named == {row.status for row in ROWS.values() if row.owner == owner}
