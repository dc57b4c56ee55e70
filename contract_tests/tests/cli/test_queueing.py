"""Runs that `queue` and `gate --queue` start, once each, and several runs that one gate judges."""

import json
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub, run
from contract_kit.tests.tables import table

from .command import CANARY, Command, Ended, InProcess, has_received

BOTH = ("--queue", "731", "--queue", "733", "--poll-interval", "0.05", "--timeout", "60")
GATE = ("gate", "--queue", "731", "--poll-interval", "0.05")


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A separate stub for each test, because the tests count requests."""
    with Stub(api_key=CANARY) as running:
        yield running


def queue_requests(stub: Stub) -> list[Any]:
    """The bodies of all requests to queue a run."""
    return [json.loads(each.body) for each in stub.requests if each.method == "POST"]


def _with_a_violation() -> Answer:
    """A run of simulation 731 whose valid parts can be read."""
    body = run(id="48100", simulation_id="731", passed=1)
    body["simulation_run"]["tests_passed"] = "one"
    return Answer.json(body)


def decisions(ended: Ended) -> dict[str, Any]:
    """The decision on each run in a JSON verdict; None for a run that could not be read."""
    document = json.loads(ended.out)
    found = {each["run"]["id"]: each["decision"] for each in document["runs"]}
    return found | {each["run_id"]: None for each in document["failures"]}


def test_every_run_is_queued_once_before_the_first_is_awaited(command: InProcess, stub: Stub) -> None:
    ended = command("gate", *BOTH, "--json")
    assert (ended.code, decisions(ended)) == (0, {"48401": "ship", "48402": "ship"})
    assert [each["simulation_id"] for each in queue_requests(stub)] == ["731", "733"]
    assert [each.method for each in stub.requests[:2]] == ["POST", "POST"]


@pytest.mark.usefixtures("clock")
def test_the_other_runs_are_checked_if_one_cannot_be_queued(command: InProcess, stub: Stub) -> None:
    stub.serve_queue(
        Answer(b"", 503),
        Answer.json({"simulation_run_id": "48225", "simulation_result_ids": [], "agent_id": "1"}),
    )
    ended = command("gate", *BOTH, "--json")
    assert (ended.code, decisions(ended)) == (3, {"48225": "ship", "": None})
    assert "might have been queued" in ended.err
    assert len(queue_requests(stub)) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_message_after_an_interruption_lists_every_queued_run(
    process: Command, stub: Stub, number: signal.Signals
) -> None:
    for id_, simulation in (("48401", "731"), ("48402", "733")):
        stub.serve(id_, Answer.json(run(id=id_, simulation_id=simulation, passed=1, under_way=1)))
    ended = process.stopped(number, partial(has_received, stub, "GET"), "gate", *BOTH)
    assert ended.code == 128 + number
    assert [each for each in ended.errors if "bluejay-results gate 48401 48402" in each]


@table("answer, code", [(Answer(b"", 404), 3), (Answer(b"{}"), 5), (_with_a_violation(), 5)])
def test_no_run_is_queued_if_the_base_run_cannot_be_used(
    command: InProcess, stub: Stub, answer: Answer, code: int
) -> None:
    stub.serve("48100", answer)
    assert command("gate", "--queue", "731", "--base", "48100").code == code
    assert queue_requests(stub) == []


@pytest.mark.usefixtures("clock")
@table(
    "answer, code",
    [
        (Answer(b"", 503), 3),
        (Answer.json({"simulation_run_id": "a\nb", "simulation_result_ids": [], "agent_id": "1"}), 5),
    ],
)
def test_the_gate_does_not_retry_a_request_that_might_have_queued_a_run(
    command: InProcess, stub: Stub, answer: Answer, code: int
) -> None:
    """No shell could use the id in the second response."""
    stub.serve_queue(answer)
    before = len(stub.requests)
    assert command(*GATE).code == code
    assert len(stub.requests) == before + 1


def test_the_outputs_contain_the_run_id_if_the_gate_fails(
    command: InProcess, stub: Stub, folder: Path
) -> None:
    """Otherwise, nobody could find the run that was queued."""
    stub.serve("48401", Answer.json({"detail": "no"}, 403))
    settings = {"GITHUB_OUTPUT": str(folder / "outputs")}
    assert command(*GATE, "--comment", "gate.md", cwd=folder, environment=settings).code == 3
    assert "run-id=48401\n" in (folder / "outputs").read_text()
    assert (folder / "gate.md").read_text().startswith("<!-- bluejay-results gate gate -->\n")


def test_the_message_names_the_app_if_a_signal_stops_the_gate_while_queueing(
    process: Command, stub: Stub, folder: Path
) -> None:
    stub.serve_queue(Answer(delay=60))
    settings = {"GITHUB_OUTPUT": str(folder / "outputs")}
    is_sent = partial(has_received, stub, "POST")
    ended = process.stopped(signal.SIGTERM, is_sent, *GATE, cwd=folder, environment=settings)
    assert (ended.code, ended.out) == (143, b"")
    assert "app.getbluejay.ai" in ended.errors[-1]
    assert (folder / "outputs").read_text().startswith("decision=failed\n")
