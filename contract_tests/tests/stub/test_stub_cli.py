"""The stub on the command line."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from bluejay_contract import cli
from bluejay_contract.stub import SCENARIOS, Stub

COMMAND = [sys.executable, "-c", "from bluejay_contract.cli import main; main()", "stub"]
STOPS = [signal.SIGINT, signal.SIGTERM]


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


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    """Run the command line in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", ["bluejay-contract", *arguments])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return stopped.value.code


def test_the_first_line_is_the_url_of_a_stub_that_answers(started: subprocess.Popen[str]) -> None:
    url = f"{first_line(started)}/v1/retrieve-simulation-results/48213"
    response = httpx.get(url, headers={"X-API-Key": "test-key"}, trust_env=False)
    assert response.content == SCENARIOS["settled"].bodies[0]


@pytest.mark.parametrize("stop", STOPS)
def test_a_signal_ends_it_with_exit_code_0(started: subprocess.Popen[str], stop: signal.Signals) -> None:
    first_line(started)
    started.send_signal(stop)
    assert started.wait(timeout=30) == 0


@pytest.mark.parametrize("stop", STOPS)
def test_after_the_url_there_is_one_hint_and_nothing_more(
    started: subprocess.Popen[str], stop: signal.Signals
) -> None:
    url = first_line(started)
    started.send_signal(stop)
    settings = f"BLUEJAY_API_URL={url} BLUEJAY_API_KEY=test-key"
    hint = f"To use it: {settings} (Ctrl-C stops it, --list shows its runs)\n"
    assert started.communicate(timeout=30) == ("", hint)


@pytest.mark.parametrize("started", [["--api-key", "other-key"]], indirect=True)
def test_it_accepts_the_key_it_is_given(started: subprocess.Popen[str]) -> None:
    url = f"{first_line(started)}/v1/retrieve-simulation-results/48213"
    response = httpx.get(url, headers={"X-API-Key": "other-key"}, trust_env=False)
    assert response.status_code == 200


@pytest.mark.parametrize("started", [["--api-key", "s3cr3t"]], indirect=True)
def test_it_shows_no_key_but_its_own_test_key(started: subprocess.Popen[str]) -> None:
    """Whoever passes a real key by mistake must not find it in a log."""
    first_line(started)
    started.send_signal(signal.SIGTERM)
    assert "s3cr3t" not in "".join(started.communicate(timeout=30))


def test_list_shows_a_run_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run(monkeypatch, "stub", "--list")
    listed = [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [f"{scenario.run_id}  {scenario.name}" for scenario in SCENARIOS.values()]


def test_list_exits_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not run(monkeypatch, "stub", "--list")


MISUSES = {
    "no command": ([], "Missing command."),
    "unknown command": (["sub"], "No such command 'sub'."),
    "unknown option": (["stub", "--host", "0"], "No such option: --host"),
    "port without a value": (["stub", "--port"], "Option '--port' requires an argument."),
    "port not numeric": (["stub", "--port", "http"], "Invalid value for '--port': 'http' is not a valid int"),
    "port too high": (["stub", "--port", "65536"], "Invalid value for '--port': 65536 is not in the range"),
    "no key": (["stub", "--api-key", ""], "Invalid value for --api-key: a key has visible ASCII characters"),
    "key with a blank": (["stub", "--api-key", "a b"], "Invalid value for --api-key: a key has visible"),
    "port negative": (["stub", "--port", "-1"], "Invalid value for '--port': -1 is not in the range"),
    "argument": (["stub", "48213"], "Got unexpected extra argument(s) (48213)"),
}


@pytest.mark.parametrize(("arguments", "message"), MISUSES.values(), ids=MISUSES)
def test_a_misuse_is_one_line_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    run(monkeypatch, *arguments)
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"bluejay-contract: {message}")


@pytest.mark.parametrize("arguments", [arguments for arguments, _ in MISUSES.values()], ids=MISUSES)
def test_a_misuse_exits_with_2(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    assert run(monkeypatch, *arguments) == 2


@pytest.fixture
def refused() -> subprocess.CompletedProcess[str]:
    """The command, told to listen on a port that is taken."""
    with Stub() as stub:
        command = [*COMMAND, "--port", stub.url.rpartition(":")[2]]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_a_port_in_use_exits_with_2(refused: subprocess.CompletedProcess[str]) -> None:
    assert refused.returncode == 2


def test_a_port_in_use_is_one_line_on_stderr(refused: subprocess.CompletedProcess[str]) -> None:
    [line] = refused.stderr.splitlines()
    assert line.startswith("bluejay-contract: Invalid value for --port: Address already in use")


def test_the_command_line_loads_no_server_before_it_needs_one() -> None:
    script = (
        "import sys, bluejay_contract.cli; print(sys.modules.keys() & {'fastapi', 'uvicorn', 'starlette'})"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert loaded.stdout == "set()\n"
