"""The commands `queue` and `gate --queue`: the single request that they send, their output and exit codes."""

import json
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub

from .command import CANARY, Command, InProcess, broken_pipe, has_received

APP = "https://app.getbluejay.ai/simulations/731/runs/48401"
UUID = "5f0c3f7e-5d0a-4f0e-9b5b-0a8f3f1b2c4d"
OTHERS: dict[str, Any] = {
    "knowledge_base_id": UUID,
    "sip_uri": "sip:a@b.example",
    "livekit_metadata": {"tenant": "blau\u00fc"},
    "pipecat_agent_configuration": {},
    "pipecat_room_properties": {"a": [1]},
}


def queue_requests(stub: Stub) -> list[Any]:
    """The bodies of all requests to queue a run."""
    return [json.loads(each.body) for each in stub.requests if each.method == "POST"]


QUEUE, GATE = ("queue", "731"), ("gate", "--queue", "731", "--poll-interval", "0.05")


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A new stub for each test; its queued runs end soon."""
    with Stub(api_key=CANARY, queued_run_seconds=0.2) as running:
        yield running


def test_stdout_contains_only_the_id_of_the_queued_run(process: Command, stub: Stub) -> None:
    """A simulation's URL in the app is accepted like its id."""
    ended = process("queue", f"{APP}?tab=calls")
    assert (ended.code, ended.out, len(ended.errors)) == (0, b"48401\n", 1)
    assert queue_requests(stub) == [{"simulation_id": "731"}]


@pytest.mark.parametrize("line", [QUEUE, GATE], ids=["queue", "gate"])
def test_the_queue_request_contains_every_field_that_is_set_by_an_option(
    command: Command, stub: Stub, folder: Path, line: tuple[str, ...]
) -> None:
    humans = [f"--digital-human={id_}" for id_ in ("57", "58", "57")]
    options = (*humans, "--agent-version", UUID, "--with", json.dumps(OTHERS))
    assert command(*line, *options, cwd=folder).code == 0
    own = {"simulation_id": "731", "digital_human_ids": ["57", "58", "57"], "agent_version_id": UUID}
    assert queue_requests(stub) == [own | OTHERS]


def test_the_json_option_writes_the_documented_fields(command: Command) -> None:
    assert json.loads(command(*QUEUE, "--json").out) == {
        "format": "bluejay-results/queued",
        "version": 2,
        "run_id": "48401",
        "simulation_id": "731",
        "agent_id": "17",
        "result_ids": [f"48401000{number}" for number in range(1, 6)],
        "app_url": APP,
    }


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(b"", 503), 3),
        (Answer(b'{"simulation_run_id": "a\\nb", "simulation_result_ids": [], "agent_id": "1"}'), 5),
    ],
    ids=["503", "an id that a shell can't use"],
)
def test_the_gate_does_not_retry_a_request_that_might_have_queued_a_run(
    command: Command, stub: Stub, folder: Path, answer: Answer, code: int
) -> None:
    stub.serve_queue(answer)
    ended = command(*GATE, cwd=folder)
    assert ended.code == code
    assert len(stub.requests) == 1


def test_the_outputs_contain_the_run_id_if_the_gate_fails(
    command: InProcess, stub: Stub, folder: Path
) -> None:
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


def test_the_queued_run_is_named_on_stderr_if_stdout_is_a_closed_pipe(process: Command) -> None:
    with broken_pipe() as ours:
        ended = process(*QUEUE, stdout=ours)
    [line] = ended.errors
    assert ended.code == 141
    assert APP in line
