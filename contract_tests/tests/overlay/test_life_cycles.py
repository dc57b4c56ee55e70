"""Entire calls, from the first response to the last: what they request, when, and what they return.

Each call is recorded, and its recording must reproduce the run.
"""

import datetime
import gzip
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from attrs import frozen
from bluejay_contract.stub import Answer, Stub
from bluejay_results import SimulationRun, WaitTimeoutError

from .. import builders
from .answers import CALLED, EMPTY, UNRECORDED, UNSCORED, conversations, large_run, listed, seen, single
from .conftest import START, MakeReader, ManualClock

pytestmark = pytest.mark.usefixtures("one_time")
ENDED: dict[str, Any] = {"end_time": START.isoformat()}
AN_HOUR = datetime.timedelta(hours=1)
LATE = builders.result(1, **UNRECORDED, **ENDED)
"""A conversation whose tool call isn't recorded yet."""
EARLIER = LATE | {"end_time": (START - datetime.timedelta(seconds=100)).isoformat()}
UNTIMED = builders.result(1, **UNRECORDED)
OTHER = builders.result(2, **CALLED)
SCORING = builders.result(2, **UNSCORED)
LACKING, WHOLE = single(1, **UNRECORDED, **ENDED), single(1, **CALLED)
FAULT = Answer(status=502)
AGAIN = "+50 0 +50 0 +50 0 +30 0"
"""The pauses and polls until the grace period of 180 s is over."""


@frozen
class Cycle:
    """A call that reads run 48213 from these responses.

    Attributes:
        trace: The requests and pauses, then the outcomes: `s` for the status, a page's offset, `#1` for a
            fetch of conversation 1, `+50` for a pause.
        pages: The responses to requests for pages, in turn.
        fetches: The responses to fetches of conversation 1, in turn.
    """

    trace: str
    pages: Sequence[Answer]
    fetches: Sequence[Answer]
    options: Mapping[str, Any]


def wait(trace: str, *pages: Answer, fetches: Sequence[Answer] = (), **options: Any) -> Cycle:
    return Cycle(trace, pages, fetches, {"method": "wait", "poll_interval": 50, **options})


def retrieve(trace: str, *pages: Answer, fetches: Sequence[Answer] = (), **options: Any) -> Cycle:
    return Cycle(trace, pages, fetches, {"method": "retrieve", **options})


