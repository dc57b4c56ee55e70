"""Encoding a model as a request body: every value is checked, and only JSON is sent."""

import json
from typing import Any
from uuid import UUID

import pytest
from bluejay_api.api.simulation_runs import queue_simulation_run
from bluejay_api.models import QueueSimulationRunRequest as Body
from contract_kit.tests.tables import table

PROMPT = "5f0b6e0a-8f0f-4d3c-9a53-6a4a8a0f5c11"


def _sent(body: Body) -> dict[str, Any]:
    return queue_simulation_run.build_request(base_url="http://stub", x_api_key="test-key", body=body)


def test_every_field_that_is_not_none_is_sent_unchanged() -> None:
    assert _sent(Body("731"))["content"] == b'{"simulation_id": "731"}'
    body = Body("731", prompt_id=UUID(PROMPT), digital_human_ids=[], livekit_metadata={"a": None, "b": [1.5]})
    sent = _sent(body)
    assert json.loads(sent["content"]) == {
        "simulation_id": "731",
        "prompt_id": PROMPT,
        "digital_human_ids": [],
        "livekit_metadata": {"a": None, "b": [1.5]},
    }
    assert (sent["method"], sent["headers"]["Content-Type"]) == ("POST", "application/json")


@table(
    "fields, says",
    [
        ({"simulation_id": 731}, r"Expected `str`, got `int` - at `\$.simulation_id`"),
        ({"simulation_id": None}, "missing required field `simulation_id`"),
        ({"prompt_id": "5f0b"}, r"at `\$.prompt_id`"),
        ({"digital_human_ids": ["55", 56]}, r"Expected `str`, got `int` - at `\$.digital_human_ids\[1\]`"),
        ({"livekit_metadata": [1]}, r"at `\$.livekit_metadata`"),
        ({"livekit_metadata": {"score": float("nan")}}, "Out of range float"),
        ({"phone_number": "\ud83d"}, "surrogates not allowed"),
    ],
)
def test_a_value_that_the_contract_or_json_forbids_is_refused(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        _sent(Body(**({"simulation_id": "731"} | fields)))
