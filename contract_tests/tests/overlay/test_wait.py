"""Waiting for a run to settle, by either client, on a clock that only sleeping moves."""

from collections.abc import Callable

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import (
    AuthenticationError,
    BluejayError,
    ConfigurationError,
    ConnectionFailedError,
    ContractViolationError,
    InvalidRunIdError,
    SimulationRun,
    WaitTimeoutError,
)

from .. import builders
from .conftest import ManualClock, Reader

RUNNING = Answer.json(builders.response(status="RUNNING"))
SCORING = Answer.json(builders.response(builders.result(status="EVALUATING")))
SETTLED = Answer.json(builders.response(builders.result()))
DOWN = Answer(body=b"<html>", status=502)


def test_it_returns_when_the_run_is_settled_not_when_it_has_ended(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("r", RUNNING, SCORING, SETTLED)
    assert reader.wait("r", poll_interval=10).is_settled
    assert clock.slept == [10, 10]


def test_it_sees_every_step_of_an_advancing_run(reader: Reader) -> None:
    seen: list[SimulationRun] = []
    assert reader.wait(SCENARIOS["advancing"].run_id, on_update=seen.append).is_settled
    assert [run.status for run in seen][:2] == ["INITIALIZING", "RUNNING"]
    assert [run.is_settled for run in seen] == [False] * (len(seen) - 1) + [True]


def test_it_looks_once_at_a_run_that_is_settled_already(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("r", SETTLED)
    reader.wait("r")
    assert (len(bluejay_stub.requests), clock.slept) == (1, [])


def test_a_time_out_carries_the_last_state(reader: Reader, bluejay_stub: Stub) -> None:
    bluejay_stub.serve("r", RUNNING)
    with pytest.raises(WaitTimeoutError, match="had not settled within 60 s, last seen RUNNING") as caught:
        reader.wait("r", timeout=60, poll_interval=10)
    error = caught.value
    assert error.run is not None
    assert (error.run.status, error.run_id, error.last_error) == ("RUNNING", "r", None)


def test_the_last_look_is_just_before_the_deadline(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("r", RUNNING)
    with pytest.raises(WaitTimeoutError):
        reader.wait("r", timeout=25, poll_interval=10)
    assert clock.slept == [10, 10, 4]


def test_it_lives_through_passing_faults(reader: Reader, bluejay_stub: Stub) -> None:
    """More of them in a row than one call retries."""
    bluejay_stub.serve("r", RUNNING, *[DOWN] * 9, Answer(body=b"", status=520), SETTLED)
    assert reader.wait("r").is_settled


def test_a_time_out_after_faults_carries_the_last_one(reader: Reader, bluejay_stub: Stub) -> None:
    bluejay_stub.serve("r", RUNNING, DOWN)
    with pytest.raises(WaitTimeoutError, match="the last poll failed: 502") as caught:
        reader.wait("r", timeout=60)
    error = caught.value
    assert (error.run and error.run.status, error.last_error and error.last_error.status_code) == (
        "RUNNING",
        502,
    )


def test_a_service_that_was_never_reached_is_raised_at_once(
    make_reader: Callable[..., Reader], closed: str
) -> None:
    """A wrong URL should not cost 25 minutes; once the run was seen, the same fault is lived through."""
    with pytest.raises(ConnectionFailedError, match="ConnectError"):
        make_reader(base_url=closed).wait("r")


def test_a_run_never_seen_is_said_so(reader: Reader, bluejay_stub: Stub) -> None:
    bluejay_stub.serve("r", DOWN)
    with pytest.raises(WaitTimeoutError, match="no poll succeeded") as caught:
        reader.wait("r", timeout=5)
    assert caught.value.run is None


def test_a_pause_that_the_server_asks_for_is_kept_between_polls(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("r", *[Answer(body=b"", status=429, headers={"retry-after": "30"})] * 5, SETTLED)
    reader.wait("r", poll_interval=1)
    assert clock.slept == [30.0] * 5


def test_a_pause_beyond_the_deadline_is_not_begun(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve("r", Answer(body=b"", status=429, headers={"retry-after": "31536000"}))
    with pytest.raises(WaitTimeoutError, match="429"):
        reader.wait("r", timeout=600)
    assert clock.slept == []


def test_a_fault_that_waiting_does_not_mend_is_raised_at_once(reader: Reader, bluejay_stub: Stub) -> None:
    bluejay_stub.serve("r", RUNNING, Answer(body=b"", status=401))
    with pytest.raises(AuthenticationError):
        reader.wait("r")


def test_a_violation_of_the_contract_is_raised_at_once(reader: Reader, bluejay_stub: Stub) -> None:
    bluejay_stub.serve("r", RUNNING, Answer(body=b"{}"))
    with pytest.raises(ContractViolationError):
        reader.wait("r")


def test_each_fault_that_is_lived_through_is_told(
    make_reader: Callable[..., Reader], bluejay_stub: Stub
) -> None:
    faults: list[BluejayError] = []
    bluejay_stub.serve("r", RUNNING, Answer(b"", status=520), Answer(b"", status=503), SETTLED)
    make_reader(retries=0).wait("r", on_fault=faults.append)
    assert [fault.status_code for fault in faults] == [520, 503]


def test_what_on_update_raises_ends_the_wait(reader: Reader, bluejay_stub: Stub) -> None:
    bluejay_stub.serve("r", RUNNING)

    def stop(run: SimulationRun) -> None:
        raise KeyError(run.id)

    with pytest.raises(KeyError):
        reader.wait("r", on_update=stop)


@pytest.mark.parametrize("setting", ["timeout", "poll_interval"])
@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), "10"])
def test_a_duration_that_makes_no_sense_is_refused_before_any_request(
    reader: Reader, bluejay_stub: Stub, setting: str, value: object
) -> None:
    with pytest.raises(ConfigurationError, match=setting):
        reader.wait("r", **{setting: value})
    assert bluejay_stub.requests == []


def test_a_run_id_that_names_none_is_refused(reader: Reader) -> None:
    with pytest.raises(InvalidRunIdError):
        reader.wait("..")
