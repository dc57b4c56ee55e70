"""The webhook deliveries that a stub sends. webhooks/test_examples.py tests each fault."""

import json
from datetime import datetime

import httpx
import pytest
from bluejay_contract.stub import Stub


def test_a_queued_run_is_delivered_as_complete_even_if_no_request_has_read_it(
    stub: Stub, api: httpx.Client
) -> None:
    """Another stub receives the deliveries. It doesn't serve their path, but it records each request."""
    queued = api.post("queue-simulation-run", json={"simulation_id": "740"}).json()
    with Stub() as receiver:
        assert set(stub.deliver(f"{receiver.url}/", "secret", queued["simulation_run_id"])) == {404}
        events = [json.loads(each.body) for each in receiver.requests]
    evaluated = [each for each in events if each["type"] == "simulation_result_evaluated"]
    assert [str(each["id"]) for each in evaluated] == queued["simulation_result_ids"]
    for each in evaluated:
        start, end = (datetime.fromisoformat(each[name]) for name in ("start_time", "end_time"))
        assert (each["status"], each["duration"]) == ("COMPLETED", (end - start).total_seconds() // 1)


A, B = {"type": "a"}, {"type": "b"}


@pytest.mark.parametrize(
    ("fault", "events", "body"),
    [
        ("none", ["a", "b"], b'{"type": "a"}'),
        ("twice", ["a", "a", "b", "b"], b'{"type": "a"}'),
        ("out of order", ["b", "a"], b'{"type": "b"}'),
        ("forged", ["a", "b"], b'{"type": "a"}'),
        ("cut", ["a", "b"], b'{"type'),
    ],
)
def test_a_fault_changes_the_order_number_or_body_of_deliveries(
    stub: Stub, fault: str, events: list[str], body: bytes
) -> None:
    """webhooks/test_examples.py tests the signatures."""
    with Stub() as receiver:
        stub.deliver(f"{receiver.url}/", "secret", events=[A, B], fault=fault)
        received = receiver.requests
    assert [each.headers["x-bluejay-event"] for each in received] == events
    assert len({each.headers["x-bluejay-delivery"] for each in received}) == 2
    assert received[0].body == body


def test_the_stub_refuses_to_deliver_a_webhook_with_an_unknown_fault(stub: Stub) -> None:
    with pytest.raises(ValueError, match="late"):
        stub.deliver("http://127.0.0.1:9/", "secret", "48213", fault="late")
