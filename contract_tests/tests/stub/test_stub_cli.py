"""The stub on the command line."""

import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from bluejay_contract.stub import SCENARIOS, Stub

from ..cli.command import COMMAND as RESULTS
from ..cli.command import Bad, InProcess

RUN = InProcess("", RESULTS.with_name("bluejay-contract"))
COMMAND = [sys.executable, "-c", "from bluejay_contract.cli import main; main()", "stub"]


@pytest.fixture
def started(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A stub in a process of its own, with the options of the test."""
    command = [*COMMAND, *getattr(request, "param", [])]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        yield process
        process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_command_prints_export_lines_and_exits_with_0_on_a_signal(
    started: subprocess.Popen[str], stop: signal.Signals
) -> None:
    url = first_line(started)
    started.send_signal(stop)
    out, err = started.communicate()
    pasted = f"set -eu\n{err}\necho $BLUEJAY_API_URL $BLUEJAY_API_KEY"
    set_up = subprocess.check_output(["/bin/sh", "-c", pasted], text=True)
    assert out == ""
    assert set_up == f"{url} test-key\n"
    assert started.returncode == 0


@pytest.mark.parametrize("started", [["--api-key", "s3cr3t"]], indirect=True)
def test_the_stub_accepts_the_given_key_and_never_shows_it(started: subprocess.Popen[str]) -> None:
    """A real key that is passed by mistake must not appear in a log."""
    url = f"{first_line(started)}/v1/retrieve-simulation-results/48213"
    response = httpx.get(url, headers={"X-API-Key": "s3cr3t"}, trust_env=False)
    assert response.content == SCENARIOS["settled"].bodies[0]
    started.send_signal(signal.SIGTERM)
    assert "s3cr3t" not in "".join(started.communicate())


@pytest.mark.parametrize(
    ("started", "count"), [([], 1), (["--no-pages"], 250)], indirect=["started"], ids=["pages", "no pages"]
)
def test_the_option_no_pages_makes_the_stub_ignore_limit(started: subprocess.Popen[str], count: int) -> None:
    url = f"{first_line(started)}/v1/retrieve-simulation-results/48233?limit=1"
    response = httpx.get(url, headers={"X-API-Key": "test-key"}, trust_env=False)
    assert len(response.json()["simulation_results"]) == count


def test_the_option_list_shows_one_run_per_line() -> None:
    listed = [line.split(":")[0] for line in RUN("stub", "--list").lines]
    assert listed == [f"{scenario.run_id}  {scenario.name}" for scenario in SCENARIOS.values()]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("sub", "No such command 'sub'."),
        ("stub --port 65536", "Invalid value for '--port': "),
        ("stub --api-key ''", "Invalid value for --api-key: a key has visible ASCII characters"),
        ("stub --api-key 'a b'", "Invalid value for --api-key: a key has visible"),
    ],
)
def test_wrong_usage_prints_one_line_on_stderr_and_exits_with_2(arguments: str, message: str) -> None:
    Bad("", 2, message).check(RUN(*shlex.split(arguments)), "bluejay-contract")


def test_a_port_in_use_prints_one_line_on_stderr_and_exits_with_2(stub: Stub) -> None:
    message = "Invalid value for --port: Address already in use"
    Bad("", 2, message).check(RUN("stub", "--port", stub.url.rpartition(":")[2]), "bluejay-contract")


def test_a_stub_that_cannot_start_leaves_no_signal_blocked(stub: Stub) -> None:
    RUN("stub", "--port", stub.url.rpartition(":")[2])
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()


def test_the_command_line_loads_no_server_before_it_needs_one() -> None:
    script = (
        "import sys, bluejay_contract.cli; print(sys.modules.keys() & {'fastapi', 'uvicorn', 'starlette'})"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert loaded.stdout == "set()\n"
