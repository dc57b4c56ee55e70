"""Runs the schemathesis command against a server, with our contract and with ids that exist."""

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from bluejay_contract.stub import SCENARIOS

from ..fork_server import programs

CONTRACT = Path(__file__).parents[3] / "openapi.yaml"
FIXED_KEY = '"header.X-API-Key" = "test-key"'
"""Sets one key for all phases. Without it, the coverage phase would try other keys, which get a 401."""
DRAWN_KEY = '"header.X-API-Key" = { dictionary = "keys" }'
"""Lets the fuzzing phase also omit the key, which gets a 422 from the service."""


def run_schemathesis(
    url: str, folder: Path, run_ids: Iterable[str], *options: str, key: str = FIXED_KEY, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run schemathesis with known ids, because any other id only gets a 404."""
    runs = list(run_ids)
    (folder / "schemathesis.toml").write_text(
        f"""
        [dictionaries]
        runs = {{ values = {json.dumps(runs)} }}
        results = {{ values = {json.dumps(_result_ids(runs))} }}
        simulations = {{ values = ["731", "733", "734", "735", "736", "737", "738"] }}
        keys = {{ values = ["test-key"] }}
        versions = {{ values = ["00000000-0000-0000-0000-000000000001"] }}
        counts = {{ values = [1, 3] }}

        [parameters]
        "path.simulation_run_id" = {{ dictionary = "runs" }}
        "path.test_result_id" = {{ dictionary = "results" }}
        "path.simulation_id" = {{ dictionary = "simulations" }}
        # The service refuses two different ids with a 400, which the contract doesn't document.
        "body.prompt_id" = {{ dictionary = "versions", probability = 1.0 }}
        "body.agent_version_id" = {{ dictionary = "versions", probability = 1.0 }}
        # The stub refuses more than 100 conversations per caller; the contract documents no maximum.
        "body.runs_per_digital_human" = {{ dictionary = "counts", probability = 1.0 }}
        {key}
        """
    )
    command = [str(programs() / "st"), "--config-file", "schemathesis.toml", "run"]
    command += [str(CONTRACT), "--url", url, "--seed", "1", *options]
    command += ["--max-examples", "5", "--generation-database", "none"]
    variables = os.environ | {"COLUMNS": "120"} | environment
    return subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, timeout=120, check=False
    )


def _result_ids(run_ids: list[str]) -> list[str]:
    """For each run, the ids of at most five results in the run's first response."""
    first = (json.loads(each.bodies[0]) for each in SCENARIOS.values() if each.run_id in run_ids)
    return [str(result["id"]) for each in first for result in (each.get("simulation_results") or ())[:5]]
