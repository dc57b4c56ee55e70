"""The comparison of a model with its document finds every way in which a decoder could change a value."""

from typing import Any

import attrs
import pytest
from bluejay_api.decoding import decode
from bluejay_api.models import SimulationResultsResponse
from bluejay_contract.contract import Contract

from .. import builders
from .comparison import compare

CONTRACT = Contract.load()


def _differences(document: Any, **bent: Any) -> list[str]:
    """Decode a document, set fields of its run and of its first result to other values, and compare."""
    model: Any = decode(builders.encoded(document), SimulationResultsResponse)
    for name, value in bent.items():
        of_the_run = hasattr(model.simulation_run, name)
        setattr(model.simulation_run if of_the_run else model.simulation_results[0], name, value)
    return compare(CONTRACT, model, document).differences


@pytest.mark.parametrize(
    ("sent", "decoded"),
    [
        ({"total_tests": 1}, True),
        ({"total_tests": 0}, False),
        ({"total_tests": 1}, "1"),
        ({"total_tests": None}, 0),
        ({"summary": ""}, None),
        ({"total_tests": 2}, 2.5),
        ({"created_at": "2026-11-19T16:04:00Z"}, "2026-11-19T16:04:00Z"),
        ({"created_at": "2026-11-19T21:34:00.25+05:30"}, None),
        ({"created_at": "2026-11-19T10:34:00.25-05:30"}, None),
    ],
)
def test_another_value_in_a_field_is_a_difference(sent: dict[str, Any], decoded: Any) -> None:
    (name,) = sent
    document = builders.response(builders.result(), **sent)
    said = f"$.simulation_run.{name}: {sent[name]!r} became {decoded!r}"
    assert _differences(document) == []
    assert _differences(document, **{name: decoded}) == [said]


@pytest.mark.parametrize("decoded", [{"a": [True]}, {"a": [1, 2]}, {"a": []}, {}, {"a": [1], "b": 1}, None])
def test_another_value_in_a_free_form_object_is_a_difference(decoded: Any) -> None:
    document = builders.response(builders.result(result={"a": [1]}))
    assert _differences(document) == []
    said = f"$.simulation_results[0].result: {{'a': [1]}} became {decoded!r}"
    assert _differences(document, result=decoded) == [said]


@pytest.mark.parametrize("decoded", [None, (), [1]])
def test_a_list_with_other_items_is_a_difference(decoded: Any) -> None:
    document = builders.response(builders.result(events=[]))
    assert _differences(document, events=decoded) == [
        f"$.simulation_results[0].events: [] became {decoded!r}"
    ]


def test_values_of_unknown_fields_are_listed_by_path() -> None:
    document = builders.response(trace=[1]) | {"odd key": 2}
    model = decode(builders.encoded(document), SimulationResultsResponse)
    assert compare(CONTRACT, model, document).unknown == {"$.simulation_run.trace": [1], "$['odd key']": 2}


def test_a_field_that_was_absent_and_has_a_value_is_a_difference() -> None:
    assert _differences(builders.response(), summary="x") == ["$.simulation_run.summary: absent became 'x'"]
    document = builders.response(builders.result(evaluations=[builders.evaluation(latency={})]))
    model: Any = decode(builders.encoded(document), SimulationResultsResponse)
    latency = attrs.evolve(model.simulation_results[0].evaluations[0].latency, p50_agent_latency=False)
    model.simulation_results[0].evaluations[0].latency = latency
    path = "$.simulation_results[0].evaluations[0].latency.p50_agent_latency"
    assert compare(CONTRACT, model, document).differences == [f"{path}: absent became False"]
