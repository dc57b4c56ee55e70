"""Waiting for a run whose conversations come in pages: which pages are read when."""

import json

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import RunProgress, WaitTimeoutError

from .. import builders
from .answers import (
    CALLED,
    UNRECORDED,
    conversations,
    ended,
    fetched_ids,
    large_run,
    listed,
    pages,
    single,
)
from .conftest import MakeReader, ManualClock, Reader

pytestmark = pytest.mark.usefixtures("one_time")
STATUS = (1, 0)
"""The request for the smallest page, as limit and offset."""
FIRST, SECOND, THIRD = ((100, offset) for offset in (0, 100, 200))


def test_while_the_run_is_under_way_a_wait_reads_only_the_smallest_page(reader: Reader, stub: Stub) -> None:
    running = large_run(status="RUNNING")
    stub.serve("48213", large_run(status="INITIALIZING"), *[running] * 58, large_run())
    assert len(reader.wait("48213").results) == 250
    assert pages(stub) == [STATUS] * 59 + [STATUS, FIRST, SECOND, THIRD]


@pytest.mark.parametrize("status", [None, "ARCHIVING"])
def test_a_wait_reads_all_pages_at_each_poll_if_the_status_is_null_or_new(
    reader: Reader, stub: Stub, status: str | None
) -> None:
    stub.serve("48213", large_run(1, count=101, status=status), large_run(count=101, status=status))
    assert reader.wait("48213").is_settled
    assert pages(stub) == [STATUS, FIRST, SECOND, FIRST, SECOND]


def test_a_wait_reads_all_pages_once_before_it_times_out(reader: Reader, stub: Stub) -> None:
    stub.serve("48213", large_run(count=101, status="RUNNING"))
    with pytest.raises(WaitTimeoutError) as caught:
        reader.wait("48213", poll_interval=10, timeout=25)
    assert pages(stub) == [STATUS] * 3 + [FIRST, SECOND]
    assert caught.value.run
    assert len(caught.value.run.results) == 101


def test_on_update_gets_the_status_the_counters_and_the_run_if_it_was_read(
    reader: Reader, stub: Stub
) -> None:
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


@pytest.mark.parametrize(
    ("scoring", "again"),
    [((1,), [FIRST]), ((150, 151), [SECOND]), ((100, 250), [FIRST, THIRD]), ((101, 201), [SECOND, THIRD])],
)
def test_after_the_end_only_pages_with_a_conversation_under_way_are_read_again(
    reader: Reader, stub: Stub, scoring: tuple[int, ...], again: list[tuple[int, int]]
) -> None:
    stub.serve("48213", large_run(*scoring), large_run(*scoring), large_run())
    assert reader.wait("48213").is_settled
    assert pages(stub) == [STATUS, FIRST, SECOND, THIRD, *again, *again]


def test_a_page_whose_conversation_waits_for_tool_calls_is_read_again(
    reader: Reader, stub: Stub, clock: ManualClock
) -> None:
    """The responses are those that the run was built from, in the order of their arrival."""
    lacking, whole = (builders.result(50, **each, **ended(clock)) for each in (UNRECORDED, CALLED))
    before, after = conversations(49, **CALLED), conversations(52, first=51, **CALLED)
    stub.serve("48213", *(listed(*before, each, *after) for each in (lacking, whole)))
    stub.serve_result("50", fetched := single(50, **UNRECORDED, **ended(clock)))
    run = reader.wait("48213")
    assert run.results[49].missing_tools == ()
    assert pages(stub) == [STATUS, FIRST, SECOND, FIRST]
    assert fetched_ids(stub) == ["50"]
    assert [each.url.rpartition("/")[2] for each in run.responses] == [
        "48213?limit=100&offset=100",
        "50",
        "48213?limit=100&offset=0",
    ]
    sent = [listed(*after[50:]), fetched, listed(*before, whole, *after[:50])]
    assert [json.loads(each.body) for each in run.responses] == [json.loads(each.body) for each in sent]


@pytest.mark.parametrize(
    ("listed_at_first", "again"), [(249, [THIRD]), (200, [THIRD]), (199, [SECOND, THIRD])]
)
def test_if_a_conversation_is_missing_the_last_page_is_read_again_and_the_pages_after_it(
    reader: Reader, stub: Stub, listed_at_first: int, again: list[tuple[int, int]]
) -> None:
    stub.serve("48213", large_run(count=listed_at_first, total_tests=250), large_run())
    assert len(reader.wait("48213").results) == 250
    first = [STATUS, FIRST, SECOND, THIRD][: 2 + listed_at_first // 100]
    assert pages(stub) == first + again


def test_a_service_that_ignores_the_parameters_is_polled_with_one_request(reader: Reader, stub: Stub) -> None:
    stub.pages = False
    stub.serve("48213", large_run(status="RUNNING"), large_run(250), large_run(250), large_run())
    assert len(reader.wait("48213").results) == 250
    assert pages(stub) == [STATUS, STATUS, FIRST, FIRST]


def test_each_poll_has_its_own_retries(make_reader: MakeReader, stub: Stub, clock: ManualClock) -> None:
    away = Answer(b"", status=503)
    stub.serve("48213", away, large_run(status="RUNNING"), away, large_run())
    make_reader(retries=1).wait("48213", poll_interval=10)
    first, interval, second = clock.slept
    assert interval == 10
    assert max(first, second) <= 1


def test_the_size_limit_applies_to_each_poll(make_reader: MakeReader, stub: Stub) -> None:
    answer = large_run(count=150)
    stub.serve("48213", large_run(status="RUNNING"), *[large_run(1, count=150)] * 3, answer)
    assert make_reader(max_body_bytes=len(answer.body) + 2000).wait("48213").is_settled
