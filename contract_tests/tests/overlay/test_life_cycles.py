"""Runs from their first response to their last: what a call requests, when, and what it returns.

Each recording of such a call reproduces the run.
"""

import datetime
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from attrs import frozen
from bluejay_contract.stub import Answer, Stub
from bluejay_results import SimulationRun, WaitTimeoutError

from .. import builders
from .answers import (
    CALLED,
    EMPTY,
    UNRECORDED,
    UNSCORED,
    conversations,
    fetched_ids,
    large_run,
    listed,
    pages,
    seen,
    single,
)
from .conftest import START, MakeReader, ManualClock

pytestmark = pytest.mark.usefixtures("one_time")
ENDED: dict[str, Any] = {"end_time": START.isoformat()}
AN_HOUR = datetime.timedelta(hours=1)
LATE = builders.result(1, **UNRECORDED, **ENDED)
"""A conversation whose tool call isn't recorded yet."""
LATE_LONG_AGO = LATE | {"end_time": (START - AN_HOUR).isoformat()}
UNTIMED = builders.result(1, **UNRECORDED)
OTHER = builders.result(2, **CALLED)
OTHER_UNSCORED = builders.result(2, **UNSCORED)
LACKING = single(1, **UNRECORDED, **ENDED)
WHOLE = single(1, **CALLED)
FAULT = Answer(status=502)
AGAIN = (50, 50, 50, 30)
"""The pauses until the grace of 180 s is over."""
EVERY_50_S: Mapping[str, Any] = MappingProxyType({"poll_interval": 50})
COLLECT = {**EVERY_50_S, "on_violation": "collect"}


@frozen
class Cycle:
    """The service's responses about run 48213, the call that reads it, and what follows.

    Attributes:
        lists: The responses to requests for pages, in turn.
        pages: The offsets of the requested pages; `s` is a request for the status.
        singles: The responses to fetches of conversation 1, in turn.
        fetched: The ids of the fetched conversations.
        slept: The pauses of the call.
        outcomes: The outcomes of the conversations; empty if they aren't of interest.
        options: The options of the call.
        method: The method that reads the run.
        has_pages: Whether the service divides the run into pages.
    """

    lists: Sequence[Answer]
    pages: str
    singles: Sequence[Answer] = ()
    fetched: str = ""
    slept: Sequence[float] = ()
    outcomes: str = ""
    options: Mapping[str, Any] = EVERY_50_S
    method: str = "wait"
    has_pages: bool = True


