"""Changes to a valid document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from attrs import evolve, frozen
from bluejay_contract.operations import RESULT, Operation
from contract_kit.read.paths import Path, at, json_path, replaced

from .case import Case, encoded, sound


@frozen
class Change:
    """New values for an object's fields, or for a list's items. The rule must find the first new value.

    Attributes:
        place: The path of the object or list.
        values: The new values, or functions of the document that return them, by field or index.
        also: Another change, which is made first.
        found_at: The path at which the rule must find the change; empty for the path of the first new value.
    """

    place: Path
    values: Mapping[Any, Any]
    also: Change | None = None
    found_at: Path = ()

    def with_(self, other: Change) -> Change:
        return evolve(self, also=other)

    def found(self, *path: str | int) -> Change:
        return evolve(self, found_at=path)

    def made(self, document: Any, operation: str) -> Any:
        """Return the changed document.

        Raises:
            LookupError: The document lacks the object, or one of the fields.
        """
        if self.also:
            document = self.also.made(document, operation)
        at(document, _of(operation, self.place))
        for name, value in self.values.items():
            new = value(document) if callable(value) else value
            document = replaced(document, _of(operation, (*self.place, name)), new)
        return document

    def path(self, operation: str) -> str:
        """Return the JSON path at which the rule must find the change."""
        first = (*self.place, next(iter(self.values), ""))
        return json_path(_of(operation, self.found_at or first))


Changes: TypeAlias = Mapping[str, Change]
"""Changes by `rule:name`, which is the rule that must find the change and the change's own name."""

ITEM = ("simulation_results", 0)
EVALUATION = (*ITEM, "evaluations", 0)


def changed(changes: Changes, operation: Operation, *, is_kept: bool = False) -> Iterator[Case]:
    """Yield a case for each change, unless the operation's response lacks the part to change."""
    before = sound(operation)
    for name, change in changes.items():
        try:
            body = encoded(change.made(before, operation))
        except LookupError:
            continue
        yield Case(name, operation, body, "" if is_kept else change.path(operation))


def _of(operation: str, path: Path) -> Path:
    """Return the path in this operation's response; a run's first result is the result fetched by id."""
    is_first = operation == RESULT and path[:2] == ITEM
    return ("simulation_result", *path[2:]) if is_first else path


def whole(**fields: Any) -> Change:
    return Change((), fields)


def run(**fields: Any) -> Change:
    return Change(("simulation_run",), fields)


def listed(index: int = 0, **fields: Any) -> Change:
    return Change(("simulation_runs", index), fields)


def result(index: int = 0, **fields: Any) -> Change:
    return Change(("simulation_results", index), fields)


def results(*indexes: int) -> Change:
    """Keep only these results in the list."""

    def kept(document: Any) -> list[Any]:
        return [document["simulation_results"][index] for index in indexes]

    return whole(simulation_results=kept)


def event(**fields: Any) -> Change:
    return Change((*ITEM, "events", 0), fields)


def evaluation(**fields: Any) -> Change:
    return Change(EVALUATION, fields)


def latency(kind: str = "", **figures: Any) -> Change:
    """Replace the latencies of the first evaluation; `kind` is `filler_ignored` for those without fillers."""
    name = f"{kind}_latency" if kind else "latency"
    suffix = name if kind else "agent_latency"
    return evaluation(**{name: {f"{figure}_{suffix}": each for figure, each in figures.items()}})


def metric(**fields: Any) -> Change:
    return Change((*EVALUATION, "custom_metrics", 0), fields)
