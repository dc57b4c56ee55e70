"""No `bluejay-contract` report contains the key or a URL signature."""

from pathlib import Path

from bluejay_contract.stub import Answer, Stub
from contract_kit.tests.tables import table

from ..cli.command import COMMAND, InProcess
from .canary import KEY, SIGNED_URL, leaks
from .echoing import broken, echo, echoing_run

_RUN = echoing_run("48214", is_settled=False)
ANSWERS = {
    "valid": echo(_RUN),
    "broken": echo(broken(_RUN) | {"simulation_run": {"id": "KEY", "total_tests": "KEY", "URL": "KEY"}}),
    "refused": echo({"detail": [{"loc": ["KEY"], "msg": "KEY at URL", "type": "KEY"}]}, 422),
    "failed": Answer(f"{KEY} {SIGNED_URL}".encode(), 502, {"x-key": KEY, "content-type": KEY}),
}


@table("line", ["check 48214 --all", "live 48214 --json --pause 0"])
def test_no_bluejay_contract_report_contains_a_secret(stub: Stub, tmp_path: Path, line: str) -> None:
    command, junit = InProcess(stub.url, COMMAND.with_name("bluejay-contract")), tmp_path / "junit.xml"
    for answer in ANSWERS.values():
        stub.reset()
        stub.serve("48214", answer)
        ended = command(*line.split(), "--junit", junit, environment={"BLUEJAY_API_KEY": KEY})
        for written in (ended.out, junit.read_bytes()):
            assert len(written) > 100
            assert leaks(written) == []
        assert leaks(ended.err) == []
