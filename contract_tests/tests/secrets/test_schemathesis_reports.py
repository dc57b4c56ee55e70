"""No schemathesis report contains the key that was used."""

import os
import subprocess
from pathlib import Path

from bluejay_contract.stub import Answer, Stub

from ..fork_server import programs
from .canary import KEY, leaks

CONTRACT = Path(__file__).parents[3] / "openapi.yaml"
FORMATS = ("ndjson", "junit", "har", "vcr", "json", "html")
CONFIGURATION = """
    headers = { "X-API-Key" = "${BLUEJAY_API_KEY}" }

    [dictionaries]
    runs = { values = ["48213", "bad"] }

    [parameters]
    "path.simulation_run_id" = { dictionary = "runs" }
"""


def test_no_schemathesis_report_contains_the_key(stub: Stub, tmp_path: Path) -> None:
    """The service breaks the contract, so that the reports contain requests."""
    stub.reset()  # other tests served responses with the key
    stub.serve("bad", Answer.json({"simulation_run": {"id": 1}}))
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    command = [str(programs() / "st"), "run", str(CONTRACT), "--url", stub.url]
    command += ["--phases", "fuzzing", "--seed", "1", "--max-examples", "1", "--include-method", "GET"]
    command += ["--generation-database", "none", "--report", ",".join(FORMATS), "--report-dir", "reports"]
    settings = os.environ | {"BLUEJAY_API_KEY": KEY}
    done = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, check=False)
    reports = [*(tmp_path / "reports").iterdir()]
    assert {each.name.partition("-")[0] for each in reports} == {*FORMATS}
    files = [each for report in reports for each in [report, *report.rglob("*")] if each.is_file()]
    assert [each for each in files if leaks(each.read_bytes())] == []
    assert leaks(done.stdout + done.stderr) == []
