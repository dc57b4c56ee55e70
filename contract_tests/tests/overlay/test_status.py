"""What a status means."""

import pytest
from bluejay_results.status import BROKEN_OFF, ENDED, NOT_MEASURED, UNDER_WAY, Phase, normalized, phase


@pytest.mark.parametrize("status", ["No Answer", "no-answer", " NO_ANSWER ", "no_answer", "No  answer"])
def test_spellings_of_a_status_are_one(status: str) -> None:
    assert normalized(status) == "NO_ANSWER"


def test_both_spellings_of_cancelled_are_one() -> None:
    assert normalized("Canceled") == normalized("CANCELLED") == "CANCELLED"


@pytest.mark.parametrize("status", [None, "", " "])
def test_no_status_is_empty(status: str | None) -> None:
    assert normalized(status) == ""


@pytest.mark.parametrize("status", sorted(UNDER_WAY))
def test_a_status_on_the_list_is_under_way(status: str) -> None:
    assert phase(status) is Phase.UNDER_WAY


@pytest.mark.parametrize("status", sorted(ENDED))
def test_a_status_on_the_list_is_an_end(status: str) -> None:
    assert phase(status) is Phase.ENDED


def test_an_end_that_reads_like_one_but_is_not_is_under_way() -> None:
    assert phase("conversation ended") is Phase.UNDER_WAY


def test_a_new_status_that_reads_as_an_activity_is_under_way() -> None:
    assert phase("Transcribing") is Phase.UNDER_WAY


@pytest.mark.parametrize("status", ["VOICEMAIL", "", None])
def test_any_other_new_status_is_unknown(status: str | None) -> None:
    assert phase(status) is Phase.UNKNOWN


def test_no_status_is_on_two_lists() -> None:
    assert not UNDER_WAY & ENDED
    assert not NOT_MEASURED.keys() & BROKEN_OFF.keys()
