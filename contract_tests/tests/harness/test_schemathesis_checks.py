"""The rules as schemathesis checks, run by the schemathesis command over HTTP."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub

from ..fork_server import programs
from .findings import ALL_RULES

CONTRACT = Path(__file__).parents[3] / "openapi.yaml"
SETTINGS = Path(__file__).with_name("schemathesis.toml").read_text()
ONLY_RESULTS = "--include-operation-id retrieve_simulation_results"
"""One operation is enough for a fault, because the tests with a conforming service use all of them."""
CONFORMING = {
    each.run_id: json.loads(each.bodies[0]).get("simulation_results") or []
    for name, each in SCENARIOS.items()
    if name not in {"reference", "unknown_status", "unknown_fields", "zoneless_times", "large"}
}
"""The results of all scenarios except `reference` (it has placeholders), those with drift, and `large`."""
FIXED, DRAWN = '"test-key"', '{ dictionary = "keys" }'
"""One key for all requests; or a key that the fuzzing phase may leave out."""


def changed(**run: Any) -> dict[str, Answer]:
    """Return the contract's example run with a change; schemathesis requests it in its `examples` phase."""
    document = json.loads(SCENARIOS["settled"].bodies[-1])
    document["simulation_run"] |= run
    return {"48213": Answer.json(document)}


EVERYBODY = {each.run_id: Answer(each.bodies[-1], authenticated=False) for each in SCENARIOS.values()}
DRIFT = changed(trace="4bf9")


@pytest.mark.parametrize(
    ("answers", "options", "key", "rule"),
    [
        (changed(tests_passed=99), "examples --exclude-checks bluejay_counters_match_results", FIXED,
         "passed-and-failed-within-total"),
        (DRIFT, "examples", FIXED, "unknown-field"),
        (EVERYBODY, "fuzzing --checks bluejay_ignored_auth", DRAWN, "ignored-auth"),
        (DRIFT, "examples,coverage --checks all", FIXED, None),
        (DRIFT, "fuzzing,stateful --checks all", DRAWN, None),
    ],
    ids=["a rule, without another", "drift in strict mode", "any key", "no fault", "no fault with any key"],
)  # fmt: skip
def test_schemathesis_finds_exactly_the_faults_of_a_service(
    answers: dict[str, Answer], options: str, key: str, rule: str | None, tmp_path: Path
) -> None:
    results = [str(result["id"]) for each in CONFORMING.values() for result in each[:5]]
    settings = SETTINGS.replace("RUNS", json.dumps([*CONFORMING])).replace("RESULTS", json.dumps(results))
    (tmp_path / "schemathesis.toml").write_text(settings.replace("KEY", key))
    variables = {"SCHEMATHESIS_HOOKS": "bluejay_contract.schemathesis_checks", "BLUEJAY_API_KEY": "test-key"}
    variables |= {"COLUMNS": "120"} | ({"BLUEJAY_CONTRACT_STRICT": "1"} if rule else {})
    with Stub(api_key="test-key") as stub:
        for run_id, answer in answers.items():
            stub.serve(run_id, answer)
        command = [
            str(programs() / "st"),
            "--config-file",
            "schemathesis.toml",
            "run",
            str(CONTRACT),
            "--url",
        ]
        command += [
            stub.url,
            "--seed",
            "1",
            "--max-examples",
            "5",
            "--generation-database",
            "none",
            "--phases",
        ]
        command += [*options.split(), *(ONLY_RESULTS.split() if rule else [])]
        ended = subprocess.run(
            command, cwd=tmp_path, env=os.environ | variables, capture_output=True, text=True, check=False
        )
        keys = {each.key_accepted for each in stub.requests}
    assert ended.returncode == bool(rule), ended.stdout
    names = [each.name for each in ALL_RULES]
    found = [each for each in names if f"{each}\n" in ended.stdout or f"{each}:" in ended.stdout]
    assert found == ([rule] if rule else [])
    assert rule or keys == {True, False}
