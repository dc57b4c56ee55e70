"""A program that the fork server starts behaves like the program that users start."""

import shlex
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
