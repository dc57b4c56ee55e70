"""Reading a run whose conversations come in pages, with either client."""

from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    BluejayError,
    ContractViolationError,
    Outcome,
    RequestTimeoutError,
    ResponseTooLargeError,
    ServerError,
    SimulationRun,
    UsageError,
    WaitTimeoutError,
)
from bluejay_results.export import export

from .. import builders
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._server import FaultServer
from .answers import CALLED, QUEUED, conversations, listed, pages
from .conftest import MakeReader, ManualClock, Reader

METHODS = ["retrieve", "wait"]


def ids(run: SimulationRun) -> list[int]:
    return [each.id for each in run.results]


def serve(stub: Stub, *answers: Answer) -> None:
    """Serve these pages of the run 48213, from the first one on."""
    for number, each in enumerate(answers):
        stub.serve("48213", each, offset=100 * number)


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_the_pages_of_a_run_are_read_until_one_is_not_full(reader: Reader, stub: Stub, count: int) -> None:
    stub.serve("48213", listed(*conversations(count)))
    assert ids(reader.retrieve("48213")) == list(range(1, count + 1))
    assert pages(stub) == [(100, 100 * number) for number in range(count // 100 + 1)]


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (99, 1), (100, 2), (101, 1), (250, 1)])
def test_a_service_that_ignores_the_parameters_gets_at_most_two_requests(
    reader: Reader, stub: Stub, count: int, requests: int
) -> None:
    stub.pages = False
    stub.serve("48213", listed(*conversations(count)))
    run = reader.retrieve("48213")
    assert ids(run) == list(range(1, count + 1))
    assert len(stub.requests) == requests
    assert len(run.responses) == 1


def test_a_page_that_repeats_the_previous_page_ends_the_reading(reader: Reader, stub: Stub) -> None:
    second = listed(*conversations(100, first=101))
    serve(stub, listed(*conversations(100)), second, second)
    assert ids(reader.retrieve("48213")) == list(range(1, 201))
    assert pages(stub) == [(100, 0), (100, 100), (100, 200)]


def test_conversations_that_are_counted_but_on_no_page_are_missing(reader: Reader, stub: Stub) -> None:
    stub.serve("48213", listed(*conversations(101), total_tests=103))
    assert reader.retrieve("48213").missing_count == 2


def test_a_conversation_on_two_pages_counts_once_with_everything_from_both(
    reader: Reader, stub: Stub
) -> None:
    first = builders.result(100, **CALLED, evaluations=[], duration=1)
    again = builders.result(100, duration=2)
    serve(stub, listed(*conversations(99), first), listed(again, builders.result(101)))
    run = reader.retrieve("48213")
    assert ids(run) == list(range(1, 102))
    assert run.results[99].actual_tools == ("book",)
    assert run.results[99].goal_success
    assert run.results[99].response.duration == 2
    assert run.results[99].outcome is Outcome.PASSED


def test_a_run_that_grows_while_it_is_read_is_read_to_its_end(reader: Reader, stub: Stub) -> None:
    serve(
        stub,
        listed(*conversations(100), total_tests=150),
        listed(*conversations(100, first=101), total_tests=200),
        listed(*conversations(5, first=201), total_tests=205),
    )
    run = reader.retrieve("48213")
    assert ids(run) == list(range(1, 206))
    assert run.missing_count == 0


def test_a_conversation_that_a_deletion_moved_to_a_read_page_is_missing(reader: Reader, stub: Stub) -> None:
    """After the first page was read, conversation 1 was deleted, and 101 moved to the first page."""
    serve(
        stub, listed(*conversations(100), total_tests=150), listed(*conversations(49, 102), total_tests=150)
    )
    run = reader.retrieve("48213")
    assert run.missing_count == 1
    assert run.is_settled


