"""Queueing a run: the request is never retried if it might have arrived."""

import json
import uuid
from contextlib import nullcontext
from typing import Any

import pytest
from bluejay_api.models import QueueSimulationRunRequest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    BluejayClient,
    BluejayError,
    ConfigurationError,
    ConnectionFailedError,
    RunNotFoundError,
    UsageError,
)

from .. import builders
from .answers import QUEUED, listed
from .conftest import MakeReader, ManualClock, Reader


def test_a_queued_runs_ids_are_strings(either: Reader, stub: Stub) -> None:
    stub.serve_queue(Answer.json(QUEUED))
    queued = either.queue("731")
    assert (queued.run_id, queued.result_ids, queued.agent_id) == ("48213", ("1", "2"), "7")
    assert json.loads(queued.raw) == QUEUED
    assert queued.app_url == "https://app.getbluejay.ai/simulations/731/runs/48213"


def test_a_queue_request_contains_all_fields_of_the_request_and_all_arguments(
    reader: Reader, stub: Stub
) -> None:
    prompt, version = uuid.uuid4(), uuid.uuid4()
    fields: dict[str, Any] = {
        "phone_number": "+49301234",
        "livekit_agent_name": "a",
        "livekit_metadata": {"a": None},
        "pipecat_agent_name": "b",
        "pipecat_agent_configuration": {},
        "pipecat_room_properties": {"c": [1.5]},
    }
    ids: dict[str, Any] = {"prompt_id": prompt, "knowledge_base_id": version}
    request = QueueSimulationRunRequest("731", **fields, **ids)
    reader.queue(request, digital_human_ids=["55", 56], agent_version_id=str(prompt).upper())
    reader.queue("731", agent_version_id=version)
    sent = {"prompt_id": str(prompt), "knowledge_base_id": str(version), "agent_version_id": str(prompt)}
    assert [json.loads(each.body) for each in stub.requests] == [
        {"simulation_id": "731", "digital_human_ids": ["55", "56"]} | fields | sent,
        {"simulation_id": "731", "agent_version_id": str(version)},
    ]
    assert request == QueueSimulationRunRequest("731", **fields, **ids)


ID = uuid.UUID(int=1)


def _request(**fields: Any) -> QueueSimulationRunRequest:
    return QueueSimulationRunRequest("7", **fields)


@pytest.mark.parametrize(
    ("run", "options", "data"),
    [
        ("", {}, "simulation id"),
        (
            _request(digital_human_ids=["5"]),
            {"digital_human_ids": ["5"]},
            "digital_human_ids was passed twice",
        ),
        (_request(agent_version_id=ID), {"agent_version_id": ID}, "agent_version_id was passed twice"),
        ("7", {"digital_human_ids": []}, "digital_human_ids is empty"),
        ("7", {"digital_human_ids": ["5", ""]}, "digital_human_ids is empty"),
        ("7", {"digital_human_ids": [1.5]}, "digital_human_ids[0]: Expected `str`, got `float`"),
        ("7", {"digital_human_ids": "55"}, "digital_human_ids must be a list of ids, got str"),
        (_request(phone_number="1", sip_uri="sip:a"), {}, "phone_number and sip_uri"),
        (_request(phone_number=""), {}, "phone_number is empty"),
        (_request(prompt_id="55"), {}, "prompt_id: Invalid UUID"),
    ],
)
def test_an_invalid_queue_argument_is_named_in_the_error_and_nothing_is_sent(
    reader: Reader, stub: Stub, run: Any, options: dict[str, Any], data: str
) -> None:
    with pytest.raises(UsageError) as caught:
        reader.queue(run, **options)
    assert data in str(caught.value)
    assert stub.requests == []


@pytest.mark.parametrize(
    ("answer", "may_exist", "requests"),
    [
        (Answer(status=429), False, 4),
        (Answer(b"{}"), True, 1),
        *((Answer(status=status), False, 1) for status in (300, 301, 302, 400, 401, 404, 407, 409, 422)),
        *((Answer(status=status), True, 1) for status in (202, 303, 307, 308, 408, 500, 503, 520)),
        (Answer(b" " * 300_000), True, 1),
        (Answer.json(QUEUED | {"simulation_run_id": "1 --har=x"}), True, 1),
    ],
)
def test_a_failed_queue_requests_error_states_whether_a_run_might_exist(
    make_either: MakeReader, stub: Stub, answer: Answer, may_exist: bool, requests: int
) -> None:
    stub.serve_queue(answer)
    with pytest.raises(BluejayError) as caught:
        make_either(max_body_bytes=200_000).queue("731")
    assert len(stub.requests) == requests
    assert caught.value.run_may_exist is may_exist
    assert ("https://app.getbluejay.ai" in str(caught.value)) is may_exist


NOT_FOUND = pytest.raises(RunNotFoundError)


def test_a_queue_request_is_retried_if_no_connection_was_made(
    make_either: MakeReader, closed: str, clock: ManualClock
) -> None:
    with pytest.raises(ConnectionFailedError) as caught:
        make_either(base_url=closed, retries=2).queue("731")
    assert not caught.value.was_sent
    assert not caught.value.run_may_exist
    assert len(clock.slept) == 2


@pytest.mark.parametrize(
    ("is_queued", "answers", "error", "slept"),
    [(True, 6, nullcontext(), 60), (True, 7, NOT_FOUND, 60), (False, 1, NOT_FOUND, 0)],
)
def test_a_404_does_not_end_a_wait_in_the_first_60_seconds_after_queueing(
    reader: Reader, stub: Stub, clock: ManualClock, is_queued: bool, answers: int, error: Any, slept: float
) -> None:
    stub.serve_queue(Answer.json(QUEUED | {"simulation_result_ids": []}))
    run = reader.queue("731") if is_queued else "48213"
    stub.serve("48213", *[Answer(status=404)] * answers, listed(builders.result()))
    with error:
        reader.wait(run)
    assert sum(clock.slept) == slept


def test_queueing_with_a_closed_client_raises_an_error_stating_that_no_run_exists() -> None:
    client = BluejayClient("key")
    client.close()
    with pytest.raises(ConfigurationError) as caught:
        client.queue("7")
    assert not caught.value.run_may_exist
