"""What commands print about runs of the stub, word for word: `outputs.txt`, which `make findings` writes."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from bluejay_contract.stub import Stub

from .command import CANARY, InProcess

TEXT = Path(__file__).with_name("outputs.txt")
CASES = [case.split("\n", 1) for case in TEXT.read_text().split("\n\n$ ")]
"""Each command line, and what it prints."""


def printed(command: InProcess, line: str) -> str:
    """Return the output and the exit code of a command, without its progress, which is on stderr."""
    ended = command(*shlex.split(line.removeprefix("$ "))[1:])
    text = f"{ended.out.decode()}exit code {ended.code}"
    return "\n".join(each or "." for each in text.splitlines())  # an empty line separates the cases


@pytest.mark.parametrize(("line", "expected"), CASES, ids=[line for line, _ in CASES])
def test_a_command_prints_the_expected_text(command: InProcess, line: str, expected: str) -> None:
    assert printed(command, line) == expected.rstrip("\n")


def _written(command: InProcess) -> Iterator[str]:
    for line, _ in CASES:
        yield f"$ {line.removeprefix('$ ')}\n{printed(command, line)}"


if __name__ == "__main__":
    with Stub(api_key=CANARY) as stub:
        TEXT.write_text("\n\n".join(_written(InProcess(stub.url))) + "\n")
