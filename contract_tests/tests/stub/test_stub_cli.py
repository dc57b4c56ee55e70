"""Starting the stub on the command line, and using it from clients and commands."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from bluejay_contract.stub import SCENARIOS, Stub

from ..cli.command import COMMAND as RESULTS
from ..cli.command import InProcess, check_refused

RUN = InProcess("", RESULTS.with_name("bluejay-contract"))
COMMAND = [sys.executable, "-c", "from bluejay_contract.cli import main; main()", "stub"]


@pytest.fixture
def started(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A stub in its own process, with the test's options."""
    command = [*COMMAND, *getattr(request, "param", [])]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        yield process
        process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_the_stub_command_prints_shell_variables_for_its_url_and_its_key(
    started: subprocess.Popen[str],
) -> None:
    url = first_line(started)
    started.send_signal(signal.SIGINT)
    out, err = started.communicate()
    pasted = f"set -eu\n{err}\necho $BLUEJAY_API_URL $BLUEJAY_API_KEY"
    set_up = subprocess.check_output(["/bin/sh", "-c", pasted], text=True)
    assert (out, set_up, started.returncode) == ("", f"{url} test-key\n", 0)


@pytest.mark.parametrize("started", [["--api-key", "s3cr3t", "--no-pages"]], indirect=True)
def test_the_stub_accepts_the_given_key_and_never_shows_it(started: subprocess.Popen[str]) -> None:
    """If a real key is passed by mistake, it must not appear in a log. Without pages, `limit` is ignored."""
    url = f"{first_line(started)}/v1/retrieve-simulation-results/48233?limit=1"
    response = httpx.get(url, headers={"X-API-Key": "s3cr3t"}, trust_env=False)
    assert response.content == SCENARIOS["paged"].bodies[0]
    started.send_signal(signal.SIGTERM)
    assert "s3cr3t" not in "".join(started.communicate())
    assert started.returncode == 0


def test_a_stub_whose_port_is_in_use_leaves_the_signals_as_they_were(stub: Stub) -> None:
    """`golden/harness` keeps the other invalid options."""
    ended = RUN("stub", "--port", stub.url.rpartition(":")[2])
    check_refused(ended, 2, "--port", "bluejay-contract")
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()


ELSEWHERE = {
    "HTTP_PROXY": "http://127.0.0.1:9",
    "BLUEJAY_API_URL": "http://127.0.0.1:9",
    "BLUEJAY_API_KEY_FILE": "/dev/null",
}


@pytest.fixture
def _settings_for_another_service(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ELSEWHERE.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_settings_for_another_service")
def test_a_stubs_client_does_not_change_the_environment() -> None:
    before = dict(os.environ)
    with Stub(api_key="other-key") as stub, stub.client(retries=0) as client:
        assert client.retrieve("48213").is_settled
    assert dict(os.environ) == before


@pytest.mark.usefixtures("_settings_for_another_service", "bluejay_stub_env")
def test_a_pytest_fixture_makes_the_command_use_the_stub() -> None:
    command = Path(sys.executable).with_name("bluejay-results")
    assert subprocess.run([command, "show", "48213"], capture_output=True, check=False).returncode == 0