def test_the_run_itself_is_that_of_the_last_page(reader: Reader, stub: Stub) -> None:
    first = listed(*conversations(100), status="RUNNING", tests_passed=1, total_tests=100)
    serve(stub, first, listed(builders.result(101), tests_passed=2, total_tests=101))
    run = reader.retrieve("48213")
    assert (run.status, run.response.simulation_run.tests_passed) == ("COMPLETED", 2)


def test_the_paths_of_violations_name_the_page(reader: Reader, stub: Stub) -> None:
    first, *others = conversations(100)
    broken = builders.result(101, duration="long")
    serve(stub, listed(first | {"duration": "long"}, *others), listed(broken))
    run = reader.retrieve("48213", on_violation="collect")
    path = "$.simulation_results[0]"
    assert [each.path for each in run.violations] == [f"{path}.duration", f"page 2: {path}.duration"]
    serve(stub, listed(first, *others), listed(broken))
    with pytest.raises(ContractViolationError, match=r"response with page 2") as caught:
        reader.retrieve("48213")
    assert caught.value.path == f"page 2: {path}.duration"


def test_a_full_page_with_an_invalid_item_is_still_full(reader: Reader, stub: Stub) -> None:
    invalid: Any = "no object"
    stub.serve("48213", listed(invalid, *conversations(100, first=2)))
    assert ids(reader.retrieve("48213", on_violation="collect")) == list(range(2, 102))


def test_several_pages_can_be_read_from_bytes() -> None:
    bodies = [listed(*conversations(2)).body, listed(*conversations(2, first=3), summary="last").body]
    run = SimulationRun.from_bytes(bodies)
    assert ids(run) == [1, 2, 3, 4]
    assert run.summary == "last"
    assert [each.body for each in run.responses] == bodies
    with pytest.raises(UsageError, match="needs at least one page"):
        SimulationRun.from_bytes([])


@pytest.mark.parametrize("on_violation", ["raise", "collect"])
def test_pages_of_different_runs_are_refused(on_violation: Any) -> None:
    bodies = [listed().body, listed(id="48214").body]
    with pytest.raises(ContractViolationError, match="sent run 48214, but 48213 was requested") as caught:
        SimulationRun.from_bytes(bodies, on_violation=on_violation)
    assert caught.value.path == "page 2: $.simulation_run.id"
    assert caught.value.body == bodies[1]


OTHER_RUN = {"id": "48214"}
OTHER_ON_PAGE = {
    "page 1": (listed(**OTHER_RUN), "$.simulation_run.id"),
    "page 2": (listed(builders.result(101), **OTHER_RUN), "page 2: $.simulation_run.id"),
}


@pytest.mark.parametrize("page", OTHER_ON_PAGE)
@pytest.mark.parametrize("method", [*METHODS, "retrieve_many"])
@pytest.mark.parametrize("on_violation", ["raise", "collect"])
def test_a_page_of_another_run_is_refused(
    reader: Reader, stub: Stub, method: str, page: str, on_violation: str
) -> None:
    answer, path = OTHER_ON_PAGE[page]
    serve(stub, *([] if page == "page 1" else [listed(*conversations(100))]), answer)
    if method == "retrieve_many":
        error: Any = reader.retrieve_many("48213", on_violation=on_violation)["48213"]
    else:
        with pytest.raises(BluejayError) as caught:
            reader.call(method, "48213", on_violation=on_violation)
        error = caught.value
    assert isinstance(error, ContractViolationError)
    assert error.path == path
    assert "The service sent run 48214, but 48213 was requested." in str(error)


def test_an_id_that_breaks_the_contract_is_not_taken_for_another_run(reader: Reader, stub: Stub) -> None:
    stub.serve("48213", listed(id=5))
    run = reader.retrieve("48213", on_violation="collect")
    assert [each.path for each in run.violations] == ["$.simulation_run.id"]


