"""Waiting for a run whose conversations come in pages: which pages are read when, with either client."""

import json
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import RunProgress, SimulationRun, WaitTimeoutError
from bluejay_results.writing.view import view

from .. import builders
from .answers import CALLED, UNRECORDED, conversations, ended, fetched_ids, listed, pages, single
from .conftest import MakeReader, ManualClock, Reader

pytestmark = pytest.mark.usefixtures("one_time")
SCORING: dict[str, Any] = {"status": "EVALUATING", "evaluations": []}
STATUS = (1, 0)
"""The request for the smallest page, as limit and offset."""
FIRST, SECOND, THIRD, FOURTH = ((100, offset) for offset in (0, 100, 200, 300))


def run_with(*scoring: int, count: int = 250, **run: Any) -> Answer:
    """A run with so many conversations, of which these are being scored."""
    results = [each | SCORING if each["id"] in scoring else each for each in conversations(count)]
    return listed(*results, **{"total_tests": count} | run)


def test_while_the_run_is_under_way_a_wait_reads_only_the_smallest_page(reader: Reader, stub: Stub) -> None:
    running = run_with(status="RUNNING")
    stub.serve("48213", run_with(status="INITIALIZING"), running, running, run_with())
    assert len(reader.wait("48213").results) == 250
    assert pages(stub) == [STATUS] * 3 + [STATUS, FIRST, SECOND, THIRD]


@pytest.mark.parametrize("status", [None, "ARCHIVING"])
def test_a_wait_reads_all_pages_at_each_poll_if_the_status_is_null_or_new(
    reader: Reader, stub: Stub, status: str | None
) -> None:
    stub.serve("48213", run_with(1, count=101, status=status), run_with(count=101, status=status))
    assert reader.wait("48213").is_settled
    assert pages(stub) == [STATUS, FIRST, SECOND, FIRST, SECOND]


def test_a_wait_reads_all_pages_once_before_it_times_out(reader: Reader, stub: Stub) -> None:
    stub.serve("48213", run_with(count=101, status="RUNNING"))
    with pytest.raises(WaitTimeoutError, match="last seen RUNNING") as caught:
        reader.wait("48213", poll_interval=10, timeout=25)
    assert pages(stub) == [STATUS] * 3 + [FIRST, SECOND]
    assert caught.value.run
    assert len(caught.value.run.results) == 101


def test_on_update_gets_the_status_and_the_counters_whatever_was_read(reader: Reader, stub: Stub) -> None:
    seen: list[RunProgress] = []
    stub.serve(
        "48213",
        run_with(status="RUNNING", tests_completed=3, tests_passed=2),
        run_with(250, tests_completed=250, tests_passed=249),
        run_with(tests_completed=250, tests_passed=250),
    )
    reader.wait("48213", on_update=seen.append)
    assert [(str(each.status), each.total, each.ended, each.response.tests_passed) for each in seen] == [
        ("RUNNING", 250, 3, 2),
        ("COMPLETED", 250, 250, 249),
        ("COMPLETED", 250, 250, 250),
    ]
    assert [each.run and len(each.run.results) for each in seen] == [None, 250, 250]


@pytest.mark.parametrize(
    ("scoring", "again"),
    [((1,), [FIRST]), ((150, 151), [SECOND]), ((100, 250), [FIRST, THIRD]), ((101, 201), [SECOND, THIRD])],
)
def test_after_the_end_only_pages_with_a_conversation_under_way_are_read_again(
    reader: Reader, stub: Stub, scoring: tuple[int, ...], again: list[tuple[int, int]]
) -> None:
    stub.serve("48213", run_with(*scoring), run_with(*scoring), run_with())
    assert len(reader.wait("48213").results) == 250
    assert pages(stub) == [STATUS, FIRST, SECOND, THIRD, *again, *again]


def test_a_page_whose_conversation_waits_for_tool_calls_is_read_again(
    reader: Reader, stub: Stub, clock: ManualClock
) -> None:
    lacking, whole = (builders.result(150, **each, **ended(clock)) for each in (UNRECORDED, CALLED))
    others = conversations(149, **CALLED), conversations(100, first=151, **CALLED)
    stub.serve("48213", *(listed(*others[0], each, *others[1]) for each in (lacking, whole)))
    stub.serve_result("150", single(150, **UNRECORDED, **ended(clock)))
    assert reader.wait("48213").results[149].missing_tools == ()
    assert pages(stub) == [STATUS, FIRST, SECOND, THIRD, SECOND]
    assert fetched_ids(stub) == ["150"]


