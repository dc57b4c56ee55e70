"""Which conversations are fetched by id, and when."""

import gc
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import ContractViolationError

from .. import builders
from .answers import CALLED, EMPTY, UNRECORDED, listed
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
def test_a_conversation_is_fetched_by_id_if_its_verdict_or_a_tool_call_is_missing(
    either: Reader, stub: Stub, results: list[dict[str, Any]], read: list[str]
) -> None:
    stub.serve("48213", listed(*(builders.result(id_, **each) for id_, each in enumerate(results, 1))))
    run = either.retrieve("48213")
    assert [str(each.id) for each in run.incomplete] == read
    assert fetched_ids(stub) == []
    run = either.retrieve("48213", complete=True)
    assert sorted(fetched_ids(stub)) == read
    assert run.incomplete == ()


def test_a_conversation_is_not_fetched_if_its_id_is_invalid(either: Reader, stub: Stub) -> None:
    stub.serve("48213", listed(builders.result(**UNRECORDED, id="seven"), builders.result(8, **UNRECORDED)))
    either.retrieve("48213", complete=True, on_violation="collect")
    assert fetched_ids(stub) == ["8"]


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_no_more_conversations_are_fetched_after_a_fatal_error(either: Reader, stub: Stub) -> None:
    stub.serve("48213", listed(*(builders.result(each, **UNRECORDED) for each in range(40))))
    for number in range(40):
        stub.serve_result(str(number), Answer(b"{}"))
    with pytest.raises(ContractViolationError):
        either.retrieve("48213", complete=True)
    gc.collect()  # closes connections that cancelled tasks were opening
    assert len(stub.requests) <= 1 + 8
