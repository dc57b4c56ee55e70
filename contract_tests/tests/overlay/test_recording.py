"""A run that is recorded and read again is the run that the client had, by either client."""

import copy
import datetime
import gzip
import json
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from attrs import frozen
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import (
    BluejayError,
    Clock,
    ContractViolationError,
    Recorder,
    SimulationRun,
    UsageError,
    WaitTimeoutError,
)
from bluejay_results.recording import recorder as recorder_module
from bluejay_results.writing.view import view

from .. import builders
from .conftest import ManualClock, Reader

MakeReader = Callable[..., Reader]
CALLED = {"tool_calls": [builders.tool_calls()]}
UNRECORDED = {"tool_calls": [builders.tool_calls(actual=0)]}
START = datetime.datetime(2026, 11, 19, 16, 4, tzinfo=datetime.UTC)
ENDED = {"end_time": START.isoformat()}
LATE = builders.result(1, **UNRECORDED, **ENDED)
RUN_URL = "https://api.getbluejay.ai/v1/retrieve-simulation-results/48213"


@pytest.fixture(autouse=True)
def _one_time(clock: ManualClock, bluejay_stub: Stub) -> Iterator[None]:
    """Let the stub's clock go along with the client's; time passes only where somebody sleeps."""
    bluejay_stub.now = START
    clock.stub = bluejay_stub
    yield
    clock.stub = None


@pytest.fixture
def har(tmp_path: Path) -> Path:
    """Where a test may save a recording."""
    return tmp_path / "run.har"


def _list(*results: builders.Document, date: Any = datetime.timedelta(), **run: Any) -> Answer:
    return Answer.json(builders.response(*results, **run), date=date)


def _single(**fields: Any) -> Answer:
    return Answer.json({"simulation_result": builders.result(1, **fields)})


@frozen
class Case:
    """How a service answers about run 48213 and its conversation 1, and how the run is read."""

    lists: Sequence[Answer]
    singles: Sequence[Answer] = ()
    method: str = "wait"
    options: Mapping[str, Any] = MappingProxyType({})


