"""Reading a run whose conversations are split into pages."""

from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    ContractViolationError,
    Outcome,
    ResponseTooLargeError,
    ServerError,
    SimulationRun,
    UsageError,
    WaitTimeoutError,
)
from bluejay_results.gate import gate
from bluejay_results.results.responses import OnViolation

from .. import builders
from .answers import CALLED, QUEUED, UNRECORDED, conversations, large_run, listed, pages, single
from .conftest import MakeReader, Reader

both_modes = pytest.mark.parametrize("on_violation", ["raise", "collect"])


def ids(run: SimulationRun) -> list[int]:
    return [each.id for each in run.results]


def serve(stub: Stub, *answers: Answer) -> None:
    """Serve these pages of run 48213, starting with the first page."""
    for number, each in enumerate(answers):
        stub.serve("48213", each, offset=100 * number)


@pytest.mark.parametrize("count", [0, 99, 100, 101, 250])
def test_the_pages_of_a_run_are_read_until_a_page_is_not_full(reader: Reader, stub: Stub, count: int) -> None:
    stub.serve("48213", listed(*conversations(count)))
    assert ids(reader.retrieve("48213")) == list(range(1, count + 1))
    assert pages(stub) == [(100, 100 * number) for number in range(count // 100 + 1)]


@pytest.mark.parametrize(("count", "requests"), [(99, 1), (100, 2), (101, 1), (250, 1)])
def test_a_service_without_pagination_gets_at_most_two_requests(
    reader: Reader, stub: Stub, count: int, requests: int
) -> None:
    """If a page repeats the previous page, the client stops reading."""
    stub.pages = False
    stub.serve("48213", listed(*conversations(count)))
    run = reader.retrieve("48213")
    assert ids(run) == list(range(1, count + 1))
    assert len(stub.requests) == requests
    assert len(run.responses) == 1


def test_a_service_without_pagination_gets_one_request_per_poll(reader: Reader, stub: Stub) -> None:
    stub.pages = False
    stub.serve("48213", large_run(status="RUNNING"), large_run(250), large_run(250), large_run())
    assert len(reader.wait("48213").results) == 250
    assert pages(stub) == [(1, 0), (1, 0), (100, 0), (100, 0)]


def test_a_run_that_grows_while_it_is_read_has_the_state_of_its_last_page(reader: Reader, stub: Stub) -> None:
    serve(
        stub,
        listed(*conversations(100), status="RUNNING", total_tests=150),
        listed(*conversations(100, first=101), total_tests=200),
        listed(*conversations(5, first=201), total_tests=205),
    )
    run = reader.retrieve("48213")
    assert ids(run) == list(range(1, 206))
    assert (run.status, run.missing_count) == ("COMPLETED", 0)


def test_a_violations_path_contains_the_page_number(reader: Reader, stub: Stub) -> None:
    first, *others = conversations(100)
    broken = builders.result(101, duration="long")
    serve(stub, listed(first | {"duration": "long"}, *others), listed(broken))
    run = reader.retrieve("48213", on_violation="collect")
    path = "$.simulation_results[0].duration"
    assert [each.path for each in run.violations] == [path, f"page 2: {path}"]
    serve(stub, listed(first, *others), listed(broken))
    with pytest.raises(ContractViolationError) as caught:
        reader.retrieve("48213")
    assert caught.value.path == f"page 2: {path}"


def test_a_full_page_with_an_invalid_item_still_counts_as_full(reader: Reader, stub: Stub) -> None:
    invalid: Any = "no object"
    stub.serve("48213", listed(invalid, *conversations(100, first=2)))
    assert ids(reader.retrieve("48213", on_violation="collect")) == list(range(2, 102))


def test_several_pages_can_be_read_from_bytes() -> None:
    bodies = [listed(*conversations(2)).body, listed(*conversations(2, first=3), summary="last").body]
    run = SimulationRun.from_bytes(bodies)
    assert ids(run) == [1, 2, 3, 4]
    assert run.summary == "last"
    assert [each.body for each in run.responses] == bodies
    with pytest.raises(UsageError, match="at least one"):
        SimulationRun.from_bytes([])


@both_modes
@pytest.mark.parametrize(
    ("answers", "path"),
    [
        ([listed(id="48214")], "$.simulation_run.id"),
        (
            [listed(*conversations(100)), listed(builders.result(101), id="48214")],
            "page 2: $.simulation_run.id",
        ),
    ],
    ids=["page 1", "page 2"],
)
def test_a_page_from_another_run_is_refused(
    reader: Reader, stub: Stub, answers: list[Answer], path: str, on_violation: OnViolation
) -> None:
    """Such a page could be a late response to an earlier request. It is also rejected in a saved run."""
    serve(stub, *answers)
    with pytest.raises(ContractViolationError, match="48214") as caught:
        reader.retrieve("48213", on_violation=on_violation)
    assert (caught.value.path, caught.value.body) == (path, answers[-1].body)
    if len(answers) > 1:
        with pytest.raises(ContractViolationError) as caught:
            SimulationRun.from_bytes([each.body for each in answers], on_violation=on_violation)
        assert (caught.value.path, caught.value.body) == (path, answers[-1].body)


def test_a_run_with_an_invalid_id_is_not_mistaken_for_another_run(reader: Reader, stub: Stub) -> None:
    stub.serve("48213", listed(id=5))
    run = reader.retrieve("48213", on_violation="collect")
    assert [each.path for each in run.violations] == ["$.simulation_run.id"]


@both_modes
def test_a_run_from_another_simulation_is_refused(
    reader: Reader, stub: Stub, on_violation: OnViolation
) -> None:
    stub.serve_queue(Answer.json(QUEUED))
    stub.serve("48213", listed(*conversations(2), simulation_id="733"))
    with pytest.raises(ContractViolationError, match="733") as caught:
        reader.wait(reader.queue("731"), on_violation=on_violation)
    assert caught.value.path == "$.simulation_run.simulation_id"


AWAY = Answer(b"", status=503)


@pytest.mark.parametrize(("faults", "is_read"), [(1, True), (2, False)])
def test_one_retry_limit_applies_to_all_pages_of_a_read(
    reader: Reader, stub: Stub, faults: int, is_read: bool
) -> None:
    """Three retries are allowed for the entire read, and the first page already needs two retries."""
    stub.serve("48213", AWAY, AWAY, listed(*conversations(100)), offset=0)
    stub.serve("48213", *[AWAY] * faults, listed(builders.result(101)), offset=100)
    if is_read:
        assert len(reader.retrieve("48213").results) == 101
    else:
        with pytest.raises(ServerError):
            reader.retrieve("48213")
    assert len(stub.requests) == 5


def test_the_size_limit_applies_to_all_pages_of_one_read(make_reader: MakeReader, stub: Stub) -> None:
    stub.serve("48213", listed(*conversations(199)))
    first, second = (len(each.body) for each in make_reader().retrieve("48213").responses)
    assert make_reader(max_body_bytes=first + second).retrieve("48213").is_settled
    with pytest.raises(ResponseTooLargeError):
        make_reader(max_body_bytes=first + second - 1).retrieve("48213")


def test_the_size_limit_applies_to_the_pages_and_the_fetches_by_id_together(
    make_reader: MakeReader, stub: Stub
) -> None:
    """The fetches run in parallel, so either one can be the one that is refused."""
    stub.serve("48213", listed(*(builders.result(each, **UNRECORDED) for each in (1, 2))))
    for each in (1, 2):
        stub.serve_result(str(each), single(each, **CALLED))
    run = make_reader().retrieve("48213", complete=True)
    size = sum(len(each.body) for each in run.responses)
    for limit, outcomes in ((size, {Outcome.PASSED}), (size - 1, {Outcome.PASSED, Outcome.UNKNOWN})):
        run = make_reader(max_body_bytes=limit).retrieve("48213", complete=True)
        assert {each.outcome for each in run.results} == outcomes


def test_no_call_returns_a_partly_read_run(make_reader: MakeReader, stub: Stub) -> None:
    serve(stub, listed(*conversations(100)), AWAY)
    with pytest.raises(ServerError) as live:
        make_reader(retries=0).retrieve("48213")
    assert str(live.value.url).endswith("?limit=100&offset=100")
    with pytest.raises(WaitTimeoutError) as caught:
        make_reader(retries=0).wait("48213", timeout=60)
    assert caught.value.run is None


@pytest.mark.parametrize(
    ("is_once", "method", "decision"),
    [(True, "retrieve", "inconclusive"), (True, "wait", "don't ship"), (False, "wait", "inconclusive")],
)
def test_a_repeated_page_never_lets_a_run_pass_the_gate(
    reader: Reader, stub: Stub, is_once: bool, method: str, decision: str
) -> None:
    """A repeated page could be a late response to an earlier request. The first page alone would ship."""
    failed = {"evaluations": [builders.evaluation(goal_success=False)]}
    first = listed(*conversations(100), total_tests=150)
    second = listed(*conversations(50, 101, **failed), total_tests=150)
    serve(stub, first)
    stub.serve("48213", first, second if is_once else first, offset=100)
    run = reader.call(method, "48213", timeout=600)
    assert gate(run).decision == decision
    assert run.missing_count == (0 if decision == "don't ship" else 50)


def test_pages_after_a_page_that_is_no_longer_full_are_dropped(reader: Reader, stub: Stub) -> None:
    """A conversation was deleted between two polls, so the second page is outdated."""
    first = large_run(7, count=150)
    stub.serve("48213", first, first, large_run(count=90))
    assert len(reader.wait("48213").results) == 90
