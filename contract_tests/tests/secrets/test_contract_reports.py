"""No report of `bluejay-contract` contains the key or the signature of a URL."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bluejay_contract.stub import Answer, Stub

from ..cli.command import InProcess
from .canary import KEY, leaks
from .careless import broken, careless

ANSWERS: dict[str, Callable[[], Answer]] = {
    "careless": careless,
    "broken": broken,
    "refused": lambda: Answer.json({"detail": [{"loc": [KEY], "msg": KEY, "type": KEY}]}, status=422),
    "failed": lambda: Answer(KEY.encode(), status=502, headers={"x-key": KEY, "content-type": KEY}),
}


@pytest.fixture(scope="module")
def contract_command(stub: Stub) -> InProcess:
    """`bluejay-contract` with the URL and the key of the stub."""
    for run_id, answer in ANSWERS.items():
        stub.serve(run_id, answer())
    return InProcess(stub.url, Path(sys.executable).with_name("bluejay-contract"))


@pytest.mark.parametrize("run_id", ANSWERS)
@pytest.mark.parametrize("command_line", ["check {} --all", "live {} --json --pause 0"])
def test_a_report_has_no_secret(
    contract_command: InProcess, tmp_path: Path, command_line: str, run_id: str
) -> None:
    arguments, junit = command_line.format(run_id).split(), tmp_path / "junit.xml"
    ended = contract_command(*arguments, "--junit", junit, environment={"BLUEJAY_API_KEY": KEY})
    for written in (ended.out, junit.read_bytes()):
        assert len(written) > 100
        assert leaks(written) == []
    assert leaks(ended.err) == []