CASES = {
    "awaited when it is retrieved": Case([_list(LATE)], method="retrieve"),
    "awaited without a Date": Case([_list(LATE, date=None)], method="retrieve"),
    "void at the end of the grace": Case([_list(LATE)], [_single(**UNRECORDED, **ENDED)]),
    "void at the end of the grace without a Date": Case([_list(LATE, date=None)], [_single(**UNRECORDED)]),
    "calls that arrive late": Case([_list(LATE)], [_single(**UNRECORDED, **ENDED), _single(**CALLED)]),
    "calls that a later list has": Case([_list(LATE), _list(LATE | CALLED)], [_single(**UNRECORDED)]),
    "not settled in time": Case([_list(LATE)], [_single(**UNRECORDED)], options={"timeout": 100}),
    "a fetch that is refused": Case([_list(LATE)], [Answer(status=404)]),
    "a fetch that is tried again": Case([_list(LATE)], [Answer(status=503), _single(**CALLED)]),
    "a fetch that contradicts the list": Case([_list(LATE)], [_single(status="FAILED", **CALLED)]),
    "a fetch of another conversation": Case(
        [_list(LATE)], [Answer.json({"simulation_result": builders.result(2)})]
    ),
    "a fetch that contradicts a list that is not the last": Case(
        [
            _list(LATE | {"status": "FAILED"}, LATE | {"id": 2}, date=None),
            _list(LATE, LATE | {"id": 2}, date=None),
            _list(LATE | {"status": "FAILED"}, LATE | {"id": 2}, date=None),
        ],
        [_single(status="FAILED", **UNRECORDED), _single(status="FAILED", **CALLED)],
        options={"poll_interval": 30},
    ),
    "fetched once": Case([_list(LATE)], [_single(**CALLED)], "retrieve", {"complete": True}),
    "a poll that fails": Case([_list(LATE, status="RUNNING"), Answer(status=502), _list(LATE | CALLED)]),
    "a last poll that fails": Case(
        [_list(LATE, status="RUNNING"), Answer(status=502)], options={"timeout": 100}
    ),
    "a run that is cut short": Case(
        [_list(builders.result(1, status="RUNNING", evaluations=[]), status="INCOMPLETED", date=None)]
    ),
    "another run": Case([_list(builders.result(), id="48214")], method="retrieve"),
    "a compressed body": Case(
        [Answer(gzip.compress(_list(LATE | CALLED).body), headers={"content-encoding": "gzip"})]
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_recording_reads_as_the_client_had_the_run(
    make_reader: MakeReader, bluejay_stub: Stub, har: Path, case: Case
) -> None:
    bluejay_stub.serve("48213", *case.lists)
    if case.singles:
        bluejay_stub.serve_result("1", *case.singles)
    try:
        run = make_reader(retries=1).call(case.method, "48213", **case.options)
    except WaitTimeoutError as error:
        run = error.run
    run.save(har)
    assert _seen(SimulationRun.from_file(har)) == _seen(run)


def test_a_fetch_without_a_response_is_noted_again(
    make_reader: MakeReader, bluejay_stub: Stub, har: Path
) -> None:
    bluejay_stub.serve("48213", _list(LATE))
    bluejay_stub.serve_result("1", Answer(delay=5))
    run = make_reader(request_timeout=0.1, retries=0).retrieve("48213", complete=True)
    run.save(har)
    assert "could not be fetched by id" in run.notes[0]
    assert _seen(SimulationRun.from_file(har)) == _seen(run)


def test_a_fetch_that_the_deadline_cut_off_counts_in_neither(
    make_reader: MakeReader, bluejay_stub: Stub, har: Path
) -> None:
    bluejay_stub.serve("48213", _list(LATE))
    bluejay_stub.serve_result("1", Answer(delay=5))
    with pytest.raises(WaitTimeoutError) as error:
        make_reader(clock=Clock()).wait("48213", timeout=0.5)
    assert error.value.run
    error.value.run.save(har)
    assert error.value.run.notes == ()
    assert _seen(SimulationRun.from_file(har)) == _seen(error.value.run)


def _seen(run: SimulationRun) -> tuple[object, ...]:
    """Return what a verdict and its reports are made from."""
    return view(run), run.raw, run.requested_id, run.missing_ids, run.context.grace, run.is_waited


def test_conversations_that_were_queued_are_still_expected(
    reader: Reader, bluejay_stub: Stub, har: Path
) -> None:
    bluejay_stub.serve_queue(
        Answer.json({"simulation_run_id": "r", "simulation_result_ids": ["1", "2"], "agent_id": "7"})
    )
    bluejay_stub.serve("r", _list(builders.result(1), id="r"))
    run = reader.wait(reader.queue("731"))
    run.save(har)
    again = SimulationRun.from_file(har)
    assert (again.missing_ids, _seen(again)) == (("2",), _seen(run))


def test_a_recording_of_a_recording_is_the_same_file(reader: Reader, har: Path, tmp_path: Path) -> None:
    reader.wait(SCENARIOS["late_tools"].run_id).save(har)
    SimulationRun.from_file(har).save(tmp_path / "copy.har")
    assert (tmp_path / "copy.har").read_bytes() == har.read_bytes()


def test_it_has_the_judged_list_those_that_showed_an_end_and_every_fetch(
    reader: Reader, bluejay_stub: Stub, har: Path
) -> None:
    first, second = builders.result(1, **CALLED), builders.result(2, **UNRECORDED)
    steps = [
        _list(status="RUNNING"),  # nothing has ended
        _list(first, status="RUNNING"),  # the first conversation has
        _list(first, status="RUNNING", tests_passed=1),
        Answer(status=520),
        _list(first, second, status="RUNNING"),  # the second has
        _list(first, second, status="RUNNING", tests_passed=1),
        _list(first, second),
    ]
    bluejay_stub.serve("48213", *steps)
    bluejay_stub.serve_result("2", Answer.json({"simulation_result": second}))
    reader.wait("48213", tool_call_grace=0).save(har)
    asked = [each["request"]["url"].rpartition("/")[2] for each in _entries(har)]
    bodies = [each["response"]["content"]["text"] for each in _entries(har)]
    assert asked == ["48213", "48213", "48213", "2"]
    assert bodies[:3] == [steps[place].body.decode() for place in (1, 4, 6)]


def test_earlier_lists_are_dropped_beyond_a_size_and_the_times_of_the_ends_stay(
    reader: Reader, bluejay_stub: Stub, har: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "MAX_LIST_BYTES", 0)
    late = builders.result(1, **UNRECORDED)
    bluejay_stub.serve(
        "48213", _list(late, date=None, status="RUNNING"), _list(late, date=None, total_tests=1)
    )
    bluejay_stub.serve_result("1", _single(**UNRECORDED))
    run = reader.wait("48213", poll_interval=100)
    run.save(har)
    assert _entries(har)[0]["_bluejay"]["monotonic"] == 1100  # the run, and not the conversation, ended then
    assert _seen(SimulationRun.from_file(har)) == _seen(run)


def _entries(har: Path) -> list[Any]:
    entries: list[Any] = json.loads(har.read_bytes())["log"]["entries"]
    return entries


def test_the_file_is_har_1_2_with_times_and_without_credentials_and_only_its_owner_can_read_it(
    reader: Reader, bluejay_stub: Stub, har: Path
) -> None:
    headers = {"content-type": "application/json", "set-cookie": "session=1"}
    bluejay_stub.serve("48213", Answer(_list(builders.result()).body, headers=headers))
    reader.retrieve("48213").save(har)
    document = json.loads(har.read_bytes())
    [entry] = document["log"]["entries"]
    assert oct(har.stat().st_mode)[-3:] == "600"
    assert document["log"]["version"] == "1.2"
    assert {*entry} == {"startedDateTime", "time", "request", "response", "cache", "timings", "_bluejay"}
    assert entry["request"]["headers"] == []
    assert {each["name"] for each in entry["response"]["headers"]} == {
        "content-type", "content-length", "date", "x-request-id",
    }  # fmt: skip


@pytest.mark.parametrize("answer", [Answer(b"\xff{}"), Answer(status=401), _list(status=7)])
def test_a_recorder_saves_what_was_received_although_the_call_failed(
    make_reader: MakeReader, bluejay_stub: Stub, har: Path, answer: Answer
) -> None:
    bluejay_stub.serve("48213", _list(builders.result(), status="RUNNING"), answer)
    recorder = Recorder()
    with pytest.raises(BluejayError) as live:
        make_reader().wait("48213", recorder=recorder)
    recorder.save(har)
    with pytest.raises(type(live.value)) as replayed:
        SimulationRun.from_file(har)
    assert str(replayed.value) == f"{har}: {live.value}"
    assert replayed.value.body == live.value.body == answer.body


def test_a_recorder_that_received_nothing_has_nothing_to_save(
    make_reader: MakeReader, closed: str, har: Path
) -> None:
    recorder = Recorder()
    with pytest.raises(BluejayError):
        make_reader(base_url=closed, retries=0).retrieve("48213", recorder=recorder)
    with pytest.raises(UsageError, match="Nothing was received"):
        recorder.save(har)


def test_a_recorder_records_one_call(reader: Reader) -> None:
    recorder = Recorder()
    reader.retrieve("48213", recorder=recorder)
    with pytest.raises(UsageError, match="Make one for each call"):
        reader.retrieve("48213", recorder=recorder)


def test_violations_are_collected_from_a_recording_too(reader: Reader, bluejay_stub: Stub, har: Path) -> None:
    bluejay_stub.serve("48213", _list(builders.result(), tests_passed="3"))
    run = reader.retrieve("48213", on_violation="collect")
    run.save(har)
    with pytest.raises(ContractViolationError, match="tests_passed"):
        SimulationRun.from_file(har)
    assert SimulationRun.from_file(har, on_violation="collect").violations == run.violations


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda run: pickle.loads(pickle.dumps(run))])  # noqa: S301 - ours
def test_a_copy_of_a_run_can_be_saved(reader: Reader, har: Path, copied: Any) -> None:
    run = reader.retrieve("48213")
    copied(run).save(har)
    assert _seen(SimulationRun.from_file(har)) == _seen(run)


def test_a_run_from_a_bare_body_cannot_be_saved(har: Path) -> None:
    with pytest.raises(UsageError, match="This run was read from a bare body"):
        SimulationRun.from_bytes(builders.encoded(builders.response())).save(har)
