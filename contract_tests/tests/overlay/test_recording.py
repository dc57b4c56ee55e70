"""A recording reproduces the run that a call returned; `record=` writes one even if the call fails."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    RunNotFoundError,
    SimulationRun,
    UsageError,
)

from .. import builders
from .answers import listed
from .conftest import START, MakeReader, ManualClock, Reader

UNDER_WAY = listed(builders.result(status="EVALUATING"))


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


def test_a_recording_in_a_newer_format_or_of_two_runs_is_refused(reader: Reader, har: Path) -> None:
    reader.retrieve("48213", record=har)
    log = json.loads(har.read_bytes())["log"]
    other = json.loads(json.dumps(log["entries"][0]).replace("48213", "48221"))
    newer, joined = {"_bluejay": log["_bluejay"] | {"version": 2}}, {"entries": [*log["entries"], other]}
    for changed, data in ((newer, "format 2"), (joined, "several")):
        har.write_text(json.dumps({"log": log | changed}))
        with pytest.raises(UsageError, match=data):
            SimulationRun.from_file(har)


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
