"""Lists what the pages and records of a run contain that the contract doesn't allow or doesn't list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve
from bluejay_api.models import SimulationResultsResponse, SingleSimulationResultResponse

from ..errors import Violation
from ..reading.unknown import unknown_fields
from .page import Page, Record, named


def located(pages: Iterable[Page], fetched: Iterable[Record]) -> Iterator[tuple[Violation, int | None]]:
    """Yield each violation with the id of its conversation; the id is None outside of conversations."""
    for page in pages:
        ids = {f"$.simulation_results[{each.place}]": each.response.id for each in page.records}
        for each in page.violations:
            yield page.named(each), ids.get(each.path.partition("]")[0] + "]")
    for record in fetched:
        for each in record.violations:
            path = f"result {record.response.id}: $.simulation_result{each.path[1:]}"
            yield evolve(each, path=path), record.response.id


def unknown(pages: Iterable[Page], fetched: Iterable[Record]) -> dict[str, Any]:
    """Return the values of fields that the contract doesn't list, by JSON path."""
    found = {
        named(page.number, path): value
        for page in pages
        for path, value in unknown_fields(page.exchange.body, SimulationResultsResponse).items()
    }
    for each in fetched:
        fields = unknown_fields(each.exchange.body, SingleSimulationResultResponse)
        found |= {f"result {each.response.id}: {path}": value for path, value in fields.items()}
    return found
