"""What each status means, in every spelling."""

from typing import Any

import pytest
from bluejay_results import Outcome

from .. import builders
from ..runs import run_of

SCORED = (Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN)
ERROR = (Outcome.UNKNOWN, Outcome.FAILED, Outcome.UNKNOWN)
UNKNOWN = (Outcome.UNKNOWN,) * 3
VOID = (Outcome.VOID,) * 3
UNDER_WAY = (Outcome.UNDER_WAY,) * 3
MEANINGS = [
    (("COMPLETED", None), SCORED, "the agent"),
    (("CALL_DROPPED", "Call Dropped"), SCORED, "the agent or its line"),
    (("ERROR", "Failed", "VOICEMAIL", "", " "), ERROR, "the agent"),
    (("NO_CONNECTION",), UNKNOWN, "the agent's configuration"),
    (("No Answer", "no-answer", " NO_ANSWER ", "No  answer", "REJECTED"), UNKNOWN, "the agent or its line"),
    (("Incompleted",), UNKNOWN, None),
    (("OUT_OF_FUNDS", "insufficient funds"), VOID, "the account"),
    (("System Error",), VOID, "the platform"),
    (("CANCELLED", "Canceled"), VOID, "whoever cancelled it"),
    (("INITIALIZING", "Queued", "READY", "DISPATCHED", "RUNNING", "In Progress"), UNDER_WAY, None),
    (("PENDING", "EVALUATION_PENDING", "EVALUATING", "conversation ended"), UNDER_WAY, None),
]
"""Statuses; the outcomes if the goal was reached, missed or not judged; who has to act if it was missed.

This list was written by hand from public descriptions, independently of the package's lists.
"""


@pytest.mark.parametrize(
    ("status", "outcomes", "owner"), [(each, *row) for statuses, *row in MEANINGS for each in statuses]
)
def test_the_outcome_depends_on_the_status_and_the_verdict(
    status: str | None, outcomes: tuple[Outcome, ...], owner: str | None
) -> None:
    evaluations: list[Any] = [[builders.evaluation()], [builders.evaluation(goal_success=False)], []]
    reached, missed, unscored = (
        run_of(builders.result(status=status, evaluations=each)).results[0] for each in evaluations
    )
    assert (reached.outcome, missed.outcome, unscored.outcome) == outcomes
    assert missed.owner == owner
    assert unscored.owner == reached.owner == (owner if outcomes in {VOID, UNKNOWN} else None)
    assert missed.reason.status == missed.status


@pytest.mark.parametrize(
    ("run_status", "under_way", "unclear"),
    [
        (None, Outcome.UNDER_WAY, Outcome.UNDER_WAY),
        ("COMPLETED", Outcome.UNDER_WAY, Outcome.UNKNOWN),
        ("INCOMPLETED", Outcome.UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_an_unfinished_conversation_is_unknown_if_its_run_was_cut_short(
    run_status: str | None, under_way: Outcome, unclear: Outcome
) -> None:
    """With a null or new status, only a verdict shows that the conversation has ended."""
    results = [
        builders.result(1, status="QUEUED"),
        builders.result(2, status=None, evaluations=[]),
        builders.result(3, status="VOICEMAIL", evaluations=[builders.evaluation(goal_success=None)]),
        builders.result(4, status=None),
    ]
    outcomes = [each.outcome for each in run_of(*results, status=run_status).results]
    assert outcomes == [under_way, unclear, unclear, Outcome.PASSED]
