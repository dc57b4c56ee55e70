"""What is tried again, and what is said of it."""

import logging

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import ServerError, TLSError
from bluejay_results._retry import asked_pause, is_passing

from .. import builders
from .conftest import ManualClock, Reader

GOOD = Answer.json(builders.response())


def test_each_retry_is_logged_with_its_number_its_pause_and_its_reason(
    reader: Reader, bluejay_stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bluejay_results")
    asked = Answer(body=b"", status=503, headers={"retry-after": "7"})
    bluejay_stub.serve("r", asked, asked, GOOD)
    reader.retrieve("r")
    said = "503: The service failed. Try again later."
    assert [record.getMessage() for record in caplog.records if record.name == "bluejay_results"] == [
        f"attempt 1 failed, next in 7.0 s: {said}",
        f"attempt 2 failed, next in 7.0 s: {said}",
    ]


def test_a_pause_that_takes_all_that_is_left_is_not_begun(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("r", Answer(body=b"", status=503, headers={"retry-after": "60"}), GOOD)
    with pytest.raises(ServerError):
        reader.retrieve("r", timeout=60)
    assert clock.slept == []


@pytest.mark.parametrize("error", [None, KeyError("not ours")])
def test_an_error_that_is_not_ours_asks_for_no_pause(error: Exception | None) -> None:
    assert asked_pause(error) is None


@pytest.mark.parametrize("error", [KeyError("not ours"), TLSError("no certificate")])
def test_what_asking_again_does_not_mend_is_not_passing(error: Exception) -> None:
    assert is_passing(error) is False