@pytest.mark.parametrize("on_violation", ["raise", "collect"])
def test_a_queued_run_of_another_simulation_is_refused(reader: Reader, stub: Stub, on_violation: str) -> None:
    stub.serve_queue(Answer.json(QUEUED))
    stub.serve("48213", listed(*conversations(2), simulation_id="733"))
    with pytest.raises(ContractViolationError, match="a run of simulation 733, but 731 was requested"):
        reader.wait(reader.queue("731"), on_violation=on_violation)


def test_the_deadline_applies_to_all_pages_together(make_reader: MakeReader, clock: ManualClock) -> None:
    def script(connection: Connection) -> None:
        while connection.read_request():
            clock.time += 25
            first = 100 * connection.request_number
            connection.send(response(listed(*conversations(100, first)).body))

    with FaultServer(script) as server, pytest.raises(RequestTimeoutError) as caught:
        make_reader(base_url=server.url).retrieve("48213", timeout=60)
    assert len(server.log.requests) == 3
    assert str(caught.value.url).endswith("?limit=100&offset=200")


AWAY = Answer(b"", status=503)


@pytest.mark.parametrize(("faults", "is_read"), [(1, True), (2, False)])
def test_all_pages_of_one_read_share_the_retries(
    reader: Reader, stub: Stub, faults: int, is_read: bool
) -> None:
    """The client makes up to three retries, and the first page needs two of them."""
    stub.serve("48213", AWAY, AWAY, listed(*conversations(100)), offset=0)
    stub.serve("48213", *[AWAY] * faults, listed(builders.result(101)), offset=100)
    if is_read:
        assert len(reader.retrieve("48213").results) == 101
    else:
        with pytest.raises(ServerError):
            reader.retrieve("48213")
    assert len(stub.requests) == 5


PAGE = len(listed(*conversations(100, first=101)).body)


@pytest.mark.parametrize("method", [*METHODS, "retrieve_many"])
@pytest.mark.parametrize(("limit", "is_read"), [(PAGE * 3 // 2, False), (PAGE * 3, True)])
def test_the_size_limit_applies_to_all_pages_of_one_read(
    make_reader: MakeReader, stub: Stub, method: str, limit: int, is_read: bool
) -> None:
    stub.serve("48213", listed(*conversations(199)))
    reader = make_reader(max_body_bytes=limit)
    if method == "retrieve_many":
        outcome: Any = reader.retrieve_many("48213")["48213"]
    else:
        try:
            outcome = reader.call(method, "48213")
        except BluejayError as error:
            outcome = error
    assert isinstance(outcome, SimulationRun if is_read else ResponseTooLargeError)


@pytest.mark.parametrize("status", [404, 500])
def test_a_page_that_cannot_be_read_fails_the_read_with_its_error(
    make_reader: MakeReader, stub: Stub, status: int
) -> None:
    serve(stub, listed(*conversations(100)), Answer(b"", status=status))
    reader = make_reader(retries=0)
    with pytest.raises(BluejayError) as caught:
        reader.retrieve("48213")
    assert caught.value.status_code == status
    assert str(caught.value.url).endswith("?limit=100&offset=100")
    outcome: Any = reader.retrieve_many("48213")["48213"]
    assert outcome.url == caught.value.url


def test_a_wait_never_returns_a_run_that_was_partly_read(make_reader: MakeReader, stub: Stub) -> None:
    serve(stub, listed(*conversations(100)), AWAY)
    with pytest.raises(WaitTimeoutError) as caught:
        make_reader(retries=0).wait("48213", timeout=60)
    assert caught.value.run is None
    assert str(caught.value.last_error and caught.value.last_error.url).endswith("?limit=100&offset=100")


def test_retrieve_many_and_an_export_read_all_pages_of_each_run(
    reader: Reader, stub: Stub, tmp_path: Path
) -> None:
    for run_id in ("48213", "48214"):
        stub.serve(run_id, listed(*conversations(201), id=run_id))
    runs = reader.retrieve_many("48213", "48214")
    report = export(runs.items(), tmp_path, format="csv")
    assert report.rows["conversations"] == 402
    assert report.failed == {}
