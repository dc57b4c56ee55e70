"""The rules as schemathesis checks, run by the schemathesis command over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub

from .findings import ALL_RULES
from .schemathesis_cli import DRAWN_KEY, FIXED_KEY, run_schemathesis

KEY = "test-key"
CONFORMING = [
    each.run_id
    for name, each in SCENARIOS.items()
    if name not in {"reference", "unknown_status", "unknown_fields", "zoneless_times", "large"}
]
"""All scenarios except `reference` (it has placeholders), those with drift, and `large` (it is slow)."""
HOOKS = {"SCHEMATHESIS_HOOKS": "bluejay_contract.schemathesis_checks", "BLUEJAY_API_KEY": KEY}


def _changed(**run: Any) -> dict[str, Answer]:
    """The contract's example run with a change; schemathesis requests it in its `examples` phase."""
    document = json.loads(SCENARIOS["settled"].bodies[-1])
    document["simulation_run"] |= run
    return {"48213": Answer.json(document)}


EVERYBODY = {each.run_id: Answer(each.bodies[-1], authenticated=False) for each in SCENARIOS.values()}
MORE_PASSED = "--exclude-checks bluejay_counters_match_results"


@pytest.mark.parametrize(
    ("answers", "phase", "options", "key", "rule"),
    [
        (_changed(tests_passed=99), "examples", MORE_PASSED, FIXED_KEY, "passed-and-failed-within-total"),
        (_changed(trace="4bf9"), "examples", "", FIXED_KEY, "unknown-field"),
        (
            EVERYBODY,
            "coverage",
            "--checks bluejay_missing_required_header",
            FIXED_KEY,
            "missing-required-header",
        ),
        (EVERYBODY, "fuzzing", "--checks bluejay_ignored_auth", "", "ignored-auth"),
    ],
    ids=["a rule, without another", "drift in strict mode", "no key needed", "any key accepted"],
)
def test_each_rule_is_a_schemathesis_check_that_finds_a_fault(
    answers: dict[str, Answer], phase: str, options: str, key: str, rule: str, tmp_path: Path
) -> None:
    """One operation is enough here, because the test with a conforming service uses all of them."""
    chosen = ["--include-operation-id", "retrieve_simulation_results", "--phases", phase, *options.split()]
    strict = HOOKS | {"BLUEJAY_CONTRACT_STRICT": "1"}
    with Stub(api_key=KEY) as stub:
        for run_id, answer in answers.items():
            stub.serve(run_id, answer)
        ended = run_schemathesis(stub.url, tmp_path, CONFORMING, *chosen, key=key, **strict)
    assert ended.returncode == 1, ended.stdout
    names = [each.name for each in ALL_RULES]
    assert [each for each in names if f"{each}\n" in ended.stdout or f"{each}:" in ended.stdout] == [rule]


@pytest.mark.parametrize(
    ("phases", "key"), [("examples,coverage", FIXED_KEY), ("fuzzing,stateful", DRAWN_KEY)]
)
def test_a_conforming_service_passes_our_checks_and_those_of_schemathesis(
    phases: str, key: str, tmp_path: Path
) -> None:
    """Some requests have no key, a wrong key or another method. Drift in a run must not be a failure."""
    options = ("--phases", phases, "--checks", "all")
    with Stub(api_key=KEY) as stub:
        stub.serve("48213", _changed(trace="4bf9")["48213"])
        ended = run_schemathesis(stub.url, tmp_path, CONFORMING, *options, key=key, **HOOKS)
        keys = {each.key_accepted for each in stub.requests}
    assert ended.returncode == 0, ended.stdout
    assert keys == {True, False}
