"""Schemathesis against the stub over HTTP: the server side of the contract."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from bluejay_contract.stub import SCENARIOS, Answer, Stub

CONTRACT = Path(__file__).parents[3] / "openapi.yaml"
DELIBERATE = {"unknown_status", "zoneless_times"}
"""Scenarios that leave the contract on purpose, as upstream does; the client must live with them."""


FIXED_KEY = '"test-key"'
"""Leaves one key to every phase: coverage probes keys of its own, and a wrong one is a 401."""
DRAWN_KEY = '{ dictionary = "keys" }'
"""Lets fuzzing leave the key out as well, which is how it reaches the 422 more than once."""


@frozen
class Outcome:
    """What a run of schemathesis came to."""

    exit_code: int
    output: str
    statuses: set[int]


def _configuration(run_ids: list[str], key: str) -> str:
    """Name known runs: to a run it doesn't know a server says 404, and nothing else gets tested."""
    return f"""
        [dictionaries]
        runs = {{ values = {json.dumps(run_ids)} }}
        keys = {{ values = ["test-key"] }}

        [parameters]
        "path.simulation_run_id" = {{ dictionary = "runs" }}
        "header.X-API-Key" = {key}
    """


def _run(stub: Stub, folder: Path, phases: str, key: str, run_ids: list[str]) -> Outcome:
    configuration, report = folder / "schemathesis.toml", folder / "events.ndjson"
    configuration.write_text(_configuration(run_ids, key))
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration)]
    command += ["run", str(CONTRACT), "--url", stub.url, "--checks", "all", "--phases", phases, "--seed", "1"]
    command += ["--max-examples", "100", "--generation-database", "none"]
    command += ["--report", "ndjson", "--report-ndjson-path", str(report)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    events = [json.loads(line) for line in report.read_text().splitlines()]
    return Outcome(done.returncode, done.stdout + done.stderr, set(_statuses(events)))


def _statuses(node: Any) -> Iterator[int]:
    if isinstance(node, dict):
        if "status_code" in node:
            yield node["status_code"]
        node = node.values()
    if isinstance(node, Iterable) and not isinstance(node, str):
        for child in node:
            yield from _statuses(child)


@pytest.mark.parametrize(
    ("phases", "key"), [("examples,coverage", FIXED_KEY), ("fuzzing,stateful", DRAWN_KEY)]
)
def test_every_conforming_scenario_passes_every_check(tmp_path: Path, phases: str, key: str) -> None:
    """And both documented statuses are really met, and no other but that of a wrong method."""
    run_ids = [scenario.run_id for name, scenario in SCENARIOS.items() if name not in DELIBERATE]
    with Stub() as stub:
        outcome = _run(stub, tmp_path, phases, key, run_ids)
    assert outcome.exit_code == 0, outcome.output
    assert {200, 422} <= outcome.statuses <= {200, 422, 405}


def test_a_body_that_breaks_the_contract_is_found(tmp_path: Path) -> None:
    with Stub() as stub:
        stub.serve("48213", Answer.json({"simulation_run": {"id": 1}}))
        outcome = _run(stub, tmp_path, "fuzzing", FIXED_KEY, ["48213"])
    assert outcome.exit_code == 1
    assert "is not of type" in outcome.output
