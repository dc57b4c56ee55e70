"""Which conversations are fetched by id, and when."""

import gc
import json
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import ContractViolationError

from .. import builders
from .answers import CALLED, EMPTY, UNRECORDED, conversations, listed, single
from .conftest import Reader

pytestmark = pytest.mark.usefixtures("one_time")


def fetched_ids(stub: Stub) -> list[str]:
    return [each.resource_id for each in stub.requests if each.operation == "retrieve_simulation_result"]


@pytest.mark.parametrize(
    ("results", "read"),
    [
        ([UNRECORDED, CALLED], ["1"]),
        ([CALLED, EMPTY, {"tool_calls": None}], ["2", "3"]),
        ([EMPTY, EMPTY], []),
        ([CALLED | {"digital_human_id": 5}, EMPTY | {"digital_human_id": 6}], ["2"]),
        ([{"evaluations": []}, {"evaluations": [builders.evaluation(goal_success=None)]}], ["1", "2"]),
        ([CALLED, {"tool_calls": [builders.tool_calls("a"), builders.tool_calls(actual=0)]}], ["2"]),
        ([CALLED, UNRECORDED | {"status": "NO_ANSWER"}, EMPTY | {"status": "CANCELLED"}], []),
        ([CALLED, UNRECORDED | {"status": "EVALUATING"}], []),
        ([CALLED, EMPTY | {"status": "CALL_DROPPED"}], ["2"]),
    ],
    ids=[
        "no call recorded", "none to call, others have some", "none to call in the run",
        "another caller", "no verdict", "one of two tools not called", "never connected", "under way",
        "cut off",
    ],
)  # fmt: skip
def test_conversations_that_may_lack_a_verdict_or_calls_are_fetched_if_asked(
    reader: Reader, stub: Stub, results: list[dict[str, Any]], read: list[str]
) -> None:
    stub.serve("48213", listed(*(builders.result(id_, **each) for id_, each in enumerate(results, 1))))
    run = reader.retrieve("48213")
    assert [str(each.id) for each in run.incomplete] == read
    assert fetched_ids(stub) == []
    run = reader.retrieve("48213", complete=True)
    assert sorted(fetched_ids(stub)) == read
    assert run.incomplete == ()


def test_a_run_has_its_responses_in_the_order_of_their_arrival(reader: Reader, stub: Stub) -> None:
    """The first page is read again after the fetch."""
    others = conversations(101, first=2, **CALLED)
    stub.serve("48213", *(listed(builders.result(1, **each), *others) for each in (UNRECORDED, CALLED)))
    stub.serve_result("1", fetched := single(1, **UNRECORDED))
    sent = [listed(*others[99:]), fetched, listed(builders.result(1, **CALLED), *others[:99])]
    responses = reader.wait("48213").responses
    assert [each.url.rpartition("/")[2] for each in responses] == [
        "48213?limit=100&offset=100",
        "1",
        "48213?limit=100&offset=0",
    ]
    assert [json.loads(each.body) for each in responses] == [json.loads(each.body) for each in sent]


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_after_a_fatal_error_no_more_conversations_are_fetched(either: Reader, stub: Stub) -> None:
    stub.serve("48213", listed(*(builders.result(each, **UNRECORDED) for each in range(40))))
    for number in range(40):
        stub.serve_result(str(number), Answer(b"{}"))
    with pytest.raises(ContractViolationError):
        either.retrieve("48213", complete=True)
    gc.collect()  # closes the connections of tasks that were cancelled while they connected
    assert len(stub.requests) <= 1 + 8