@pytest.mark.parametrize(
    ("listed_at_first", "again"), [(249, [THIRD]), (248, [THIRD]), (200, [THIRD]), (199, [SECOND, THIRD])]
)
def test_if_a_conversation_is_missing_the_last_page_is_read_again_and_the_pages_after_it(
    reader: Reader, stub: Stub, listed_at_first: int, again: list[tuple[int, int]]
) -> None:
    stub.serve("48213", run_with(count=listed_at_first, total_tests=250), run_with())
    assert len(reader.wait("48213").results) == 250
    first = [STATUS, FIRST, SECOND, THIRD][: 2 + listed_at_first // 100]
    assert pages(stub) == first + again


def test_a_service_that_ignores_the_parameters_is_polled_with_one_request(reader: Reader, stub: Stub) -> None:
    stub.pages = False
    stub.serve("48213", run_with(status="RUNNING"), run_with(250), run_with(250), run_with())
    assert len(reader.wait("48213").results) == 250
    assert pages(stub) == [STATUS, STATUS, FIRST, FIRST]


def test_each_poll_has_its_own_retries(make_reader: MakeReader, stub: Stub, clock: ManualClock) -> None:
    away = Answer(b"", status=503)
    stub.serve("48213", away, run_with(status="RUNNING"), away, run_with())
    make_reader(retries=1).wait("48213", poll_interval=10)
    first, interval, second = clock.slept
    assert interval == 10
    assert max(first, second) <= 1


def test_the_size_limit_applies_to_each_poll(make_reader: MakeReader, stub: Stub) -> None:
    answer = run_with(count=150)
    stub.serve("48213", run_with(status="RUNNING"), *[run_with(1, count=150)] * 3, answer)
    assert make_reader(max_body_bytes=len(answer.body) + 2000).wait("48213").is_settled


PAGED = json.loads(SCENARIOS["paged"].bodies[0])


def _scenario(*, scoring: int = 0, status: str = "COMPLETED") -> Answer:
    """The run of the paged scenario, while so many of its last conversations are being scored."""
    results = PAGED["simulation_results"]
    results = results[: 250 - scoring] + [each | SCORING for each in results[250 - scoring :]]
    document = {"simulation_run": PAGED["simulation_run"] | {"status": status}, "simulation_results": results}
    return Answer.json(document)


@pytest.fixture
def received(caplog: pytest.LogCaptureFixture) -> Callable[[], int]:
    """Return a function that returns how many bytes of bodies were received since its last call."""
    caplog.set_level(logging.DEBUG, "bluejay_results")

    def count() -> int:
        total = sum(int(each) for each in re.findall(r": 200, (\d+) bytes", caplog.text))
        caplog.clear()
        return total

    return count


def test_sixty_polls_and_the_final_read_transfer_at_most_1_4_times_the_bytes_of_one_read(
    reader: Reader, stub: Stub, received: Callable[[], int]
) -> None:
    run_id = SCENARIOS["paged"].run_id
    reader.retrieve(run_id)
    one_read = received()
    stub.serve(run_id, *[_scenario(status="RUNNING")] * 60, _scenario())
    reader.wait(run_id, poll_interval=10)
    assert one_read > len(SCENARIOS["paged"].bodies[0]) * 0.9
    assert received() <= 1.4 * one_read


def test_twelve_more_polls_while_the_last_page_is_scored_transfer_at_most_3_times_the_bytes_of_one_read(
    reader: Reader, stub: Stub, received: Callable[[], int]
) -> None:
    run_id = SCENARIOS["paged"].run_id
    reader.retrieve(run_id)
    one_read = received()
    stub.serve(run_id, *[_scenario(scoring=10)] * 12, _scenario())
    progress: list[int] = []
    reader.wait(run_id, on_update=lambda _: progress.append(received()))
    assert len(progress) == 1 + 12
    assert sum(progress[1:]) <= 3 * one_read


def test_the_responses_are_those_that_the_run_was_built_from_in_the_order_of_their_arrival(
    reader: Reader, stub: Stub, clock: ManualClock
) -> None:
    """The first page was read twice."""
    before, after = conversations(99, **CALLED), conversations(1, first=101, **CALLED)
    scoring, lacking = (builders.result(100, **ended(clock)) | each for each in (SCORING, UNRECORDED))
    stub.serve("48213", *(listed(*before, each, *after) for each in (scoring, lacking)))
    stub.serve_result("100", single(100, **CALLED))
    run = reader.wait("48213")
    assert [each.url.rpartition("/")[2] for each in run.responses] == [
        "48213?limit=100&offset=100",
        "48213?limit=100&offset=0",
        "100",
    ]
    sent = [listed(*after), listed(*before, lacking), single(100, **CALLED)]
    assert [json.loads(each.body) for each in run.responses] == [json.loads(each.body) for each in sent]


def test_a_response_is_kept_byte_for_byte(reader: Reader, stub: Stub) -> None:
    bodies = [b" \n" + listed(*conversations(100)).body, listed(*conversations(1, 101)).body + b"\r\n "]
    for number, each in enumerate(bodies):
        stub.serve("48213", Answer(each), offset=100 * number)
    assert [each.body for each in reader.wait("48213").responses] == bodies


POLLS = {
    "polls and pages": (run_with(status="RUNNING"), run_with(1, 250), run_with(250), run_with()),
    "a missing conversation": (run_with(count=199, total_tests=250), run_with()),
    "conversations without an end": tuple(
        listed(*conversations(150), builders.result(151, **SCORING), *each, status=None, total_tests=152)
        for each in ((), [builders.result(152, **UNRECORDED)])
    ),
    "a run that shrinks": (
        run_with(1, status=None, total_tests=None),
        run_with(1, count=150, status=None, total_tests=None),
        run_with(count=150, status=None, total_tests=150),
    ),
    "a run that shrinks after its end": (run_with(1, 101), run_with(101, count=90), run_with(count=90)),
    "pages of one run that never settles": (run_with(101),),
}


@pytest.mark.parametrize("answers", POLLS.values(), ids=POLLS)
def test_the_recording_of_a_wait_reproduces_the_run(
    reader: Reader, stub: Stub, tmp_path: Path, answers: tuple[Answer, ...]
) -> None:
    stub.serve("48213", *answers)
    try:
        run: Any = reader.wait("48213", poll_interval=50, timeout=400)
    except WaitTimeoutError as error:
        run = error.run
    run.save(tmp_path / "run.har")
    again = SimulationRun.from_file(tmp_path / "run.har")
    assert view(again) == view(run)
    assert (again.notes, again.grace, again.missing_count) == (run.notes, run.grace, run.missing_count)
    assert [each.body for each in again.responses] == [each.body for each in run.responses]
    assert [each.exchange.url for each in again.parts.pages] == [
        each.exchange.url for each in run.parts.pages
    ]
