"""A recording reproduces the run that a call returned; `record=` writes one even if the call fails."""

import copy
import datetime
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import (
    BluejayError,
    ConnectionFailedError,
    RunNotFoundError,
    SimulationRun,
    UsageError,
    WaitTimeoutError,
)

from .. import builders
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._scripts import lists
from ..faults._server import FaultServer
from ..runs import run_of
from .answers import CALLED, QUEUED, UNRECORDED, listed, seen, single
from .conftest import START, MakeReader, ManualClock, Reader

pytestmark = pytest.mark.usefixtures("one_time")
ENDED: dict[str, Any] = {"end_time": START.isoformat()}
LATE = builders.result(1, **UNRECORDED, **ENDED)
UNDER_WAY = listed(builders.result(status="EVALUATING"))


def test_a_recording_also_reproduces_the_note_about_a_fetch_without_a_response(
    make_reader: MakeReader, har: Path
) -> None:
    with FaultServer(lists(response(listed(LATE).body), Connection.reset)) as server:
        run = make_reader(base_url=server.url, retries=0).retrieve("48213", complete=True)
    run.save(har)
    assert run.notes[0].data["ids"] == ["1"]
    assert seen(SimulationRun.from_file(har)) == seen(run)


def test_a_recording_keeps_the_ids_of_queued_conversations(reader: Reader, stub: Stub, har: Path) -> None:
    stub.serve_queue(Answer.json(QUEUED))
    stub.serve("48213", listed(builders.result(1), id="48213"))
    run = reader.wait(reader.queue("731"))
    run.save(har)
    again = SimulationRun.from_file(har)
    assert again.missing_count == 1
    assert seen(again) == seen(run)


def test_a_wait_is_recorded_even_if_a_conversations_id_is_invalid(
    reader: Reader, stub: Stub, har: Path
) -> None:
    """Without an end time, the grace period starts when `wait` first sees that the conversation has ended."""
    stub.serve("48213", listed(builders.result(**UNRECORDED) | {"id": "x"}))
    run = reader.wait("48213", on_violation="collect")
    run.save(har)
    assert seen(SimulationRun.from_file(har, on_violation="collect")) == seen(run)


def test_saving_a_run_from_a_recording_writes_the_same_bytes(
    reader: Reader, har: Path, tmp_path: Path
) -> None:
    reader.wait(SCENARIOS["late_tools"].run_id).save(har)
    SimulationRun.from_file(har).save(tmp_path / "copy.har")
    assert (tmp_path / "copy.har").read_bytes() == har.read_bytes()


def test_a_recording_contains_each_fetch_and_the_last_read_of_each_page(
    reader: Reader, stub: Stub, har: Path
) -> None:
    after = listed(LATE)
    stub.serve("48213", listed(status="RUNNING"), UNDER_WAY, Answer(status=520), UNDER_WAY, after)
    stub.serve_result("1", single(1, **UNRECORDED))
    reader.wait("48213", tool_call_grace=0).save(har)
    asked = [each["request"]["url"].rpartition("/")[2] for each in _entries(har)]
    assert asked == ["48213?limit=100&offset=0", "1"]
    assert _entries(har)[0]["response"]["content"]["text"] == after.body.decode()


def _entries(har: Path) -> list[Any]:
    entries: list[Any] = json.loads(har.read_bytes())["log"]["entries"]
    return entries


def test_a_recording_has_no_credentials_and_only_the_files_owner_can_read_it(
    reader: Reader, stub: Stub, har: Path
) -> None:
    headers = {"content-type": "application/json", "set-cookie": "session=1"}
    stub.serve("48213", Answer(listed(builders.result()).body, headers=headers))
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


class _SetBack(ManualClock):
    """A clock whose UTC time is set back by an hour each time it is read."""

    def utc_now(self) -> datetime.datetime:
        self.time += 1
        return START - datetime.timedelta(hours=self.time)


def test_no_duration_in_a_recording_is_negative(make_reader: MakeReader, har: Path) -> None:
    make_reader(clock=_SetBack()).retrieve("48213").save(har)
    assert [each["time"] for each in _entries(har)] == [0]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda run: pickle.loads(pickle.dumps(run))])  # noqa: S301 - ours
def test_a_copy_of_a_run_can_be_saved(reader: Reader, har: Path, copied: Any) -> None:
    run = reader.retrieve("48213")
    copied(run).save(har)
    assert seen(SimulationRun.from_file(har)) == seen(run)


def test_a_recording_in_a_newer_format_or_of_two_runs_is_refused(reader: Reader, har: Path) -> None:
    reader.retrieve("48213", record=har)
    log = json.loads(har.read_bytes())["log"]
    other = json.loads(json.dumps(log["entries"][0]).replace("48213", "48221"))
    newer, joined = {"_bluejay": log["_bluejay"] | {"version": 2}}, {"entries": [*log["entries"], other]}
    for changed, data in ((newer, "format 2"), (joined, "several")):
        har.write_text(json.dumps({"log": log | changed}))
        with pytest.raises(UsageError, match=data):
            SimulationRun.from_file(har)


def test_a_run_cannot_be_saved_if_it_was_built_from_a_bare_body(har: Path) -> None:
    with pytest.raises(UsageError, match="from a response body"):
        run_of().save(har)


@pytest.mark.parametrize("method", ["retrieve", "wait"])
def test_the_record_argument_writes_the_same_file_as_save(
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


def test_a_wait_is_recorded_if_it_times_out_after_a_server_error(
    reader: Reader, stub: Stub, har: Path
) -> None:
    stub.serve("48213", UNDER_WAY, Answer(status=520))
    with pytest.raises(WaitTimeoutError) as caught:
        reader.wait("48213", timeout=30, record=har)
    assert caught.value.run
    assert seen(SimulationRun.from_file(har)) == seen(caught.value.run)


class _Interrupted(ManualClock):
    """A clock whose first sleep is interrupted by Ctrl-C."""

    def sleep(self, _seconds: float) -> None:
        raise KeyboardInterrupt


def test_a_wait_is_recorded_if_ctrl_c_interrupts_the_pause_before_the_next_poll(
    make_either: MakeReader, stub: Stub, har: Path
) -> None:
    stub.serve("48213", UNDER_WAY)
    with pytest.raises(KeyboardInterrupt) as caught:
        make_either(clock=_Interrupted()).wait("48213", record=har)
    assert caught.traceback  # keeps the call's frames alive
    assert SimulationRun.from_file(har).responses[0].body == UNDER_WAY.body


def test_a_call_is_not_recorded_if_it_receives_no_response(
    make_reader: MakeReader, closed: str, har: Path
) -> None:
    with pytest.raises(ConnectionFailedError):
        make_reader(base_url=closed, retries=0).retrieve("48213", record=har)
    assert not har.exists()


def test_a_calls_error_is_raised_even_if_the_recording_cannot_be_written(
    make_reader: MakeReader, stub: Stub, har: Path
) -> None:
    unwritable = har / "below a file"
    har.write_bytes(b"")
    with pytest.raises(RunNotFoundError) as caught:
        make_reader().retrieve("unknown", record=unwritable)
    [note] = caught.value.__notes__
    assert str(unwritable) in note
    with pytest.raises(UsageError):
        make_reader().retrieve("48213", record=unwritable)
    stub.serve("48213", UNDER_WAY)
    with pytest.raises(KeyboardInterrupt):
        make_reader(clock=_Interrupted()).wait("48213", record=unwritable)
