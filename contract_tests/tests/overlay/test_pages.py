"""Reading a run whose conversations are split into pages."""

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    Outcome,
    ResponseTooLargeError,
)
from bluejay_results.gate import gate

from .. import builders
from .answers import CALLED, UNRECORDED, conversations, listed, single
from .conftest import MakeReader, Reader


def serve(stub: Stub, *answers: Answer) -> None:
    """Serve these pages of run 48213, starting with the first page."""
    for number, each in enumerate(answers):
        stub.serve("48213", each, offset=100 * number)


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
