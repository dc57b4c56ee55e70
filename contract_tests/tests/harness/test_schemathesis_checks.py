"""The rules as schemathesis checks, run by the command of schemathesis over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub

from ..conformance.schemathesis_cli import run_schemathesis

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


@pytest.fixture(scope="module")
def stub_with_a_fault() -> Iterator[Stub]:
    """A service whose run counts more passed conversations than it has, which every schema allows."""
    with Stub(api_key=KEY) as stub:
        stub.serve(RUN_ID, _changed(tests_passed=99))
        yield stub


def test_our_checks_find_fields_that_contradict_each_other(stub_with_a_fault: Stub, tmp_path: Path) -> None:
    ended = run_schemathesis(stub_with_a_fault.url, tmp_path, CONFORMING, *EXAMPLES, **HOOKS)
    assert ended.returncode == 1
    assert "suspicious passed-within-total: tests_passed must not exceed total_tests." in ended.stdout
    assert "$.simulation_run.tests_passed: expected at most total_tests, 15, received 99" in ended.stdout


def test_each_rule_is_a_check_that_can_be_excluded(stub_with_a_fault: Stub, tmp_path: Path) -> None:
    left_out = "bluejay_passed_within_total,bluejay_passed_and_failed_add_up,bluejay_counters_match_results"
    ended = run_schemathesis(
        stub_with_a_fault.url, tmp_path, CONFORMING, *EXAMPLES, "--exclude-checks", left_out, **HOOKS
    )
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize(("strict", "exit_code"), [("", 0), ("1", 1)])
def test_drift_fails_only_in_strict_mode(strict: str, exit_code: int, tmp_path: Path) -> None:
    with Stub(api_key=KEY) as stub:
        stub.serve(RUN_ID, _changed(trace="4bf9"))
        ended = run_schemathesis(
            stub.url, tmp_path, CONFORMING, *EXAMPLES, BLUEJAY_CONTRACT_STRICT=strict, **HOOKS
        )
    assert ended.returncode == exit_code, ended.stdout


def test_a_conforming_service_passes(tmp_path: Path) -> None:
    """Some of the requests have no key, a wrong key or another method."""
    options = ("--phases", "coverage,fuzzing", "--max-examples", "12", "--checks", "all")
    with Stub(api_key=KEY) as stub:
        ended = run_schemathesis(stub.url, tmp_path, CONFORMING, *options, **HOOKS)
        methods = {each.method for each in stub.requests}
        keys = {each.key_accepted for each in stub.requests}
    assert ended.returncode == 0, ended.stdout
    assert len(methods) > 1
    assert keys == {True, False}


@pytest.fixture(scope="module")
def open_to_all() -> Iterator[Stub]:
    with Stub(api_key=KEY) as stub:
        for scenario in SCENARIOS.values():
            if scenario.run_id in CONFORMING:
                stub.serve(scenario.run_id, Answer(scenario.bodies[-1], authenticated=False))
        yield stub


def test_a_service_that_requires_no_key_is_reported(open_to_all: Stub, tmp_path: Path) -> None:
    options = (*OF_A_RUN, "--phases", "coverage", "--checks", "bluejay_missing_required_header")
    ended = run_schemathesis(open_to_all.url, tmp_path, CONFORMING, *options, **HOOKS)
    assert ended.returncode == 1
    assert "violation missing-required-header: A request without an API key must get a 422." in ended.stdout


def test_a_service_that_accepts_any_key_is_reported(open_to_all: Stub, tmp_path: Path) -> None:
    options = (*OF_A_RUN, "--phases", "fuzzing", "--mode", "positive", "--max-examples", "5")
    ended = run_schemathesis(
        open_to_all.url, tmp_path, CONFORMING, *options, "--checks", "bluejay_ignored_auth", key="", **HOOKS
    )
    assert ended.returncode == 1
    assert "status: expected an error, because the key is wrong, received 200" in ended.stdout
