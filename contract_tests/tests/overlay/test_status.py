"""The meanings of statuses."""

import pytest
from bluejay_results.results import status as statuses
from bluejay_results.results.status import PHASES, Phase, normalized, run_phase

# Written by hand from public descriptions, so that a status missing from our lists is noticed.
UNDER_WAY = (
    *("INITIALIZING", "QUEUED", "READY", "DISPATCHED", "RUNNING", "IN_PROGRESS", "PENDING"),
    *("EVALUATION_PENDING", "EVALUATING", "CONVERSATION_ENDED"),
)
OWNERS = {
    "NO_CONNECTION": "the agent's configuration",
    "NO_ANSWER": "the agent or its line",
    "REJECTED": "the agent or its line",
    "CALL_DROPPED": "the agent or its line",
    "OUT_OF_FUNDS": "the account",
    "INSUFFICIENT_FUNDS": "the account",
    "SYSTEM_ERROR": "the platform",
    "CANCELLED": "whoever cancelled it",
}
VOID = frozenset({"OUT_OF_FUNDS", "INSUFFICIENT_FUNDS", "SYSTEM_ERROR", "CANCELLED"})
NOT_CONNECTED = frozenset({"NO_CONNECTION", "NO_ANSWER", "REJECTED", "INCOMPLETED"})


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((each, "NO_ANSWER") for each in ("No Answer", "no-answer", " NO_ANSWER ", "No  answer")),
        *((each, "CANCELLED") for each in ("Canceled", "CANCELLED")),
        *((each, "") for each in (None, "", " ")),
    ],
)
def test_all_spellings_of_a_status_are_normalized_to_one(status: str | None, expected: str) -> None:
    assert normalized(status) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((status, Phase.UNDER_WAY) for status in UNDER_WAY),
        *((status, Phase.ENDED) for status in ("COMPLETED", *OWNERS, "INCOMPLETED", "ERROR", "FAILED")),
        *((status, Phase.UNKNOWN) for status in ("VOICEMAIL", "TRANSCRIBING", "", None)),
    ],
)
def test_a_status_determines_whether_a_conversation_is_under_way(status: str | None, expected: Phase) -> None:
    assert PHASES.get(normalized(status), Phase.UNKNOWN) is expected


def test_the_statuses_that_decide_an_outcome_and_name_an_owner_are_the_documented_ones() -> None:
    assert [statuses.VOID, statuses.NOT_CONNECTED] == [VOID, NOT_CONNECTED]
    assert statuses.OWNERS == OWNERS


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("INITIALIZING", Phase.UNDER_WAY),
        ("RUNNING", Phase.UNDER_WAY),
        ("COMPLETED", Phase.ENDED),
        ("INCOMPLETED", Phase.ENDED),
        ("Insufficient Funds", Phase.ENDED),
        ("CANCELLED", Phase.UNKNOWN),
        (None, Phase.UNKNOWN),
    ],
)
def test_the_statuses_of_runs_differ_from_those_of_conversations(status: str | None, expected: Phase) -> None:
    assert run_phase(status) is expected
