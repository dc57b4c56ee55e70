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


def test_each_rule_is_a_check_that_finds_a_fault_and_can_be_excluded(tmp_path: Path) -> None:
    """The service counts more passed conversations than it has, which every schema allows."""
    left_out = "bluejay_passed_and_failed_add_up,bluejay_counters_match_results"
    with Stub(api_key=KEY) as stub:
        stub.serve(RUN_ID, _changed(tests_passed=99))
        ended = run_schemathesis(
            stub.url, tmp_path, CONFORMING, *EXAMPLES, "--exclude-checks", left_out, **HOOKS
        )
    assert ended.returncode == 1
    assert "passed-within-total" in ended.stdout
    assert "$.simulation_run.tests_passed" in ended.stdout
    assert "passed-and-failed-add-up" not in ended.stdout


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


@pytest.mark.parametrize(
    ("check", "options"),
    [
        ("bluejay_missing_required_header", {"phases": "coverage"}),
        ("bluejay_ignored_auth", {"phases": "fuzzing", "mode": "positive", "max-examples": "5"}),
    ],
    ids=["no key needed", "any key accepted"],
)
def test_a_service_that_lets_anybody_in_is_reported(
    open_to_all: Stub, tmp_path: Path, check: str, options: dict[str, str]
) -> None:
    given = [each for name, value in options.items() for each in (f"--{name}", value)]
    key = {} if "coverage" in given else {"key": ""}
    ended = run_schemathesis(
        open_to_all.url, tmp_path, CONFORMING, *OF_A_RUN, *given, "--checks", check, **key, **HOOKS
    )
    assert ended.returncode == 1
    assert check.removeprefix("bluejay_").replace("_", "-") in ended.stdout
