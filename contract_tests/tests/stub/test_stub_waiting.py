"""Delays of answers, and recordings of a client that waits. `golden/harness` keeps what the stub sends."""

import time
from pathlib import Path

import httpx
import pytest
from bluejay_contract.operations import QUEUE
from bluejay_contract.stub import SCENARIOS, Answer, Stub, webhooks
from bluejay_results.json_output import to_json
from contract_kit.tests.tables import table


@table("authenticated", [True, False])
def test_an_answer_is_sent_after_its_delay(stub: Stub, client: httpx.Client, authenticated: bool) -> None:
    late = Answer(b"late", delay=60, authenticated=authenticated)
    stub.serve("run-1", late, Answer.json("in time", delay=0.01))
    seen = len(stub.requests)
    with pytest.raises(httpx.ReadTimeout):
        client.get("run-1", timeout=0.1)
    while len(stub.requests) == seen:
        time.sleep(0.01)
    assert client.get("run-1").content == b'"in time"'


def test_a_receiver_that_does_not_answer_in_time_has_no_status(
    stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "_TIMEOUT", 0.05)
    with Stub() as receiver:
        receiver.serve_queue(Answer(delay=0.2, authenticated=False))
        assert stub.deliver(f"{receiver.url}{QUEUE.path}", "secret", events=[{"type": "a"}]) == [None]


@table("name", ["advancing", "late_tools", "gaps"])
def test_a_client_reads_the_run_that_was_recorded(stub: Stub, tmp_path: Path, name: str) -> None:
    with stub.client() as client:
        recorded = client.wait(SCENARIOS[name].run_id, poll_interval=0.01, tool_call_grace=0.1)
        recorded.save(tmp_path / f"{name}.har")
        stub.reset()
        again = client.wait(
            stub.serve_recording(tmp_path / f"{name}.har"), poll_interval=0.01, tool_call_grace=0.1
        )
    assert to_json(again) == to_json(recorded)
    stub.reset()
