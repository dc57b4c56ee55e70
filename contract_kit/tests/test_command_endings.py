"""How `contract-kit` processes end, and how they show progress, with signals, pipes and terminals."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from .command import Run, read_all, started
from .fakes import is_gone

pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize(("sent", "code", "lines"), [(signal.SIGINT, 130, 1), (signal.SIGTERM, 143, 0)])
def test_a_signal_during_a_run_ends_the_command_immediately(
    sent: signal.Signals, code: int, lines: int
) -> None:
    options = ("--exec", "sh -c 'touch begun; sleep 60'", "--timeout", "60")
    with started("test", "orders.yaml", *options) as process:
        while not Path("begun").exists():
            assert process.poll() is None
        process.send_signal(sent)
        out, err = process.communicate()
    assert (process.returncode, out, err.count("\n")) == (code, "", lines)


@pytest.mark.parametrize("way", ["--client", "--worker", "--exec"])
def test_no_process_of_a_client_remains_after_the_command_is_killed(way: str) -> None:
    Path("client.py").write_text("""\
import os, subprocess
def call(*_):
    child = subprocess.Popen(["sleep", "300"])
    with open("new", "w") as file: file.write(f"{child.pid}")
    os.rename("new", "child")
    child.wait()
""")
    calls = f"{sys.executable} -c 'import client; client.call()'"
    worker = shlex.join(["sh", "-c", f"""echo '{{"ready": true}}'; read request; {calls}"""])
    client = {"--client": "client:call", "--worker": worker, "--exec": calls}[way]
    with started("test", "orders.yaml", way, client, "--timeout", "60") as process:
        while not Path("child").exists():
            assert process.poll() is None
        process.kill()
    assert is_gone(int(Path("child").read_text()))


def test_the_exit_code_is_141_if_a_pipe_is_closed_early() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with started("mutants", "orders.yaml", "--jsonl", stdout=writer) as process:
        os.close(writer)
        assert process.communicate()[1] == ""
        assert process.returncode == 141


def test_a_single_mutant_is_written_by_its_id(kit: Run) -> None:
    listed = kit("mutants", "orders.yaml", "--jsonl").out.splitlines(keepends=True)
    assert kit("mutants", "orders.yaml", "--id", json.loads(listed[3])["id"]).out == listed[3]
    ended = kit("mutants", "orders.yaml", "--id", "getOrder:200:missing")
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert "getOrder:200:missing" in ended.err


def test_one_line_is_printed_if_the_disk_is_full() -> None:
    with Path("/dev/full").open("w") as full, started("mutants", "orders.yaml", stdout=full) as process:
        said = process.communicate()[1]
    assert said.count("\n") == 1
    assert process.returncode == 2
    assert "No space left on device" in said


def test_a_terminal_gets_a_progress_bar_only_on_stderr() -> None:
    for output in ("out", None):
        ours, its = os.openpty()
        options = ("--jsonl", "--sample", "2")
        with ExitStack() as stack:
            stdout = stack.enter_context(Path(output).open("w")) if output else its
            stack.enter_context(started("mutants", "orders.yaml", *options, stdout=stdout, stderr=its))
            os.close(its)
            assert (b"\x1b" in read_all(ours)) is bool(output)
    assert "\x1b" not in Path("out").read_text()


def test_progress_lines_are_printed_if_stderr_is_not_a_terminal(
    kit: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contract_kit.terminal._SECONDS_PER_LINE", 0)
    ended = kit("mutants", "orders.yaml", "--sample", "2")
    assert [line.split()[0] for line in ended.err.splitlines()] == ["1", "2"]


@pytest.mark.parametrize(("raised", "code"), [("KeyboardInterrupt", 130), ("SystemExit", 143)])
def test_a_signal_is_resent_if_a_library_swallows_its_exception(raised: str, code: int) -> None:
    """Ctrl-C can raise an exception in a jsonschema-rs callback, where the exception is swallowed."""
    program = f"""if True:
        import time
        from contract_kit.cli import main, program
        class Swallowed:
            def __del__(self):
                raise {raised}
        def run():
            Swallowed()
            time.sleep(60)
        program._run = run
        main()
    """
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == code


@pytest.fixture
def serving() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the `serve` command. Yield its process, and the URL that it prints first."""
    with started("serve", "orders.yaml") as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()


def test_the_server_prints_how_to_fetch_a_mutant(
    serving: tuple[subprocess.Popen[str], str],
) -> None:
    process, url = serving
    assert process.stderr is not None
    assert "Contract-Kit-Mutant" in process.stderr.readline()
    example = process.stderr.readline().split()[-1]
    assert example.startswith(f"{url}/mutant/")
    with urlopen(example) as response:  # noqa: S310 - of loopback
        assert response.status == 200
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130


def test_the_request_in_a_json_line_fetches_the_mutant_in_the_same_line(
    serving: tuple[subprocess.Popen[str], str], kit: Run
) -> None:
    listed = map(json.loads, kit("mutants", "orders.yaml", "--jsonl").out.splitlines())
    mutants = [each for each in listed if each.get("group") == "required"]
    assert {each["operation"] for each in mutants} == {"getOrder", "createOrder"}
    for each in mutants:
        request, headers = each["request"], each["request"]["headers"] | {"Contract-Kit-Mutant": each["key"]}
        body = request["body"] and request["body"].encode()
        url = serving[1] + request["path"]
        asked = Request(url, body, headers, method=request["method"])  # noqa: S310 - on loopback
        with urlopen(asked) as response:  # noqa: S310 - of loopback
            assert (response.status, response.read().decode()) == (each["status"], each["body"])
