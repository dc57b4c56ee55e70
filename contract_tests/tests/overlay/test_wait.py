"""Waiting until a run is settled, with either client, on a clock that advances only by sleeping."""

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import (
    BluejayError,
    ConfigurationError,
    ConnectionFailedError,
    SimulationRun,
)

from .. import builders
from .answers import CALLED, RUNNING, SETTLED, UNRECORDED, listed, single
from .conftest import MakeReader, ManualClock, Reader

SCORING = Answer.json(builders.response(builders.result(status="EVALUATING")))


def test_wait_returns_when_the_run_is_settled_not_when_it_has_ended(
    reader: Reader, stub: Stub, clock: ManualClock
) -> None:
    stub.serve("r", RUNNING, SCORING, SETTLED)
    assert reader.wait("r", poll_interval=10).is_settled
    assert clock.slept == [10, 10]


def test_on_update_is_called_with_every_state_of_the_run(reader: Reader) -> None:
    seen: list[SimulationRun] = []
    assert reader.wait(SCENARIOS["advancing"].run_id, on_update=seen.append).is_settled
    assert [run.status for run in seen][:2] == ["INITIALIZING", "RUNNING"]
    assert [run.is_settled for run in seen] == [False] * (len(seen) - 1) + [True]


def test_wait_fails_at_once_if_the_first_poll_cannot_connect(make_reader: MakeReader, closed: str) -> None:
    """A wrong URL should not take 25 minutes. After a successful poll, the same error is transient."""
    with pytest.raises(ConnectionFailedError, match=r"ConnectError.*Check the base URL, the proxies"):
        make_reader(base_url=closed).wait("r")


def test_a_wait_continues_after_each_transient_error_and_reports_it(
    make_reader: MakeReader, stub: Stub
) -> None:
    faults: list[BluejayError] = []
    stub.serve("r", RUNNING, Answer(b"", status=520), *[Answer(b"<html>", status=502)] * 9, SETTLED)
    assert make_reader(retries=0).wait("r", on_fault=faults.append).is_settled
    assert [fault.status_code for fault in faults] == [520] + [502] * 9


def test_a_wait_reports_each_error_before_its_retry(reader: Reader, stub: Stub) -> None:
    faults: list[BluejayError] = []
    stub.serve("r", Answer(b"", status=502), Answer(b"", status=504), SETTLED)
    assert reader.wait("r", on_fault=faults.append).is_settled
    assert [fault.status_code for fault in faults] == [502, 504]


def test_a_wait_reports_the_error_of_each_fetch_by_id_that_is_retried(reader: Reader, stub: Stub) -> None:
    faults: list[BluejayError] = []
    stub.serve("r", listed(builders.result(**UNRECORDED)))
    stub.serve_result("1", Answer(status=503), single(**CALLED))
    assert reader.wait("r", on_fault=faults.append).is_settled
    assert [fault.status_code for fault in faults] == [503]


@pytest.mark.parametrize("setting", ["timeout", "poll_interval"])
@pytest.mark.parametrize("value", [0, "10"])
def test_an_invalid_duration_is_refused_before_any_request(
    reader: Reader, stub: Stub, setting: str, value: object
) -> None:
    with pytest.raises(ConfigurationError, match=f"^{setting} must be"):
        reader.wait("r", **{setting: value})
    assert stub.requests == []
