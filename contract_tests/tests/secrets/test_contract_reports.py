"""No `bluejay-contract` report contains the key or a URL signature."""

import sys
from pathlib import Path

import pytest
from bluejay_contract.stub import Answer, Stub

from ..cli.command import InProcess
from .canary import KEY, leaks
from .careless import broken, careless, refused

ANSWERS = {
    "careless": careless(),
    "broken": broken(),
    "refused": refused(),
    "failed": Answer(KEY.encode(), status=502, headers={"x-key": KEY, "content-type": KEY}),
}


@pytest.mark.parametrize("run_id", ANSWERS)
@pytest.mark.parametrize("command_line", ["check {} --all", "live {} --json --pause 0"])
def test_no_bluejay_contract_report_contains_a_secret(
    stub: Stub, tmp_path: Path, command_line: str, run_id: str
) -> None:
    stub.serve(run_id, ANSWERS[run_id])
    arguments, junit = command_line.format(run_id).split(), tmp_path / "junit.xml"
    command = InProcess(stub.url, Path(sys.executable).with_name("bluejay-contract"))
    ended = command(*arguments, "--junit", junit, environment={"BLUEJAY_API_KEY": KEY})
    for written in (ended.out, junit.read_bytes()):
        assert len(written) > 100
        assert leaks(written) == []
    assert leaks(ended.err) == []
