"""Waiting until a run is settled, with either client; and what a wait does after each poll."""

from collections.abc import Callable
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import (
    BluejayError,
    ConfigurationError,
    ConnectionFailedError,
    RateLimitError,
    RunProgress,
    ServerError,
    TLSError,
    UnexpectedStatusError,
    WaitTimeoutError,
)
from bluejay_results.client.polling import Polling
from bluejay_results.clock import Deadline

from .. import builders
from .answers import CALLED, RUNNING, SETTLED, UNRECORDED, listed, read_by_wait, single
from .conftest import MakeReader, ManualClock, Reader

SCORING = Answer.json(builders.response(builders.result(status="EVALUATING")))


def test_wait_returns_when_the_run_is_settled_not_when_it_has_ended(
    reader: Reader, stub: Stub, clock: ManualClock
) -> None:
    stub.serve("48213", RUNNING, SCORING, SETTLED)
    assert reader.wait("48213", poll_interval=10).is_settled
    assert clock.slept == [10, 10]


def test_on_update_gets_the_status_and_the_counters_at_each_poll(reader: Reader) -> None:
    """It gets the run too, once `wait` has read its conversations."""
    seen: list[RunProgress] = []
    run = reader.wait(SCENARIOS["advancing"].run_id, on_update=seen.append)
    states = [(each.status, each.total, each.ended, each.run is not None) for each in seen]
    assert states[0] == ("INITIALIZING", 0, 0, False)
    assert states[3] == ("RUNNING", 6, 3, False)
    assert states[4] == ("COMPLETED", 6, 6, True)
    assert seen[-1].run is run


def test_wait_fails_at_once_if_the_first_poll_cannot_connect(make_reader: MakeReader, closed: str) -> None:
    """A wait with a wrong URL should not take 25 minutes. After a successful poll, the error is transient."""
    with pytest.raises(ConnectionFailedError, match=r"ConnectError.*Check the base URL, the proxies"):
        make_reader(base_url=closed).wait("48213")


def test_a_wait_continues_after_each_transient_error_and_reports_it(
    make_reader: MakeReader, stub: Stub
) -> None:
    faults: list[BluejayError] = []
    stub.serve("48213", RUNNING, Answer(b"", status=520), *[Answer(b"<html>", status=502)] * 9, SETTLED)
    assert make_reader(retries=0).wait("48213", on_fault=faults.append).is_settled
    assert [fault.status_code for fault in faults] == [520] + [502] * 9


def test_a_wait_reports_each_error_before_its_retry(reader: Reader, stub: Stub) -> None:
    faults: list[BluejayError] = []
    stub.serve("48213", Answer(b"", status=502), Answer(b"", status=504), SETTLED)
    assert reader.wait("48213", on_fault=faults.append).is_settled
    assert [fault.status_code for fault in faults] == [502, 504]


def test_a_wait_reports_the_error_of_each_fetch_by_id_that_is_retried(reader: Reader, stub: Stub) -> None:
    faults: list[BluejayError] = []
    stub.serve("48213", listed(builders.result(**UNRECORDED)))
    stub.serve_result("1", Answer(status=503), single(**CALLED))
    assert reader.wait("48213", on_fault=faults.append).is_settled
    assert [fault.status_code for fault in faults] == [503]


@pytest.mark.parametrize("setting", ["timeout", "poll_interval"])
@pytest.mark.parametrize("value", [0, "10"])
def test_an_invalid_duration_is_refused_before_any_request(
    reader: Reader, stub: Stub, setting: str, value: object
) -> None:
    with pytest.raises(ConfigurationError, match=f"^{setting} must be"):
        reader.wait("48213", **{setting: value})
    assert stub.requests == []


URL = "http://a/v1/retrieve-simulation-results/48213"


def _polling(
    clock: ManualClock, timeout: float = 60, on_fault: Callable[[BluejayError], None] | None = None
) -> Polling:
    return Polling("48213", URL, Deadline(clock, timeout), 10, None, on_fault)


def _progress(*results: dict[str, Any], **run: Any) -> RunProgress:
    """The progress of a run that `wait` has just read."""
    read = read_by_wait(builders.response(*results, **run))
    return RunProgress(read.response.simulation_run, read)


def _limited(seconds: float) -> BluejayError:
    error = RateLimitError("429: slower", status_code=429, url=URL)
    error.retry_after = seconds
    return error


def _time_out(polling: Polling, clock: ManualClock) -> WaitTimeoutError:
    clock.sleep(60)
    with pytest.raises(WaitTimeoutError) as caught:
        polling.pause()
    return caught.value


@pytest.mark.parametrize(
    ("fields", "seen"),
    [({"status": "RUNNING"}, "last seen RUNNING"), ({"status": None}, "last seen without a status")],
)
def test_a_wait_timeout_names_the_last_status(clock: ManualClock, fields: dict[str, Any], seen: str) -> None:
    polling = _polling(clock)
    polling.seen(_progress(**fields))
    error = _time_out(polling, clock)
    assert str(error) == (
        f"The run 48213 had not settled within 60 s, {seen}. Wait longer or look at it in the app."
    )
    assert error.run_id == "48213"
    assert error.url == URL
    assert error.last_error is None


