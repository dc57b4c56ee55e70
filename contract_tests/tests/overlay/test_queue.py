"""Queueing a run: the request is never retried if it might have arrived."""

import json
import uuid
from typing import Any

import pytest
from bluejay_api.models import QueueSimulationRunRequest
from bluejay_contract.stub import Stub
from bluejay_results import (
    BluejayClient,
    ConfigurationError,
    UsageError,
)
from contract_kit.tests.tables import table

from .conftest import Reader


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


@table(
    "run, options, data",
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


def test_queueing_with_a_closed_client_raises_an_error_stating_that_no_run_exists() -> None:
    client = BluejayClient("key")
    client.close()
    with pytest.raises(ConfigurationError) as caught:
        client.queue("7")
    assert not caught.value.run_may_exist
