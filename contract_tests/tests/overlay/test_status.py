"""What a status means."""

import pytest
from bluejay_results import status as statuses
from bluejay_results.status import Phase, normalized, phase, run_phase

# Written by hand from the public descriptions of the service, so that a status lost from our lists is missed.
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
    "INCOMPLETED": "unknown",
    "ERROR": "unknown",
    "FAILED": "unknown",
}


@pytest.mark.parametrize("status", ["No Answer", "no-answer", " NO_ANSWER ", "no_answer", "No  answer"])
def test_spellings_of_a_status_are_one(status: str) -> None:
    assert normalized(status) == "NO_ANSWER"


def test_both_spellings_of_cancelled_are_one() -> None:
    assert normalized("Canceled") == normalized("CANCELLED") == "CANCELLED"


@pytest.mark.parametrize("status", [None, "", " "])
def test_no_status_is_empty(status: str | None) -> None:
    assert normalized(status) == ""


@pytest.mark.parametrize("status", UNDER_WAY)
def test_a_conversation_with_one_of_these_statuses_is_under_way(status: str) -> None:
    assert phase(status) is Phase.UNDER_WAY


@pytest.mark.parametrize("status", ["COMPLETED", *OWNERS])
def test_a_conversation_with_one_of_these_statuses_has_ended(status: str) -> None:
    assert phase(status) is Phase.ENDED


def test_every_bad_end_has_someone_who_must_act() -> None:
    assert statuses.OWNERS == OWNERS


@pytest.mark.parametrize("status", ["VOICEMAIL", "TRANSCRIBING", "", None])
def test_any_other_status_of_a_conversation_is_unknown(status: str | None) -> None:
    assert phase(status) is Phase.UNKNOWN


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
def test_a_run_has_statuses_of_its_own(status: str | None, expected: Phase) -> None:
    assert run_phase(status) is expected
