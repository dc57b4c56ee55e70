"""A program that the fork server starts behaves like the program that users start."""

import shlex
import signal
import subprocess
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS

from ..cli.command import COMMAND, Command
from ..fork_server import programs


@pytest.mark.parametrize("words", ["show -", "show - --json", "show", "gate run.json --min-pass-rate 99"])
def test_a_forked_program_has_the_output_and_exit_code_of_the_real_program(
    words: str, tmp_path: Path
) -> None:
    body = SCENARIOS["settled"].bodies[-1]
    (tmp_path / "run.json").write_bytes(body)
    ends = [
        Command("", path / COMMAND.name)(*shlex.split(words), stdin=body, cwd=tmp_path)
        for path in (programs(), COMMAND.parent)
    ]
    assert ends[0] == ends[1]


def test_a_program_whose_launcher_is_killed_is_killed_too(tmp_path: Path) -> None:
    """If the program still ran, its output would never end."""
    command = Command("", programs() / COMMAND.name)
    with command.start("show", "-", cwd=tmp_path, stdin=subprocess.PIPE) as started:
        assert started.stdin
        started.send_signal(signal.SIGKILL)
        assert started.wait(300) == -signal.SIGKILL
        assert started.communicate(timeout=300) == (b"", b"")