_TO_CALL = {"tool_calls": [builders.tool_calls(actual=0)]}


@pytest.mark.parametrize(
    ("results", "run", "missing"),
    [
        ([{}, {"status": "EVALUATING"}], {}, "1 conversation still under way"),
        ([{"status": "QUEUED"}] * 2, {"status": "RUNNING"}, "2 conversations still under way"),
        ([{}], {"total_tests": 3}, "2 conversations missing from the list"),
        ([_TO_CALL, {}], {}, "1 conversation whose verdict or tool calls may still arrive"),
        ([_TO_CALL, {"status": "READY"}], {"total_tests": 3}, (
            "1 conversation still under way, 1 conversation whose verdict or tool calls may still arrive, "
            "1 conversation missing from the list"
        )),
    ],
)  # fmt: skip
def test_a_wait_timeout_names_what_the_run_was_waiting_for(
    clock: ManualClock, results: list[dict[str, Any]], run: dict[str, Any], missing: str
) -> None:
    polling = _polling(clock)
    documents = [builders.result(number, **fields) for number, fields in enumerate(results)]
    polling.seen(_progress(*documents, **run))
    said = str(_time_out(polling, clock))
    assert f"last seen {run.get('status', 'COMPLETED')}, {missing}. Wait longer" in said


@pytest.mark.parametrize("said", ["503: away", "503: over the MAX."])
def test_a_wait_timeout_names_the_error_of_the_last_poll(clock: ManualClock, said: str) -> None:
    polling = _polling(clock)
    polling.failed(away := ServerError(said, status_code=503))
    error = _time_out(polling, clock)
    assert str(error) == (
        "The run 48213 had not settled within 60 s, no poll succeeded; the last poll failed: "
        f"{said.removesuffix('.')}. Wait longer or look at it in the app."
    )
    assert error.run is None
    assert error.url == URL
    assert error.last_error == away


def test_a_wait_timeout_names_a_requested_pause_that_was_too_long(clock: ManualClock) -> None:
    polling = _polling(clock)
    clock.sleep(15)
    polling.failed(_limited(50))
    with pytest.raises(WaitTimeoutError) as caught:
        polling.pause()
    assert "429: slower; the service asks for a pause of 50 s, and 45 s are left. Wait longer" in str(
        caught.value
    )


@pytest.mark.parametrize(
    "error",
    [
        ConnectionFailedError("no"),
        ServerError("no", status_code=503),
        UnexpectedStatusError("no", status_code=520),
    ],
)
def test_polling_continues_after_a_transient_error(clock: ManualClock, error: BluejayError) -> None:
    faults: list[BluejayError] = []
    polling = _polling(clock, on_fault=faults.append)
    polling.seen(_progress(status="RUNNING"))
    polling.failed(error)
    assert polling.pause() == 10
    assert faults == [error]


@pytest.mark.parametrize(
    "error",
    [
        ServerError("no", status_code=501),
        TLSError("no certificate"),
        UnexpectedStatusError("no", status_code=499),
        UnexpectedStatusError("no"),
    ],
)
def test_polling_raises_an_error_that_is_not_transient(clock: ManualClock, error: BluejayError) -> None:
    with pytest.raises(type(error)):
        _polling(clock).failed(error)


@pytest.mark.parametrize(
    ("timeout", "slept", "pause"),
    [(60, 0, 10), (60, 49, 10), (60, 50, 9), (60, 58.5, 0.5), (5, 0, 4.5), (5, 4, 0.5)],
)
def test_the_last_poll_comes_a_second_or_a_tenth_of_the_wait_before_the_deadline(
    clock: ManualClock, timeout: float, slept: float, pause: float
) -> None:
    polling = _polling(clock, timeout)
    clock.sleep(slept)
    assert polling.pause() == pause


@pytest.mark.parametrize(("asked", "pause"), [(5, 10), (11, 11), (59, 59)])
def test_a_longer_pause_that_the_server_requests_applies_until_a_poll_succeeds(
    clock: ManualClock, asked: float, pause: float
) -> None:
    polling = _polling(clock)
    polling.failed(_limited(asked))
    assert polling.pause() == pause
    polling.seen(_progress(status="RUNNING"))
    assert polling.pause() == 10


@pytest.mark.parametrize(("slept", "asked"), [(59, 0), (59.5, 0), (60, 0), (0, 59.5)])
def test_a_requested_pause_that_leaves_no_time_for_a_poll_ends_the_wait(
    clock: ManualClock, slept: float, asked: float
) -> None:
    polling = _polling(clock)
    clock.sleep(slept)
    if asked:
        polling.failed(_limited(asked))
    with pytest.raises(WaitTimeoutError):
        polling.pause()
