"""`record=` writes the recording of a call however the call ends, and never hides its error."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    BluejayClient,
    BluejayError,
    ConfigurationError,
    ConnectionFailedError,
    ContractViolationError,
    RunNotFoundError,
    ServerError,
    SimulationRun,
    UsageError,
    WaitTimeoutError,
)

from .. import builders
from ..passed_in import HTTP_CLIENTS, library
from .answers import CALLED, UNRECORDED, listed, single
from .conftest import START, MakeReader, ManualClock, Reader
from .test_recording import seen

pytestmark = pytest.mark.usefixtures("one_time")
ENDED: dict[str, Any] = {"end_time": START.isoformat()}
LATE = builders.result(1, **UNRECORDED, **ENDED)


@pytest.mark.parametrize("method", ["retrieve", "wait"])
def test_a_call_with_record_writes_the_recording_of_its_result(
    reader: Reader, har: Path, tmp_path: Path, method: str
) -> None:
    run = reader.call(method, "48213", record=har)
    run.save(tmp_path / "saved.har")
    assert har.read_bytes() == (tmp_path / "saved.har").read_bytes()


@pytest.mark.parametrize("answer", [Answer(b"\xff{}"), Answer(status=401), listed(status=7)])
def test_a_recording_of_a_failed_call_raises_the_same_error(
    reader: Reader, stub: Stub, har: Path, answer: Answer
) -> None:
    stub.serve("48213", listed(builders.result(), status="RUNNING"), answer)
    with pytest.raises(BluejayError) as live:
        reader.wait("48213", record=har)
    with pytest.raises(type(live.value)) as replayed:
        SimulationRun.from_file(har)
    assert str(replayed.value) == f"{har}: {live.value}"
    assert replayed.value.body == live.value.body == answer.body


@pytest.mark.parametrize("fetched", [Answer(b"{}"), single(2, **CALLED)], ids=["invalid", "another"])
def test_a_recording_of_a_fetch_that_breaks_the_contract_raises_the_same_error(
    reader: Reader, stub: Stub, har: Path, fetched: Answer
) -> None:
    stub.serve("48213", listed(LATE))
    stub.serve_result("1", fetched)
    with pytest.raises(ContractViolationError) as live:
        reader.retrieve("48213", complete=True, record=har)
    with pytest.raises(ContractViolationError) as replayed:
        SimulationRun.from_file(har)
    assert str(replayed.value) == f"{har}: {live.value}"


@pytest.mark.parametrize(
    "polls",
    [
        [listed(builders.result(status="EVALUATING"), status="RUNNING")],
        [listed(builders.result(status="EVALUATING")), Answer(status=520)],
    ],
    ids=["under way", "a fault of a CDN"],
)
def test_a_wait_that_times_out_writes_its_recording(
    reader: Reader, stub: Stub, har: Path, polls: list[Answer]
) -> None:
    stub.serve("48213", *polls)
    with pytest.raises(WaitTimeoutError) as caught:
        reader.wait("48213", timeout=30, record=har)
    assert caught.value.run
    assert seen(SimulationRun.from_file(har)) == seen(caught.value.run)


def test_a_wait_whose_polls_all_failed_writes_the_last_response(
    make_reader: MakeReader, stub: Stub, har: Path
) -> None:
    stub.serve("48213", Answer(b"", status=503))
    with pytest.raises(WaitTimeoutError):
        make_reader(retries=0).wait("48213", timeout=30, record=har)
    with pytest.raises(ServerError):
        SimulationRun.from_file(har)


class _Interrupted(ManualClock):
    """A clock whose first sleep is interrupted by Ctrl-C."""

    def sleep(self, _seconds: float) -> None:
        raise KeyboardInterrupt


def _interrupt_at_the_third_request() -> Callable[[library.Request], library.Response]:
    """Answer two requests of a `wait` with a conversation under way; send Ctrl-C at the next poll."""
    requests = itertools.count(1)

    def answer(_: library.Request) -> library.Response:
        if next(requests) == 3:
            raise KeyboardInterrupt
        return library.Response(200, content=UNDER_WAY.body)

    return answer


UNDER_WAY = listed(builders.result(status="EVALUATING"))


def test_a_call_interrupted_in_a_pause_writes_what_was_received(
    make_reader: MakeReader, stub: Stub, har: Path
) -> None:
    stub.serve("48213", UNDER_WAY)
    with pytest.raises(KeyboardInterrupt) as caught:
        make_reader(clock=_Interrupted()).wait("48213", record=har)
    assert caught.traceback  # it keeps the frames of the call alive
    assert SimulationRun.from_file(har).responses[0].body == UNDER_WAY.body


@pytest.mark.parametrize("kind", HTTP_CLIENTS.items())
def test_a_call_interrupted_in_a_request_writes_what_was_received(
    kind: Any, clock: ManualClock, har: Path
) -> None:
    http = kind[1](transport=library.MockTransport(_interrupt_at_the_third_request()))
    with pytest.raises(KeyboardInterrupt):
        Reader(kind[0], http_client=http, clock=clock).wait("48213", record=har)
    assert SimulationRun.from_file(har).responses[0].body == UNDER_WAY.body


def test_a_wait_whose_client_is_closed_between_polls_writes_what_was_received(
    stub: Stub, clock: ManualClock, har: Path
) -> None:
    stub.serve("48213", UNDER_WAY)
    client = BluejayClient("test-key", stub.url, clock=clock)
    with pytest.raises(ConfigurationError, match="was closed during the call"):
        client.wait("48213", on_update=lambda _: client.close(), record=har)
    assert SimulationRun.from_file(har).responses[0].body == UNDER_WAY.body


@pytest.mark.parametrize("method", ["retrieve", "wait", "runs"])
def test_a_call_that_receives_nothing_writes_no_recording(
    make_reader: MakeReader, closed: str, har: Path, method: str
) -> None:
    with pytest.raises(ConnectionFailedError):
        make_reader(base_url=closed, retries=0).call(method, "48213", record=har)
    assert not har.exists()


@pytest.fixture(params=["in a file", "\0"])
def unwritable(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A path that can't be written."""
    (tmp_path / "file").write_bytes(b"")
    return tmp_path / "file" / "run.har" if request.param == "in a file" else tmp_path / "\0"


def test_a_recording_that_cannot_be_written_does_not_hide_the_error_of_the_call(
    make_reader: MakeReader, stub: Stub, unwritable: Path
) -> None:
    with pytest.raises(RunNotFoundError) as caught:
        make_reader().retrieve("unknown", record=unwritable)
    [note] = caught.value.__notes__
    assert note.startswith(f"The recording can't be written to {unwritable}: ")
    stub.serve("48213", UNDER_WAY)
    with pytest.raises(KeyboardInterrupt):
        make_reader(clock=_Interrupted()).wait("48213", record=unwritable)


def test_a_recording_that_cannot_be_written_fails_a_call_that_succeeded(
    reader: Reader, unwritable: Path
) -> None:
    with pytest.raises(UsageError, match="The recording can't be written to "):
        reader.retrieve("48213", record=unwritable)
