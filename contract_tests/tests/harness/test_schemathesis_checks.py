"""The rules as schemathesis checks, run by the command of schemathesis over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub

from .schemathesis_cli import DRAWN_KEY, FIXED_KEY, run_schemathesis

KEY = "test-key"
RUN_ID = "48213"
"""The run in the contract's example, which the examples phase of schemathesis requests."""
CONFORMING = [
    each.run_id
    for name, each in SCENARIOS.items()
    if name not in {"reference", "unknown_status", "unknown_fields", "zoneless_times", "large"}
]
"""All scenarios except the reference's placeholders, those with drift, and the slow one."""


HOOKS = {"SCHEMATHESIS_HOOKS": "bluejay_contract.schemathesis_checks", "BLUEJAY_API_KEY": KEY}
EXAMPLES = ("--phases", "examples")
OF_A_RUN = ("--include-operation-id", "retrieve_simulation_results")
"""One operation shows what a check finds; the test of a conforming service uses all operations."""


def _changed(**run: Any) -> Answer:
    document = json.loads(SCENARIOS["settled"].bodies[-1])
    document["simulation_run"] |= run
    return Answer.json(document)


def test_each_rule_is_a_check_that_finds_a_fault_and_can_be_excluded(tmp_path: Path) -> None:
    """The service counts more passed conversations than it has, which every schema allows."""
    left_out = ("--exclude-checks", "bluejay_counters_match_results")
    with Stub(api_key=KEY) as stub:
        stub.serve(RUN_ID, _changed(tests_passed=99))
        ended = run_schemathesis(stub.url, tmp_path, CONFORMING, *EXAMPLES, *left_out, **HOOKS)
    assert ended.returncode == 1
    assert "passed-and-failed-within-total" in ended.stdout
    assert "$.simulation_run.tests_passed" in ended.stdout
    assert "counters-match-results" not in ended.stdout


def test_drift_fails_in_strict_mode(tmp_path: Path) -> None:
    with Stub(api_key=KEY) as stub:
        stub.serve(RUN_ID, _changed(trace="4bf9"))
        strict = HOOKS | {"BLUEJAY_CONTRACT_STRICT": "1"}
        ended = run_schemathesis(stub.url, tmp_path, CONFORMING, *EXAMPLES, **strict)
    assert ended.returncode == 1, ended.stdout


@pytest.mark.parametrize(
    ("phases", "key"), [("examples,coverage", FIXED_KEY), ("fuzzing,stateful", DRAWN_KEY)]
)
def test_a_conforming_service_passes_our_checks_and_those_of_schemathesis(
    phases: str, key: str, tmp_path: Path
) -> None:
    """Some requests have no key, a wrong key or another method. Drift in a run does not fail."""
    options = ("--phases", phases, "--max-examples", "5", "--checks", "all")
    with Stub(api_key=KEY) as stub:
        stub.serve(RUN_ID, _changed(trace="4bf9"))
        ended = run_schemathesis(stub.url, tmp_path, CONFORMING, *options, key=key, **HOOKS)
        keys = {each.key_accepted for each in stub.requests}
    assert ended.returncode == 0, ended.stdout
    assert keys == {True, False}


@pytest.mark.parametrize(
    ("check", "phases", "key"),
    [("missing_required_header", "coverage", FIXED_KEY), ("ignored_auth", "fuzzing", "")],
    ids=["no key needed", "any key accepted"],
)
def test_a_service_that_lets_anybody_in_is_reported(
    check: str, phases: str, key: str, tmp_path: Path
) -> None:
    options = ("--phases", phases, "--max-examples", "5", "--checks", f"bluejay_{check}")
    with Stub(api_key=KEY) as stub:
        for scenario in SCENARIOS.values():
            stub.serve(scenario.run_id, Answer(scenario.bodies[-1], authenticated=False))
        ended = run_schemathesis(stub.url, tmp_path, CONFORMING, *OF_A_RUN, *options, key=key, **HOOKS)
    assert ended.returncode == 1
    assert check.replace("_", "-") in ended.stdout
