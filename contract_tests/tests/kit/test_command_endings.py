"""The help, exit codes and progress of the commands of `contract-kit`, with signals, pipes and terminals."""

import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from ..cli.command import read_all
from .command import ONE, RIGHT, Run, started

pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize("command", ["mutants", "serve", "prove", "shim"])
def test_each_command_has_help(kit: Run, command: str) -> None:
    ended = kit(command, "-h")
    assert ended.code == 0
    assert ended.err == ""
    assert ended.out.split()[:3] == ["Usage:", "contract-kit", command]


def test_the_help_lists_the_exit_codes(kit: Run) -> None:
    said = kit("--help").out.partition("Exit codes:")[2]
    assert [line.split()[0] for line in said.splitlines() if line[2:3].isdigit()] == [
        "0", "1", "2", "3", "4", "130", "141", "143",
    ]  # fmt: skip


def test_the_version_is_the_version_of_the_distribution(kit: Run) -> None:
    assert kit("--version").out == f"contract-kit {version('bluejay-results')}\n"


@pytest.mark.parametrize(
    ("sent", "code", "says"),
    [(signal.SIGINT, 130, "contract-kit: Interrupted.\n"), (signal.SIGTERM, 143, "")],
)
def test_a_signal_during_a_run_ends_the_command_at_once(sent: signal.Signals, code: int, says: str) -> None:
    options = ("--exec", "sh -c 'touch begun; sleep 60'", "--timeout", "60")
    with started("prove", "orders.yaml", *options) as process:
        while not Path("begun").exists():
            assert process.poll() is None
        process.send_signal(sent)
        assert (*process.communicate(), process.returncode) == ("", says, code)


def test_a_pipe_that_is_closed_early_ends_the_command_with_141() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with started("mutants", "orders.yaml", "--jsonl", stdout=writer) as process:
        os.close(writer)
        assert process.communicate()[1] == ""
        assert process.returncode == 141


def test_a_full_disk_prints_one_line() -> None:
    with Path("/dev/full").open("w") as full, started("mutants", "orders.yaml", stdout=full) as process:
        said = process.communicate()[1]
    assert said.count("\n") == 1
    assert process.returncode == 2
    assert "The output can't be written: No space left on device." in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("prove", *RIGHT, *ONE), b"1 mutants, 0 faults"),
        (("mutants", "orders.yaml"), b"operations"),
        (("mutants", "orders.yaml", "--jsonl"), b"Reading orders.yaml"),
    ],
)
def test_a_terminal_gets_a_progress_bar_only_on_stderr(arguments: tuple[str, ...], says: bytes) -> None:
    ours, its = os.openpty()
    with started(*arguments, stderr=its) as process:
        os.close(its)
        out, _ = process.communicate()
    assert says in read_all(ours)
    assert "\x1b" not in out


def test_lines_of_json_on_a_terminal_are_not_mixed_with_a_bar() -> None:
    ours, its = os.openpty()
    with started("mutants", "orders.yaml", "--jsonl", "--sample", "2", stdout=its, stderr=its) as process:
        os.close(its)
        shown = read_all(ours)
        process.wait()
    assert b"\x1b" not in shown


@pytest.mark.parametrize(("raised", "code"), [("KeyboardInterrupt", 130), ("SystemExit", 143)])
def test_a_signal_that_a_library_swallows_is_sent_again(raised: str, code: int) -> None:
    """jsonschema-rs swallows what is raised in a callback, and Ctrl-C is raised wherever Python runs."""
    program = f"""if True:
        import sys, time
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
