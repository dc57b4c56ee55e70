"""All tables of conversation statuses agree: in the client, the rules, the oracle and the definitions.

Each was written by hand. `golden/harness` keeps how the stub counts each status.
"""

import re
from pathlib import Path

from bluejay_contract.checks import statuses
from bluejay_results import SimulationRun
from bluejay_results.results import outcome
from bluejay_results.results.outcome import PHASES
from contract_kit.tests.tables import table

from .. import builders
from ..oracle import outcomes as oracle

TEXT = " ".join(Path(__file__).parents[3].joinpath("docs", "definitions.md").read_text().split())
NAMES = r"([A-Z_]+(?:(?:, | or | and )[A-Z_]+)*)"
GROUPS = [
    (statuses.UNDER_WAY, rf"its status is an under-way status: {NAMES}\.", "under way", "under way"),
    (statuses.VOID, rf"The status is {NAMES}: \*\*void\*\*", "void", "void"),
    (
        statuses.NOT_SCORED - statuses.VOID,
        rf"The status is {NAMES}: \*\*unknown\*\*",
        "unknown",
        "unknown",
    ),
    (
        statuses.NEVER_PASSED - statuses.NOT_SCORED,
        rf"the status is {NAMES} or unknown to this version: \*\*unknown\*\*",
        "unknown",
        "failed",
    ),
    (
        statuses.ENDED - statuses.NEVER_PASSED,
        rf"{NAMES} is treated like {NAMES}",
        "passed",
        "failed",
    ),
]


def documented(pattern: str) -> set[str]:
    """Return the statuses in the texts of docs/definitions.md that match a pattern."""
    found = (match[0] for match in re.finditer(pattern, TEXT))
    return {name for text in found for name in re.findall(r"[A-Z_]{2,}", text)}


def result(status: str, *, is_reached: bool) -> builders.Document:
    evaluations = [builders.evaluation(goal_success=is_reached)]
    return builders.response(builders.result(status=status, evaluations=evaluations))


@table("group, pattern, reached, missed", GROUPS)
def test_the_statuses_of_a_group_of_the_rules_have_the_same_outcomes_everywhere(
    group: set[str], pattern: str, reached: str, missed: str
) -> None:
    assert documented(pattern) == group
    for status in group:
        documents = [result(status, is_reached=each) for each in (True, False)]
        client = [SimulationRun.from_bytes(builders.encoded(each)).results[0].outcome for each in documents]
        assert client == [oracle.read(each).outcomes[0] for each in documents] == [reached, missed], status


def test_the_client_the_oracle_and_the_rules_know_the_same_statuses() -> None:
    assert set(PHASES) == set(oracle.KNOWN) == statuses.ENDED | statuses.UNDER_WAY
    for name in ("RUN_CUT_SHORT", "RUN_ENDED"):
        assert getattr(statuses, name) == getattr(outcome, name)


@table("owner", ["the agent's configuration", "the agent or its line"])
def test_the_definitions_list_each_status_next_to_its_owner(owner: str) -> None:
    missed = {each: builders.encoded(result(each, is_reached=False)) for each in PHASES}
    owned = {
        each for each, body in missed.items() if SimulationRun.from_bytes(body).results[0].owner == owner
    }
    assert documented(rf"{owner} \(([^)]*)\)") == owned
