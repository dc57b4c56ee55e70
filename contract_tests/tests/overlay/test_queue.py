"""Queueing a run, by either client: what is sent, and that it is never sent twice."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    BluejayError,
    ConnectionFailedError,
    ContractViolationError,
    RateLimitError,
    RunNotFoundError,
    UsageError,
)

from .. import builders
from .conftest import ManualClock, Reader

MakeReader = Callable[..., Reader]
QUEUED = {"simulation_run_id": "r", "simulation_result_ids": ["1", "2"], "agent_id": "7"}


def _bodies(stub: Stub) -> list[Any]:
    return [json.loads(each.body) for each in stub.requests if each.operation == "queue_simulation_run"]


def test_a_queued_run_has_its_ids_as_strings(reader: Reader, bluejay_stub: Stub) -> None:
    bluejay_stub.serve_queue(Answer.json(QUEUED))
    queued = reader.queue("731")
    assert (queued.run_id, queued.result_ids, queued.agent_id) == ("r", ("1", "2"), "7")
    assert json.loads(queued.raw) == QUEUED
    assert queued.app_url == "https://app.getbluejay.ai/simulations/731/runs/r"


def test_every_option_is_sent_as_the_contract_names_it_and_those_left_out_are_not(
    reader: Reader, bluejay_stub: Stub
) -> None:
    prompt = uuid.uuid4()
    options = {
        "digital_human_ids": ["55", 56],
        "prompt_id": prompt,
        "knowledge_base_id": str(prompt),
        "phone_number": "+49301234",
        "livekit_agent_name": "a",
        "livekit_metadata": {"a": None},
        "pipecat_agent_name": "b",
        "pipecat_agent_configuration": {},
        "pipecat_room_properties": {"c": [1.5]},
    }
    reader.queue("731", **options)
    reader.queue("731", sip_uri="sip:a@b")
    sent = {"digital_human_ids": ["55", "56"], "prompt_id": str(prompt)}
    assert _bodies(bluejay_stub) == [
        {"simulation_id": "731"} | options | sent,
        {"simulation_id": "731", "sip_uri": "sip:a@b"},
    ]


@pytest.mark.parametrize(
    ("simulation_id", "options", "message"),
    [
        ("", {}, "The simulation id '' can't name a simulation."),
        (731, {}, "The simulation id must be a string, got int."),
        ("7\n", {}, "The simulation id has a control character at position 2: '7\\n'."),
        ("xtest-key", {}, "The simulation id holds the API key; were the two mixed up?"),
        ("7", {"phone_number": "1", "sip_uri": "sip:a"}, "phone_number and sip_uri can't be combined. "),
        ("7", {"phone_number": ""}, "phone_number is empty. Give a value or leave it out."),
        ("7", {"digital_human_ids": []}, "digital_human_ids is empty. Give a value or leave it out."),
        ("7", {"digital_human_ids": ["5", ""]}, "digital_human_ids is empty. Give a value or leave it out."),
        ("7", {"digital_human_ids": [1.5]}, "digital_human_ids[0]: Expected `str`, got `float`."),
        ("7", {"digital_human_ids": "55"}, "digital_human_ids: Expected `array | null`, got `str`."),
        ("7", {"prompt_id": "55"}, "prompt_id: Invalid UUID."),
        ("7", {"livekit_metadata": [1]}, "livekit_metadata: Expected `object | null`, got `array`."),
        ("7", {"livekit_metadata": {"a": float("nan")}}, "The run can't be queued like this: "),
        ("7", {"livekit_metadata": {"a": object()}}, "The run can't be queued like this: "),
    ],
)
def test_what_can_not_be_sent_is_refused_by_name_before_any_request(
    reader: Reader, bluejay_stub: Stub, simulation_id: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        reader.queue(simulation_id, **options)
    assert str(caught.value).startswith(message)
    assert bluejay_stub.requests == []


@pytest.mark.parametrize(
    ("answer", "may_exist", "requests"),
    [
        (Answer(status=429), False, 4),
        (Answer(status=503), True, 1),
        (Answer(status=500), True, 1),
        (Answer(status=520), True, 1),
        (Answer(b"{}"), True, 1),
        (Answer(status=202), True, 1),
        (Answer(status=401), False, 1),
        (Answer(status=404), False, 1),
        (Answer(status=422), False, 1),
        *((Answer(status=status), False, 1) for status in (301, 302, 400, 407, 409)),
        *((Answer(status=status), True, 1) for status in (303, 307, 308, 408)),
        (Answer(b" " * 300_000), True, 1),
    ],
)
def test_it_is_sent_again_only_after_429_and_the_error_says_whether_the_run_may_exist(
    make_reader: MakeReader, bluejay_stub: Stub, answer: Answer, may_exist: bool, requests: int
) -> None:
    bluejay_stub.serve_queue(answer)
    with pytest.raises(BluejayError) as caught:
        make_reader(max_body_bytes=200_000).queue("731")
    assert len(bluejay_stub.requests) == requests
    assert caught.value.run_may_exist is may_exist
    assert ("look at https://app.getbluejay.ai before you queue it again" in str(caught.value)) is may_exist


def test_after_a_429_it_is_queued_once_the_service_is_ready(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve_queue(Answer(status=429, headers={"retry-after": "5"}), Answer.json(QUEUED))
    assert (reader.queue("731").run_id, clock.slept) == ("r", [5])


def test_where_no_connection_is_made_it_is_tried_again_and_does_not_exist(
    make_reader: MakeReader, closed: str, clock: ManualClock
) -> None:
    with pytest.raises(ConnectionFailedError) as caught:
        make_reader(base_url=closed, retries=2).queue("731")
    assert (caught.value.was_sent, caught.value.run_may_exist, len(clock.slept)) == (False, False, 2)


def test_a_run_that_was_queued_may_be_unknown_for_60_s_and_no_longer(
    reader: Reader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    bluejay_stub.serve_queue(Answer.json(QUEUED | {"simulation_result_ids": []}))
    queued = reader.queue("731")
    settled = Answer.json(builders.response(builders.result()))
    bluejay_stub.serve("r", *[Answer(status=404)] * 6, settled)
    assert reader.wait(queued).is_settled
    clock.slept.clear()
    bluejay_stub.serve("r", *[Answer(status=404)] * 7, settled)
    with pytest.raises(RunNotFoundError):
        reader.wait(queued)
    assert sum(clock.slept) == 60
    bluejay_stub.serve("r", Answer(status=404), settled)
    with pytest.raises(RunNotFoundError):
        reader.wait("r")
    assert sum(clock.slept) == 60


def test_a_wait_for_a_queued_run_takes_it_through_its_whole_life(
    make_reader: MakeReader, bluejay_stub: Stub, clock: ManualClock
) -> None:
    clock.stub = bluejay_stub
    reader = make_reader()
    run = reader.wait(reader.queue("731", digital_human_ids=[101, 101, 102]), poll_interval=0.2)
    assert len(run.results) == 3
    assert {each.recorded_calls > 0 for each in run.results} == {True}


def test_a_violation_keeps_the_bytes_of_the_answer(reader: Reader, bluejay_stub: Stub) -> None:
    bluejay_stub.serve_queue(Answer(b'{"simulation_run_id": 7}'))
    with pytest.raises(ContractViolationError, match="simulation_run_id") as caught:
        reader.queue("731")
    assert caught.value.body == b'{"simulation_run_id": 7}'


def test_a_429_that_stays_is_a_rate_limit(make_reader: MakeReader, bluejay_stub: Stub) -> None:
    bluejay_stub.serve_queue(Answer(status=429))
    with pytest.raises(RateLimitError):
        make_reader(retries=0).queue("731")
