"""`record=` writes the recording of a call however the call ends, and never hides its error."""

from pathlib import Path

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    BluejayError,
    ConnectionFailedError,
    RunNotFoundError,
    ServerError,
    SimulationRun,
    UsageError,
    WaitTimeoutError,
)

from .. import builders
from ..passed_in import library
from .answers import CALLED, UNRECORDED, listed, seen, single
from .conftest import MakeReader, ManualClock, Reader

pytestmark = pytest.mark.usefixtures("one_time")
UNDER_WAY = listed(builders.result(status="EVALUATING"))


@pytest.mark.parametrize("method", ["retrieve", "wait"])
def test_a_call_writes_the_recording_of_its_result(
    reader: Reader, har: Path, tmp_path: Path, method: str
) -> None:
    run = reader.call(method, "48213", record=har)
    run.save(tmp_path / "saved.har")
    assert har.read_bytes() == (tmp_path / "saved.har").read_bytes()


@pytest.mark.parametrize(
    ("answers", "fetched"),
    [
        ([Answer(b"\xff{}")], None),
        ([Answer(status=401)], None),
        ([listed(status=7)], None),
        ([listed(builders.result(1, **UNRECORDED))], Answer(b"{}")),
        ([listed(builders.result(1, **UNRECORDED))], single(2, **CALLED)),
    ],
    ids=["not UTF-8", "401", "a violation", "a violation of a fetch", "another conversation"],
)
def test_a_recording_of_a_failed_call_raises_the_same_error(
    reader: Reader, stub: Stub, har: Path, answers: list[Answer], fetched: Answer | None
) -> None:
    stub.serve("48213", listed(builders.result(), status="RUNNING"), *answers)
    if fetched:
        stub.serve_result("1", fetched)
    with pytest.raises(BluejayError) as live:
        reader.wait("48213", record=har)
    with pytest.raises(type(live.value)) as replayed:
        SimulationRun.from_file(har)
    assert str(replayed.value) == f"{har}: {live.value}"
    assert replayed.value.body == live.value.body == (fetched or answers[0]).body


def test_a_wait_that_times_out_after_a_fault_is_recorded(reader: Reader, stub: Stub, har: Path) -> None:
    stub.serve("48213", UNDER_WAY, Answer(status=520))
    with pytest.raises(WaitTimeoutError) as caught:
        reader.wait("48213", timeout=30, record=har)
    assert caught.value.run
    assert seen(SimulationRun.from_file(har)) == seen(caught.value.run)


def test_a_wait_whose_polls_all_failed_is_recorded(make_reader: MakeReader, stub: Stub, har: Path) -> None:
    stub.serve("48213", Answer(b"", status=503))
    with pytest.raises(WaitTimeoutError):
        make_reader(retries=0).wait("48213", timeout=30, record=har)
    with pytest.raises(ServerError):
        SimulationRun.from_file(har)


class _Interrupted(ManualClock):
    """A clock whose first sleep is interrupted by Ctrl-C."""

    def sleep(self, _seconds: float) -> None:
        raise KeyboardInterrupt


def test_a_call_interrupted_in_a_pause_is_recorded(make_either: MakeReader, stub: Stub, har: Path) -> None:
    stub.serve("48213", UNDER_WAY)
    with pytest.raises(KeyboardInterrupt) as caught:
        make_either(clock=_Interrupted()).wait("48213", record=har)
    assert caught.traceback  # it keeps the frames of the call alive
    assert SimulationRun.from_file(har).responses[0].body == UNDER_WAY.body


def test_a_call_interrupted_in_a_request_is_recorded(make_either: MakeReader, har: Path) -> None:
    received = list[library.Request]()

    def answer(request: library.Request) -> library.Response:
        received.append(request)
        if len(received) == 3:
            raise KeyboardInterrupt
        return library.Response(200, content=UNDER_WAY.body)

    with pytest.raises(KeyboardInterrupt):
        make_either(transport=library.MockTransport(answer)).wait("48213", record=har)
    assert SimulationRun.from_file(har).responses[0].body == UNDER_WAY.body


@pytest.mark.parametrize("method", ["retrieve", "wait", "runs"])
def test_a_call_that_receives_nothing_is_not_recorded(
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


def test_a_recording_that_cannot_be_written_hides_no_error(
    make_reader: MakeReader, stub: Stub, unwritable: Path
) -> None:
    with pytest.raises(RunNotFoundError) as caught:
        make_reader().retrieve("unknown", record=unwritable)
    [note] = caught.value.__notes__
    assert str(unwritable) in note
    with pytest.raises(UsageError):
        make_reader().retrieve("48213", record=unwritable)
    stub.serve("48213", UNDER_WAY)
    with pytest.raises(KeyboardInterrupt):
        make_reader(clock=_Interrupted()).wait("48213", record=unwritable)