RUNNING = large_run(status="RUNNING")
NULL: dict[str, Any] = {"status": None, "total_tests": None}
CYCLES = {
    "retrieved early": retrieve("0 = 1 under way", listed(LATE)),
    "retrieved and fetched": retrieve("0 #1 = 1 passed", listed(LATE), fetches=[WHOLE], complete=True),
    "under way": wait(
        "s +50 s +50 s +50 s 0 100 200 = 250 passed",
        large_run(status="INITIALIZING"),
        RUNNING,
        RUNNING,
        large_run(),
    ),
    "a null status": wait(
        "s 0 100 +50 0 100 = 101 passed", *(large_run(*each, count=101, status=None) for each in ((1,), ()))
    ),
    "never settled": wait(
        "s +50 s +50 s +19 0 100 = 101 passed", large_run(count=101, status="RUNNING"), timeout=120
    ),
    "the first and the last page are under way": wait(
        "s 0 100 200 +50 0 200 +50 200 = 250 passed", large_run(100, 250), large_run(250), large_run()
    ),
    "a page waits for calls": wait(
        "s 0 100 #1 +50 0 = 151 passed",
        *(listed(each, *conversations(150, first=2, **CALLED)) for each in (LATE, LATE | CALLED)),
        fetches=[LACKING],
    ),
    "one is missing": wait(
        "s 0 100 200 +50 200 = 250 passed", large_run(count=249, total_tests=250), large_run()
    ),
    "more than a page is missing": wait(
        "s 0 100 +50 100 200 = 250 passed", large_run(count=199, total_tests=250), large_run()
    ),
    "a run that shrinks": wait(
        "s 0 100 200 +50 0 100 +50 0 100 = 150 passed",
        large_run(1, **NULL),
        large_run(1, count=150, **NULL),
        large_run(count=150, status=None),
    ),
    "never called": wait(f"s 0 #1 {AGAIN} #1 = 1 unknown", listed(LATE), fetches=[LACKING]),
    "without a grace": wait("s 0 #1 = 1 unknown", listed(LATE), fetches=[LACKING], tool_call_grace=0),
    "an end before the wait": wait(
        "s 0 #1 +50 0 +30 0 #1 = 1 unknown", listed(EARLIER), fetches=[single(**EARLIER)]
    ),
    "a clock that is ahead": wait(
        "s 0 #1 = 1 unknown", listed(LATE, date=AN_HOUR), fetches=[Answer(LACKING.body, date=AN_HOUR)]
    ),
    "no Date": wait(f"s 0 #1 {AGAIN} #1 = 1 unknown", listed(LATE, date=None), fetches=[LACKING]),
    "an end without a time": wait(
        "s +50 s 0 +50 0 #1 +50 0 +50 0 +30 0 #1 = 1 unknown, 1 passed",
        listed(UNTIMED, SCORING, status="RUNNING"),
        listed(UNTIMED, SCORING),
        listed(UNTIMED, OTHER),
        fetches=[single(**UNRECORDED)],
    ),
    "not before the others have ended": wait(
        "s +50 s 0 +50 0 #1 = 2 passed",
        listed(LATE, OTHER, status="RUNNING"),
        listed(LATE, SCORING),
        listed(LATE, OTHER),
        fetches=[WHOLE],
    ),
    "a call that is fetched late": wait(
        f"s 0 #1 {AGAIN} #1 = 1 passed", listed(LATE), fetches=[LACKING, WHOLE]
    ),
    "a call that is listed late": wait(
        "s 0 #1 +50 0 = 1 passed", listed(LATE), listed(LATE | CALLED), fetches=[LACKING]
    ),
    "a fetch that fails once": wait(
        f"s 0 #1 {AGAIN} #1 = 1 passed", listed(LATE), fetches=[Answer(status=404), WHOLE]
    ),
    "a fetch that always fails": wait(
        f"s 0 #1 {AGAIN} #1 = 1 unknown", listed(LATE), fetches=[Answer(status=404)]
    ),
    "a record that is under way": wait(
        "s 0 #1 +50 0 = 2 passed",
        listed(builders.result(1, **EMPTY), OTHER),
        fetches=[single(status="EVALUATING")],
    ),
    "never listed": wait(f"s 0 {AGAIN} = 1 passed", listed(OTHER, total_tests=2)),
    "not settled in time": wait(
        "s 0 #1 +50 0 +49 0 = 1 under way", listed(LATE), fetches=[LACKING], timeout=100
    ),
    "polls that fail after the end": wait(
        "s 0 #1 +50 0 +50 0 +50 0 = 1 passed",
        listed(LATE),
        FAULT,
        FAULT,
        listed(LATE | CALLED),
        fetches=[LACKING],
    ),
    "cut short": wait(f"s 0 {AGAIN} = 1 unknown", listed(SCORING, status="INCOMPLETED", date=None)),
    "compressed": wait(
        "s 0 = 1 passed", Answer(gzip.compress(listed(OTHER).body), headers={"content-encoding": "gzip"})
    ),
    "a violation": wait("s 0 = 1 passed", listed(OTHER, tests_passed="3"), on_violation="collect"),
}


class _Traced(ManualClock):
    """A clock that records the requests before each pause."""

    def __init__(self, stub: Stub) -> None:
        super().__init__()
        self._stub = stub
        self._seen = 0
        self.trace: list[str] = []

    def note_requests(self) -> None:
        for each in self._stub.requests[self._seen :]:
            page = "s" if each.query.get("limit") == "1" else each.query.get("offset")
            self.trace.append(page or f"#{each.resource_id}")
        self._seen = len(self._stub.requests)

    def sleep(self, seconds: float) -> None:
        self.note_requests()
        self.trace.append(f"+{seconds:g}")
        super().sleep(seconds)


def _read(cycle: Cycle, make_reader: MakeReader, stub: Stub, clock: ManualClock) -> SimulationRun:
    stub.serve("48213", *cycle.pages)
    stub.serve_result("1", *cycle.fetches or [Answer(status=404)])
    options = dict(cycle.options)
    try:
        run = make_reader(clock=clock, retries=0).call(options.pop("method"), "48213", **options)
    except WaitTimeoutError as error:
        run = error.run
    return cast("SimulationRun", run)


every_cycle = pytest.mark.parametrize("cycle", CYCLES.values(), ids=list(CYCLES))


@pytest.fixture
def clock(stub: Stub) -> ManualClock:
    return _Traced(stub)


@every_cycle
def test_a_call_requests_only_data_that_might_be_missing(
    make_reader: MakeReader, stub: Stub, clock: _Traced, cycle: Cycle
) -> None:
    run = _read(cycle, make_reader, stub, clock)
    clock.note_requests()
    counts = Counter(each.outcome for each in run.results)
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    assert f"{' '.join(clock.trace)} = {outcomes}" == cycle.trace


@every_cycle
def test_a_recording_of_a_call_reproduces_the_run(
    make_reader: MakeReader, stub: Stub, clock: ManualClock, har: Path, cycle: Cycle
) -> None:
    run = _read(cycle, make_reader, stub, clock)
    run.save(har)
    assert seen(SimulationRun.from_file(har, on_violation="collect")) == seen(run)
