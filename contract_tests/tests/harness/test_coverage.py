"""How much of the contract the suite's responses reach and violate: all of it, and the count can tell."""

import copy
from typing import Any

import pytest
from bluejay_contract.contract import Contract
from bluejay_contract.coverage import Coverage, coverage
from bluejay_contract.exchange import Exchange, Request
from bluejay_contract.kill_report import coverage_of_the_suite

from .. import builders

CONTRACT = Contract.load()


def _exchange(document: Any, status: int = 200) -> Exchange:
    return Exchange(Request(), status, {}, builders.encoded(document))


def test_the_suite_reaches_and_violates_the_whole_contract() -> None:
    assert coverage_of_the_suite(CONTRACT).missing == []


def test_every_schema_of_the_contract_has_obligations() -> None:
    """A place that the count doesn't know would be missed by nobody."""
    whole = coverage(CONTRACT, []).reachable
    schemas = CONTRACT.document["components"]["schemas"]
    fields = {key for schema in schemas.values() for key in schema.get("properties", {})}
    assert [key for key in fields if not any(f".{key} " in each for each in whole)] == []


@pytest.mark.parametrize(
    ("document", "obligation"),
    [
        (builders.response(status="RUNNING"), "200.simulation_run.status enum RUNNING"),
        (builders.response(summary=None), "200.simulation_run.summary null"),
        (builders.response(), "200.simulation_run without summary"),
        (builders.response(more=1), "200.simulation_run unknown key"),
        (builders.response(builders.result(duration=1.0)), "200.simulation_results[].duration integer"),
        (
            builders.response(
                builders.result(evaluations=[builders.evaluation(sentiment_scores={"a": 0.5})])
            ),
            "200.simulation_results[].evaluations[].sentiment_scores.* number",
        ),
    ],
)
def test_a_valid_value_reaches_its_obligations(document: Any, obligation: str) -> None:
    assert obligation in coverage(CONTRACT, [_exchange(document)]).reached


@pytest.mark.parametrize(
    ("document", "obligation"),
    [
        (builders.response(status="NEVER_LISTED"), "200.simulation_run.status enum"),
        (builders.response(created_at="today"), "200.simulation_run.created_at format"),
        (builders.response(summary=1), "200.simulation_run.summary type"),
        ({"simulation_run": {}}, "200.simulation_run required id"),
    ],
)
def test_an_invalid_value_violates_its_obligation(document: Any, obligation: str) -> None:
    assert obligation in coverage(CONTRACT, [_exchange(document)]).violated


@pytest.mark.parametrize("wrong", ["much", True, [1], {"a": 1}])
def test_a_value_of_a_wrong_type_reaches_nothing(wrong: Any) -> None:
    document = builders.response(
        builders.result(evaluations=[builders.evaluation(agent_speak_percentage=wrong)])
    )
    place = "200.simulation_results[].evaluations[].agent_speak_percentage "
    reached = coverage(CONTRACT, [_exchange(document)]).reached
    assert [each for each in reached if each.startswith(place)] == []


def test_a_status_is_reached_or_violated() -> None:
    found = coverage(CONTRACT, [_exchange({}, 422), _exchange({}, 418)])
    assert ("status 422" in found.reached, "status" in found.violated) == (True, True)


def test_a_new_field_of_the_contract_that_is_never_served_is_listed_as_missing() -> None:
    document = copy.deepcopy(CONTRACT.document)
    document["components"]["schemas"]["Event"]["properties"]["severity"] = {"type": "integer"}
    found = coverage(Contract(document), [_exchange(builders.response())])
    assert "never reached: 200.simulation_results[].events[].severity integer" in found.missing


def test_the_percentage_is_of_all_that_can_be_reached_and_violated() -> None:
    half = Coverage(
        reachable=frozenset("abc"), violable=frozenset("d"), reached=frozenset("ab"), violated=frozenset()
    )
    assert (half.percentage, half.missing) == (50, ["never reached: c", "never violated: d"])
