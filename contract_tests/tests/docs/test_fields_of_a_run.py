"""docs/offline-tests.md lists each field that the stub's function `run` can change."""

import re
from pathlib import Path

import pytest
from bluejay_contract.stub import run

PAGE = Path(__file__).parents[3] / "docs" / "offline-tests.md"
ROW = re.compile(r"^\| (?P<what>[^|]+?)(?:: [^|]*)? \| (?P<fields>`[^|]+) \|$", re.MULTILINE)
DOCUMENTED = {row["what"]: re.findall(r"`(\w+)`", row["fields"]) for row in ROW.finditer(PAGE.read_text())}
SCORED = run(passed=1)
[RESULT] = SCORED["simulation_results"]
[EVALUATION] = RESULT["evaluations"]


def accepted(conversation: dict[str, object]) -> list[str]:
    """The field names that `run` lists in its error message about an unknown name in this conversation."""
    with pytest.raises(TypeError) as refused:
        run(passed=[conversation])
    return str(refused.value).rpartition(" are ")[2].split(", ")


def test_the_documented_run_fields_are_those_of_a_built_run() -> None:
    assert DOCUMENTED["the run"] == list(SCORED["simulation_run"])


def test_the_documented_conversation_fields_are_those_that_run_accepts() -> None:
    assert DOCUMENTED["a conversation"] == accepted({"nothing": 1})


def test_the_documented_evaluation_fields_are_those_that_run_accepts() -> None:
    documented = DOCUMENTED["its evaluation"] + DOCUMENTED["a review of its evaluation"]
    assert documented == accepted({"evaluation": {"nothing": 1}})


def test_the_documented_latencies_are_those_of_an_evaluation() -> None:
    names = {each.removesuffix("_agent_latency") for each in EVALUATION["latency"]}
    assert {*DOCUMENTED["its latencies"]} == names


def test_the_documented_answers_are_those_that_can_be_corrected_besides_metrics() -> None:
    metrics = [each["name"] for each in EVALUATION["custom_metrics"]]
    assert DOCUMENTED["the judge's answers"] + metrics == accepted({"corrected_from": {"nothing": 1}})
