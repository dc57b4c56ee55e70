"""Waiting until a run is settled: the result, and what a wait does after each poll."""

import re
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    BluejayError,
    ConnectionFailedError,
    RateLimitError,
    RunProgress,
    ServerError,
    TLSError,
    UnexpectedStatusError,
    WaitTimeoutError,
)
from bluejay_results.client.deadline import Deadline
from bluejay_results.client.polling import Polling

from .. import builders
from .answers import CALLED, UNRECORDED, UNSCORED, large_run, listed, read_by_wait, single
from .conftest import MakeReader, ManualClock, Reader

RUNNING = listed(builders.result(**UNSCORED), status="RUNNING")


def test_wait_returns_when_the_run_is_settled(either: Reader, stub: Stub, clock: ManualClock) -> None:
    stub.serve("48213", RUNNING, listed(builders.result(**UNSCORED)), listed(builders.result()))
    assert either.wait("48213", poll_interval=10).is_settled
    assert clock.slept == [10, 10]


def test_wait_fails_immediately_if_the_first_poll_cannot_connect(
    make_either: MakeReader, closed: str
) -> None:
    """If the URL is wrong, a wait shouldn't take 25 minutes. After a successful poll, it would continue."""
    with pytest.raises(ConnectionFailedError):
        make_either(base_url=closed).wait("48213")


def test_a_wait_reports_each_transient_error(make_reader: MakeReader, stub: Stub) -> None:
    faults: list[BluejayError] = []
    answers = [Answer(b"", status=520), *[Answer(b"<html>", status=502)] * 20]
    stub.serve("48213", RUNNING, *answers, listed(builders.result(**UNRECORDED)))
    stub.serve_result("1", Answer(status=503), single(1, **CALLED))
    assert make_reader(retries=1).wait("48213", on_fault=faults.append).is_settled
    assert [fault.status_code for fault in faults] == [520] + [502] * 20 + [503]


def test_wait_passes_the_status_and_counters_to_the_progress_callback(reader: Reader, stub: Stub) -> None:
    seen: list[RunProgress] = []
    stub.serve(
        "48213",
        large_run(status="RUNNING", tests_completed=3, tests_passed=2),
        large_run(250, tests_completed=250, tests_passed=249),
        large_run(tests_completed=250, tests_passed=250),
    )
    run = reader.wait("48213", on_update=seen.append)
    assert [(str(each.status), each.total, each.ended, each.response.tests_passed) for each in seen] == [
        ("RUNNING", 250, 3, 2),
        ("COMPLETED", 250, 250, 249),
        ("COMPLETED", 250, 250, 250),
    ]
    assert [each.run and len(each.run.results) for each in seen] == [None, 250, 250]
    assert seen[-1].run is run


def test_each_poll_has_its_own_retries(make_reader: MakeReader, stub: Stub, clock: ManualClock) -> None:
    away = Answer(b"", status=503)
    stub.serve("48213", away, large_run(status="RUNNING"), away, large_run())
    make_reader(retries=1).wait("48213", poll_interval=10)
    first, interval, second = clock.slept
    assert interval == 10
    assert max(first, second) <= 1


URL = "http://a/v1/retrieve-simulation-results/48213"


def _polling(clock: ManualClock, timeout: float = 60) -> Polling:
    return Polling("48213", URL, Deadline(clock, timeout), 10)


def _progress(*results: dict[str, Any], **run: Any) -> RunProgress:
    """The progress that `wait` reports after reading this run."""
    read = read_by_wait(builders.response(*results, **run), on_violation="collect")
    return RunProgress(read.response.simulation_run, read)


def _limited(seconds: float) -> BluejayError:
    error = RateLimitError("429: slower", status_code=429, url=URL)
    error.retry_after = seconds
    return error


def _timed_out(polling: Polling) -> WaitTimeoutError:
    with pytest.raises(WaitTimeoutError) as caught:
        polling.pause()
    return caught.value


