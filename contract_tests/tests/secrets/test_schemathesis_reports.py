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


def _reports(stub: Stub, folder: Path, formats: tuple[str, ...], *options: str) -> dict[str, bytes]:
    """Run schemathesis against a service that breaks the contract; return its output and its reports."""
    stub.reset()  # other tests served responses with the key
    stub.serve("bad", Answer.json({"simulation_run": {"id": 1}}))
    (folder / "schemathesis.toml").write_text(CONFIGURATION)
    command = [str(programs() / "st"), "run", str(CONTRACT), "--url", stub.url, *options]
    command += ["--phases", "fuzzing", "--seed", "1", "--max-examples", "1", "--include-method", "GET"]
    command += ["--generation-database", "none", "--report", ",".join(formats), "--report-dir", "reports"]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"BLUEJAY_API_KEY": KEY}, capture_output=True, check=False
    )
    written = {"output": done.stdout + done.stderr}
    for path in sorted((folder / "reports").iterdir()):
        pages = sorted(path.rglob("*.*")) if path.is_dir() else [path]
        written[path.name.partition("-")[0]] = b"".join(page.read_bytes() for page in pages)
    return written


def test_no_schemathesis_report_contains_the_key(stub: Stub, tmp_path: Path) -> None:
    reports = _reports(stub, tmp_path, FORMATS)
    assert reports.keys() == {*FORMATS, "output"}
    assert [name for name, report in reports.items() if leaks(report)] == []


def test_an_unsanitized_schemathesis_report_contains_the_key(stub: Stub, tmp_path: Path) -> None:
    assert leaks(_reports(stub, tmp_path, ("har",), "--output-sanitize", "false")["har"]) != []
