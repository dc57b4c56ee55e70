"""The comparison of a decoded model with its document finds each kind of difference."""

from typing import Any

import pytest
from bluejay_api.decoding import decode
from bluejay_api.models import SimulationResultsResponse
from bluejay_contract.contract import Contract

from .. import builders
from .comparison import Comparison, compare

SENT = {"total_tests": 1, "created_at": "2026-11-19T21:34:00.25+05:30"}
DOCUMENT = builders.response(builders.result(result={"a": [1]}, events=[]), trace=[1], **SENT) | {
    "odd key": 2
}


def _compared(**bent: Any) -> Comparison:
    """Decode a document, change these fields in its run or first result, and compare."""
    model: Any = decode(builders.encoded(DOCUMENT), SimulationResultsResponse)
    for name, value in bent.items():
        of_the_run = hasattr(model.simulation_run, name)
        setattr(model.simulation_run if of_the_run else model.simulation_results[0], name, value)
    return compare(Contract.load(), model, DOCUMENT)


def test_an_unknown_field_in_a_document_does_not_count_as_a_difference() -> None:
    found = _compared()
    assert found.differences == []
    assert found.unknown == {"$.simulation_run.trace": [1], "$['odd key']": 2}


@pytest.mark.parametrize(
    ("name", "decoded"),
    [
        ("total_tests", True),
        ("total_tests", "1"),
        ("total_tests", None),
        ("total_tests", 1.5),
        ("created_at", SENT["created_at"]),
        ("created_at", None),
        ("result", {"a": [True]}),
        ("result", {"a": [1, 2]}),
        ("result", {"a": [1], "b": 1}),
        ("result", None),
        ("events", ()),
        ("events", [1]),
        ("summary", "x"),
    ],
)
def test_a_changed_value_is_listed_as_a_difference_with_its_fields_path(name: str, decoded: Any) -> None:
    holder = "simulation_results[0]" if name in {"result", "events"} else "simulation_run"
    [difference] = _compared(**{name: decoded}).differences
    assert difference.startswith(f"$.{holder}.{name}: ")
