"""What a wait does after each poll of a run."""

import datetime
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from bluejay_results import (
    BluejayError,
    ConnectionFailedError,
    RateLimitError,
    ServerError,
    TLSError,
    UnexpectedStatusError,
    WaitTimeoutError,
)
from bluejay_results.client.call import Call
from bluejay_results.client.config import Config
from bluejay_results.client.operations import retrieve_run
from bluejay_results.client.polling import Polling
from bluejay_results.clock import Deadline
from bluejay_results.results.context import RunContext
from bluejay_results.results.grace import Grace

from .. import builders
from ..runs import run_of
from .conftest import ManualClock

URL = "http://a/v1/retrieve-simulation-results/r"


def _polling(
    clock: ManualClock, timeout: float = 60, on_fault: Callable[[BluejayError], None] | None = None
) -> Polling:
    config = Config.resolve("key", "http://a", request_timeout=1, retries=0, max_body_bytes=1)
    operation = retrieve_run("r", "raise", RunContext())
    return Polling(Call(config, operation, Deadline(clock, timeout)), 10, None, on_fault)


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
    polling.is_settled(run_of(**fields))
    error = _time_out(polling, clock)
    assert str(error) == (
        f"The run r had not settled within 60 s, {seen}. Wait longer or look at it in the app."
    )
    assert error.run_id == "r"
    assert error.url == URL
    assert error.last_error is None


_TO_CALL = {"tool_calls": [builders.tool_calls(actual=0)]}
_JUST_ENDED = Grace(180, datetime.datetime.now(datetime.UTC), {})


@pytest.mark.parametrize(
    ("results", "run", "missing"),
    [
        ([{}, {"status": "EVALUATING"}], {}, "1 conversation still under way"),
        ([{"status": "QUEUED"}] * 2, {"status": "RUNNING"}, "2 conversations still under way"),
        ([{}], {"total_tests": 3}, "2 conversations missing from the list"),
        ([_TO_CALL, {}], {}, "1 conversation whose tool calls may still arrive"),
        ([_TO_CALL, {"status": "READY"}], {"total_tests": 3}, (
            "1 conversation still under way, 1 conversation whose tool calls may still arrive, "
            "1 conversation missing from the list"
        )),
    ],
)  # fmt: skip
def test_a_wait_timeout_names_what_the_run_was_waiting_for(
    clock: ManualClock, results: list[dict[str, Any]], run: dict[str, Any], missing: str
) -> None:
    polling = _polling(clock)
    documents = [builders.result(number, **fields) for number, fields in enumerate(results)]
    seen = run_of(*documents, **run)
    polling.seen(attrs.evolve(seen, context=RunContext(grace=_JUST_ENDED)))
    said = str(_time_out(polling, clock))
    assert f"last seen {run.get('status', 'COMPLETED')}, {missing}. Wait longer" in said


@pytest.mark.parametrize("said", ["503: away", "503: over the MAX."])
def test_a_wait_timeout_names_the_error_of_the_last_poll(clock: ManualClock, said: str) -> None:
    polling = _polling(clock)
    polling.failed(away := ServerError(said, status_code=503))
    error = _time_out(polling, clock)
    assert str(error) == (
        "The run r had not settled within 60 s, no poll succeeded; the last poll failed: "
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
    polling.is_settled(run_of(status="RUNNING"))
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
    polling.is_settled(run_of(status="RUNNING"))
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