CYCLES = {
    "retrieved while calls may arrive": Cycle(
        [listed(LATE)], "0", outcomes="under way", method="retrieve", options={}
    ),
    "retrieved and fetched by id": Cycle(
        [listed(LATE)], "0", [WHOLE], "1", (), "passed", {"complete": True}, "retrieve"
    ),
    "retrieved, with an error of a proxy whose clock is wrong": Cycle(
        [listed(LATE)],
        "0",
        [Answer(status=404, date=AN_HOUR)],
        "1",
        (),
        "under way",
        {"complete": True},
        "retrieve",
    ),
    "under way": Cycle(
        [large_run(status="INITIALIZING"), *[large_run(status="RUNNING")] * 2, large_run()],
        "s s s s 0 100 200",
        slept=(50, 50, 50),
    ),
    "a null status": Cycle(
        [large_run(1, count=101, status=None), large_run(count=101, status=None)],
        "s 0 100 0 100",
        slept=(50,),
    ),
    "a new status": Cycle([large_run(count=101, status="ARCHIVING")], "s 0 100"),
    "never settled": Cycle(
        [large_run(count=101, status="RUNNING")],
        "s s s 0 100",
        slept=(50, 50, 19),
        options={**EVERY_50_S, "timeout": 120},
    ),
    "only pages with a conversation under way": Cycle(
        [large_run(100, 250), large_run(250), large_run()], "s 0 100 200 0 200 200", slept=(50, 50)
    ),
    "only a page in the middle": Cycle([large_run(101), large_run()], "s 0 100 200 100", slept=(50,)),
    "a page that waits for calls": Cycle(
        [listed(each, *conversations(150, first=2, **CALLED)) for each in (LATE, LATE | CALLED)],
        "s 0 100 0",
        [LACKING],
        "1",
        (50,),
    ),
    "a missing conversation of the last page": Cycle(
        [large_run(count=249, total_tests=250), large_run()], "s 0 100 200 200", slept=(50,)
    ),
    "missing conversations of the last pages": Cycle(
        [large_run(count=199, total_tests=250), large_run()], "s 0 100 100 200", slept=(50,)
    ),
    "a run without pages": Cycle(
        [large_run(status="RUNNING"), *[large_run(250)] * 2, large_run()],
        "s s 0 0",
        slept=(50, 50),
        has_pages=False,
    ),
    "a run that shrinks": Cycle(
        [
            large_run(1, status=None, total_tests=None),
            large_run(1, count=150, status=None, total_tests=None),
            large_run(count=150, status=None, total_tests=150),
        ],
        "s 0 100 200 0 100 0 100",
        slept=(50, 50),
    ),
    "a run that shrinks after its end": Cycle(
        [large_run(1, 101), large_run(101, count=90, total_tests=90), large_run(count=90, total_tests=90)],
        "s 0 100 200 0 100",
        slept=(50,),
    ),
    "at the end and after the grace": Cycle(
        [listed(LATE)], "s 0 0 0 0 0", [LACKING], "1 1", AGAIN, "unknown"
    ),
    "without a grace": Cycle(
        [listed(LATE)], "s 0", [LACKING], "1", outcomes="unknown", options={"tool_call_grace": 0}
    ),
    "after the grace": Cycle(
        [listed(LATE_LONG_AGO)], "s 0", [single(**LATE_LONG_AGO)], "1", outcomes="unknown"
    ),
    "a clock that is ahead": Cycle(
        [listed(LATE, date=AN_HOUR)],
        "s 0",
        [Answer(LACKING.body, date=AN_HOUR)],
        "1",
        outcomes="unknown",
    ),
    "no Date": Cycle([listed(LATE, date=None)], "s 0 0 0 0 0", [LACKING], "1 1", AGAIN, "unknown"),
    "no end time": Cycle([listed(UNTIMED)], "s 0 0 0 0 0", [single(**UNRECORDED)], "1 1", AGAIN, "unknown"),
    "an end that is seen late": Cycle(
        [
            listed(UNTIMED, OTHER_UNSCORED, status="RUNNING"),
            listed(UNTIMED, OTHER_UNSCORED),
            listed(UNTIMED, OTHER),
        ],
        "s s 0 0 0 0 0",
        [single(**UNRECORDED)],
        "1 1",
        (50, *AGAIN),
        "unknown passed",
    ),
    "not before the others have ended": Cycle(
        [listed(LATE, OTHER, status="RUNNING"), listed(LATE, OTHER_UNSCORED), listed(LATE, OTHER)],
        "s s 0 0",
        [WHOLE],
        "1",
        (50, 50),
        "passed passed",
    ),
    "a call that is fetched late": Cycle(
        [listed(LATE)], "s 0 0 0 0 0", [LACKING, WHOLE], "1 1", AGAIN, "passed"
    ),
    "a call that is listed late": Cycle(
        [listed(LATE), listed(LATE | CALLED)], "s 0 0", [LACKING], "1", (50,), "passed"
    ),
    "a fetch that fails once": Cycle(
        [listed(LATE)], "s 0 0 0 0 0", [Answer(status=404), WHOLE], "1 1", AGAIN, "passed"
    ),
    "a fetch that always fails": Cycle(
        [listed(LATE)], "s 0 0 0 0 0", [Answer(status=404)], "1 1", AGAIN, "unknown"
    ),
    "a record that is under way": Cycle(
        [listed(builders.result(1, **EMPTY), OTHER)],
        "s 0 0",
        [single(status="EVALUATING")],
        "1",
        (50,),
        "passed passed",
    ),
    "a record with another status": Cycle(
        [listed(LATE)], "s 0", [single(status="FAILED", **CALLED)], "1", outcomes="unknown"
    ),
    "a missing conversation": Cycle(
        [listed(LATE | CALLED, total_tests=2)], "s 0 0 0 0 0", slept=AGAIN, outcomes="passed"
    ),
    "not settled in time": Cycle(
        [listed(LATE)], "s 0 0 0", [LACKING], "1", (50, 49), "under way", {**EVERY_50_S, "timeout": 100}
    ),
    "polls that fail after the end": Cycle(
        [listed(LATE), FAULT, FAULT, listed(LATE | CALLED)],
        "s 0 0 0 0",
        [LACKING],
        "1",
        (50, 50, 50),
        "passed",
    ),
    "cut short": Cycle(
        [listed(builders.result(1, **UNSCORED), status="INCOMPLETED", date=None)],
        "s 0 0 0 0 0",
        slept=AGAIN,
        outcomes="unknown",
    ),
    "a compressed body": Cycle(
        [Answer(gzip.compress(listed(OTHER).body), headers={"content-encoding": "gzip"})],
        "s 0",
        outcomes="passed",
    ),
    "a violation": Cycle([listed(OTHER, tests_passed="3")], "s 0", outcomes="passed", options=COLLECT),
}


def _read(cycle: Cycle, make_reader: MakeReader, stub: Stub) -> SimulationRun:
    stub.pages = cycle.has_pages
    stub.serve("48213", *cycle.lists)
    stub.serve_result("1", *cycle.singles or [Answer(status=404)])
    try:
        run: Any = make_reader(retries=0).call(cycle.method, "48213", **cycle.options)
    except WaitTimeoutError as error:
        run = error.run
    return run


every_cycle = pytest.mark.parametrize("cycle", CYCLES.values(), ids=list(CYCLES))


@every_cycle
def test_a_call_requests_what_the_run_may_lack_and_returns_its_outcomes(
    make_reader: MakeReader, stub: Stub, clock: ManualClock, cycle: Cycle
) -> None:
    run = _read(cycle, make_reader, stub)
    assert " ".join("s" if limit == 1 else str(offset) for limit, offset in pages(stub)) == cycle.pages
    assert " ".join(fetched_ids(stub)) == cycle.fetched
    assert clock.slept == list(cycle.slept)
    if cycle.outcomes:
        assert " ".join(each.outcome for each in run.results) == cycle.outcomes


@every_cycle
def test_a_recording_of_a_call_reproduces_the_run(
    make_reader: MakeReader, stub: Stub, har: Path, cycle: Cycle
) -> None:
    run = _read(cycle, make_reader, stub)
    run.save(har)
    assert seen(SimulationRun.from_file(har, on_violation="collect")) == seen(run)
