"""`gate --queue`: it checks all options first, queues one run, waits for it and judges it."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import Clock

from .command import CANARY, Bad, Command, InProcess, has_received, queue_requests

PAGE = "https://app.getbluejay.ai/simulations/733"
QUICKLY = ("--poll-interval", "0.05")


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A new stub for each test; its queued runs end soon."""
    with Stub(api_key=CANARY, queued_run_seconds=0.2) as running:
        yield running


@pytest.fixture
def command(stub: Stub) -> InProcess:
    return InProcess(stub.url)


@pytest.mark.parametrize("simulation", ["733", f"{PAGE}/runs/48225"])
def test_a_run_of_the_simulation_is_queued_and_judged(
    command: InProcess, stub: Stub, folder: Path, simulation: str
) -> None:
    ended = command("gate", "--queue", simulation, *QUICKLY, cwd=folder)
    assert ended.code == 0
    assert ended.lines[0].startswith("ship: ")
    assert ended.errors[0] == f"Queued run 48401, 5 conversations: {PAGE}/runs/48401"
    assert queue_requests(stub) == [{"simulation_id": "733"}]


def test_gate_sends_the_options_of_the_command_queue(command: InProcess, stub: Stub, folder: Path) -> None:
    version = "5f0c3f7e-5d0a-4f0e-9b5b-0a8f3f1b2c4d"
    options = ("--digital-human", "57", "--digital-human", "58", "--with", '{"sip_uri": "sip:a"}')
    command("gate", "--queue", "733", *options, "--agent-version", version, *QUICKLY, cwd=folder)
    assert queue_requests(stub) == [
        {
            "simulation_id": "733",
            "digital_human_ids": ["57", "58"],
            "sip_uri": "sip:a",
            "agent_version_id": version,
        }
    ]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("--min-pass-rate 0.8", 2),
        ("--config none.toml", 2),
        ("--junit pyproject.toml/x", 2),
        ("--require p90(latency.p95)<=1500", 2),
        ("--require rate(hallucination)<=5", 2),
        ("--require mean(x)>=1 --require mean(x)>=1", 2),
        ("--config unknown.toml", 2),
        ("--config unitless.toml", 2),
        ('--with {"phone_number":"1","sip_uri":"a"}', 2),
        ("--timeout -1", 2),
    ],
)
def test_every_mistake_is_found_before_a_run_is_queued(
    command: InProcess, stub: Stub, folder: Path, options: str, code: int
) -> None:
    for name, line in (("unknown", "maxvoid = 1"), ("unitless", "require = ['mean(duration) <= 9']")):
        (folder / f"{name}.toml").write_text(f"[tool.bluejay-results.gate]\n{line}\n")
    ended = command("gate", "--queue", "733", *options.split(), cwd=folder)
    assert ended.code == code, ended.err
    assert queue_requests(stub) == []


def test_a_request_that_may_have_queued_a_run_is_not_repeated(
    command: InProcess, stub: Stub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Clock, "sleep", lambda *_: None)
    stub.serve_queue(Answer(b"", 503))
    ended = command("gate", "--queue", "733", "--comment", "gate.md", cwd=folder)
    Bad("", 3, "The run may have been queued anyway").check(ended)
    assert len(stub.requests) == 1
    comment = (folder / "gate.md").read_text()
    assert comment.startswith("<!-- bluejay-results gate 733 -->\n")
    assert "may have been queued" in comment


def test_a_failure_after_the_run_was_queued_names_the_run(
    command: InProcess, stub: Stub, folder: Path
) -> None:
    stub.serve("48401", Answer.json({"detail": "no"}, 403))
    outputs = folder / "outputs"
    ended = command("gate", "--queue", "733", cwd=folder, environment={"GITHUB_OUTPUT": str(outputs)})
    assert ended.code == 3
    assert "run-id=48401\n" in outputs.read_text()


@pytest.mark.parametrize(
    ("method", "says"),
    [("POST", "A run may have been queued: look at"), ("GET", "Run 48401 is queued. To judge it: bluejay-")],
)
def test_an_interrupted_gate_says_whether_a_run_was_queued(
    stub: Stub, folder: Path, method: str, says: str
) -> None:
    stub.serve("48401", Answer(delay=60))
    if method == "POST":
        stub.serve_queue(Answer(delay=60))
    outputs = folder / "outputs"
    ended = Command(stub.url).stopped(
        signal.SIGTERM,
        lambda: has_received(stub, method),
        *("gate", "--queue", "733"),
        cwd=folder,
        environment={"GITHUB_OUTPUT": str(outputs)},
    )
    assert ended.code == 143
    assert says in ended.err
    assert outputs.read_text().startswith("decision=failed\n")
