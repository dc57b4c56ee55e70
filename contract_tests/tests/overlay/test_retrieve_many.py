"""Retrieving many runs: each id is yielded with its run or error. See also `test_parallel.py`."""

from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    BluejayClient,
    ConfigurationError,
    InvalidIdError,
    Outcome,
    RateLimitError,
    RequestTimeoutError,
    RunNotFoundError,
    SimulationRun,
)
from bluejay_results.client.retries import RateLimit
from bluejay_results.client.sync_client import run_blocking

from .. import builders
from ..faults._connection import Connection, Script
from ..faults._http import response
from ..faults._server import FaultServer
from .answers import CALLED, UNRECORDED, listed, single
from .conftest import START, MakeReader, ManualClock, Reader


def test_a_missing_run_or_an_invalid_id_does_not_affect_the_other_runs(either: Reader, stub: Stub) -> None:
    ids = [f"run-{number}" for number in range(30)]
    for run_id in ids:
        stub.serve(run_id, Answer.json(builders.response(builders.result(), id=run_id)))
    came: dict[str, Any] = either.retrieve_many(["unknown", *ids, ".."])
    assert isinstance(came.pop("unknown"), RunNotFoundError)
    assert isinstance(came.pop(".."), InvalidIdError)
    assert {run_id: run.id for run_id, run in came.items()} == {each: each for each in ids}


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        ({}, Outcome.UNDER_WAY),
        ({"tool_call_grace": 0}, Outcome.UNKNOWN),
        ({"complete": True}, Outcome.PASSED),
    ],
    ids=["none", "tool_call_grace", "complete"],
)
def test_the_call_options_apply_to_each_run(
    either: Reader, stub: Stub, options: dict[str, Any], outcome: Outcome
) -> None:
    """Without `on_violation`, the invalid counter would raise an error."""
    late = builders.result(1, **UNRECORDED, end_time=START.isoformat())
    stub.serve("48213", listed(late, tests_passed="one", date=None))
    stub.serve_result("1", single(1, **CALLED))
    run = either.retrieve_many(["48213"], on_violation="collect", **options)["48213"]
    assert run.results[0].outcome is outcome


def _slow(clock: ManualClock, seconds: float, *headers: str) -> Script:
    """Respond to the request for the run `limited` with a 429, and to other requests after these seconds."""

    def script(connection: Connection) -> None:
        while connection.read_request():
            if connection.run_id == "limited":
                connection.send(response(b"", *headers, status=429))
            else:
                clock.time += seconds
                body = builders.response(builders.result(), id=connection.run_id)
                connection.send(response(builders.encoded(body)))

    return script


@pytest.mark.parametrize(("timeout", "kind"), [(8, SimulationRun), (4, RequestTimeoutError)])
def test_each_calls_timeout_starts_with_its_first_request(
    make_reader: MakeReader, clock: ManualClock, timeout: float, kind: type
) -> None:
    """Each call takes 5 s. The last one starts after 45 s, or later because of the pause after the 429."""
    with FaultServer(_slow(clock, 5, "Retry-After: 50")) as server:
        reader = make_reader(base_url=server.url, retries=0)
        came = reader.retrieve_many(["limited", *map(str, range(10))], concurrency=1, timeout=timeout)
    assert {type(each) for each in came.values()} == {RateLimitError, kind}


@pytest.mark.parametrize(
    ("ids", "options", "name"),
    [
        ("48213", {}, "run_ids"),
        ([], {"concurrency": 0}, "concurrency"),
        ([], {"concurrency": 101}, "concurrency"),
        ([], {"timeout": 0}, "timeout"),
        ([], {"on_violation": "skip"}, "on_violation"),
    ],
)
def test_an_invalid_argument_is_refused_immediately(ids: Any, options: dict[str, Any], name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name} must be"):
        BluejayClient("test-key").retrieve_many(ids, **options)


@pytest.mark.parametrize(("asked", "pauses"), [(7, [7]), (0, []), (None, [0.5]), (3600, [60])])
def test_after_a_429_the_next_call_waits_for_the_requested_pause(
    make_reader: MakeReader, clock: ManualClock, asked: float | None, pauses: list[float]
) -> None:
    """A requested pause longer than a call's timeout is shortened to the timeout."""
    headers = () if asked is None else (f"Retry-After: {asked}",)
    with FaultServer(_slow(clock, 0, *headers)) as server:
        reader = make_reader(base_url=server.url, retries=0)
        came = reader.retrieve_many(["limited", "b", "c"], concurrency=1, timeout=60)
    assert isinstance(came["limited"], RateLimitError)
    assert clock.slept == pauses
    assert len(server.log.requests) == 3


def _limited(retry_after: float) -> RateLimitError:
    return RateLimitError("429: slower", status_code=429, retry_after=retry_after)


@pytest.mark.parametrize(("timeout", "slept"), [(60, 50), (20, 19)])
def test_a_call_shortens_the_pause_after_a_429_to_meet_its_timeout(
    stub: Stub, clock: ManualClock, timeout: float, slept: float
) -> None:
    """After the pause, at least a second of the timeout is left for the request."""
    rate_limit = RateLimit(clock, 60)
    rate_limit.note(_limited(50))
    rate_limit.note(_limited(5))
    with BluejayClient("test-key", stub.url, clock=clock) as client:
        run_blocking(client._retrieve("48213", False, 0, timeout, "raise", rate_limit=rate_limit))
    assert clock.slept == [slept]
