"""Changes to a valid document that the schemas allow, but that never occur in a real run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from attrs import evolve, frozen
from bluejay_contract.contract import Contract, Specified
from bluejay_contract.operations import RESULT
from contract_kit.read.paths import Path, at, json_path, replaced

from .case import Case, encoded
from .derived import sound


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


def changed(changes: Changes, contract: Contract, operation: Specified) -> Iterator[Case]:
    """Yield cases with faults that no schema can detect, because finding them requires the fields' meaning.

    If the operation's response lacks the part to change, the change yields no case.
    """
    before = sound(contract, operation)
    for name, change in changes.items():
        try:
            body = encoded(change.made(before, operation.id))
        except LookupError:
            continue
        yield Case(name, operation, body, name.partition(":")[0], change.path(operation.id))


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


def latency(**fields: Any) -> Change:
    """Change the latency of the first evaluation; `fields` has names without the suffix `_agent_latency`."""
    return Change((*EVALUATION, "latency"), {f"{name}_agent_latency": each for name, each in fields.items()})


def filler(**fields: Any) -> Change:
    """Change the latency without filler words, in the same way."""
    values = {f"{name}_filler_ignored_latency": each for name, each in fields.items()}
    return Change((*EVALUATION, "filler_ignored_latency"), values)


def metric(**fields: Any) -> Change:
    return Change((*EVALUATION, "custom_metrics", 0), fields)
