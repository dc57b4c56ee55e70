"""A body that there is no memory for is one line, in either command."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from .command import COMMAND, Command

MIB = 1 << 20


@pytest.mark.parametrize(("program", "name"), [("bluejay-results", "show"), ("bluejay-contract", "check")])
def test_too_little_memory_is_one_line_that_names_the_limit(tmp_path: Path, program: str, name: str) -> None:
    body = tmp_path / "body.json"
    with body.open("wb") as file:
        file.truncate(250 * MIB)  # of zeros that take no room on the disk
    run = Command("http://127.0.0.1:9", COMMAND.with_name(program))
    ended = run(name, body, "--max-bytes", "999999999", preexec_fn=_with_little_memory)
    assert (ended.code, ended.out) == (2, b"")
    [line] = ended.errors
    assert line.startswith(f"{program}: There is too little memory for this body.")
    assert "--max-bytes" in line


def _with_little_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (400 * MIB, 400 * MIB))