@pytest.mark.parametrize(
    ("kinds", "run", "data"),
    [
        ([], {"status": None}, ["without a status"]),
        ([UNSCORED] * 2, {"status": "RUNNING"}, ["RUNNING", "2 conversations still"]),
        (
            [UNRECORDED, {"status": "READY"}],
            {"total_tests": 3},
            ["COMPLETED", "1 conversation still", "1 conversation awaiting", "1 conversation missing"],
        ),
        ([{"duration": "long"}], {}, ["COMPLETED", "1 contract violation"]),
    ],
)
def test_a_wait_timeout_states_what_the_run_was_waiting_for(
    clock: ManualClock, kinds: list[dict[str, Any]], run: dict[str, Any], data: list[str]
) -> None:
    polling = _polling(clock)
    polling.seen(_progress(*(builders.result(number, **each) for number, each in enumerate(kinds)), **run))
    clock.sleep(60)
    error = _timed_out(polling)
    seen = str(error).partition("last seen ")[2]
    assert (
        re.findall(r"[A-Z]{5,}|without a status|\d+ conversations? \w+|\d contract violation", seen) == data
    )
    assert (error.run_id, error.url, error.last_error) == ("48213", URL, None)


def test_a_wait_timeout_includes_the_error_from_the_last_poll(clock: ManualClock) -> None:
    polling = _polling(clock)
    polling.failed(away := ServerError("503: over the MAX.", status_code=503))
    clock.sleep(60)
    error = _timed_out(polling)
    assert "60 s" in str(error)
    assert "(503: over the MAX)" in str(error)
    assert (error.run, error.url, error.last_error) == (None, URL, away)


def test_a_wait_timeout_mentions_a_retry_after_that_exceeds_the_time_left(clock: ManualClock) -> None:
    polling = _polling(clock)
    clock.sleep(15)
    polling.failed(_limited(50))
    assert re.findall(r"\d+ s\b", str(_timed_out(polling))) == ["60 s", "50 s", "45 s"]


TRANSIENT = [
    ConnectionFailedError("no"),
    ServerError("no", status_code=503),
    UnexpectedStatusError("no", status_code=520),
]
LASTING = [
    ServerError("no", status_code=501),
    TLSError("no certificate"),
    UnexpectedStatusError("no", status_code=499),
    UnexpectedStatusError("no"),
]


def test_a_wait_ends_with_an_error_only_if_the_error_is_not_transient(clock: ManualClock) -> None:
    polling = _polling(clock)
    polling.seen(_progress(status="RUNNING"))
    for transient in TRANSIENT:
        polling.failed(transient)
    for lasting in LASTING:
        with pytest.raises(type(lasting)):
            polling.failed(lasting)


@pytest.mark.parametrize(
    ("timeout", "slept", "pause"),
    [
        *[(60, 0, 10), (60, 49, 10), (60, 50, 9), (60, 58.5, 0.5), (60, 59, None), (60, 60, None)],
        *[(5, 0, 4.5), (5, 4, 0.5)],
    ],
)
def test_no_poll_starts_shortly_before_a_waits_deadline(
    clock: ManualClock, timeout: float, slept: float, pause: float | None
) -> None:
    """If there is no time for another poll, the wait ends."""
    polling = _polling(clock, timeout)
    clock.sleep(slept)
    if pause is None:
        _timed_out(polling)
    else:
        assert polling.pause() == pause


def test_a_pause_requested_by_the_server_applies_until_a_poll_succeeds(clock: ManualClock) -> None:
    for asked, pause in ((5, 10), (11, 11), (59, 59)):
        polling = _polling(clock)
        polling.failed(_limited(asked))
        assert polling.pause() == pause
        polling.seen(_progress(status="RUNNING"))
        assert polling.pause() == 10


def test_a_wait_ends_if_the_requested_pause_leaves_no_time_for_a_poll(clock: ManualClock) -> None:
    polling = _polling(clock)
    polling.failed(_limited(59.5))
    _timed_out(polling)
