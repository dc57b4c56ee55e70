"""Changes to a valid document. Each change is at the path that its mutant is about.

The schemas allow the changed documents, but no real run looks like them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.operations import RESULT
from contract_kit.read.paths import Path, json_path

from .case import Case, encoded
from .derived import sound

Document: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Document], object]

Changes: TypeAlias = Mapping[str, tuple[str, Change] | tuple[str, Change, str]]
"""Changes by `rule:name`: the rule that must find the change, and the name of the change.

Each entry has a text that says what is wrong, and the change. If the rule must find the change at a JSON path
that is not the first changed value, this path follows.
"""


def changed(
    changes: Changes, contract: Contract, operation: Operation, group: str = "cross-field"
) -> Iterator[Case]:
    """Yield cases that can be found only by a check that understands the fields.

    A change to a part that the operation's response lacks gives no case.
    """
    before = sound(contract, operation)
    for name, (breaks, change, *where) in changes.items():
        after = copy.deepcopy(before)
        try:
            change(after)
        except LookupError:
            continue
        path = where[0] if where else json_path(next(_changes(before, after)))
        if operation.id == RESULT:
            path = path.replace("$.simulation_results[0]", "$.simulation_result")
        rule = name.partition(":")[0]
        yield Case(f"{group}:{name}", operation, breaks, encoded(after), group, rule, path)


def run(**fields: Any) -> Change:
    """Change the run; without fields, only require that there is a run."""
    return lambda document: _update(document["simulation_run"], fields)


def whole(**fields: Any) -> Change:
    """Change fields at the top of the response."""
    return lambda document: _update(document, fields)


def result(index: int = 0, **fields: Any) -> Change:
    """Change one of the results."""
    return lambda document: _update(_result(document, index), fields)


def listed(index: int = 0, **fields: Any) -> Change:
    """Change one of the runs of a simulation."""
    return lambda document: _update(document["simulation_runs"][index], fields)


def read_singly(**fields: Any) -> Change:
    """Change the result that was fetched by id."""
    return lambda document: _update(document["simulation_result"], fields)


def evaluation(**fields: Any) -> Change:
    """Change the first evaluation."""
    return lambda document: _update(_result(document)["evaluations"][0], fields)


def inside(name: str, **fields: Any) -> Change:
    """Change an object, or the first object of a list, in the first evaluation."""

    def change(document: Document) -> None:
        holder = _result(document)["evaluations"][0][name]
        _update(holder[0] if isinstance(holder, list) else holder, fields)

    return change


def event(**fields: Any) -> Change:
    """Change the first event."""
    return lambda document: _update(_result(document)["events"][0], fields)


def results(*indexes: int) -> Change:
    """Keep only these results in the list."""
    return lambda document: document.update(
        simulation_results=[copy.deepcopy(document["simulation_results"][index]) for index in indexes]
    )


def both(*changes: Change) -> Change:
    """Make several changes."""
    return lambda document: [change(document) for change in changes]


def _result(document: Document, index: int = 0) -> Document:
    """Return one of the listed results; a result fetched by id counts as the first."""
    read_singly = [document["simulation_result"]] if "simulation_result" in document else None
    found: Document = (read_singly or document["simulation_results"])[index]
    return found


def _update(holder: Document, fields: Document) -> None:
    if missing := fields.keys() - holder.keys():
        raise LookupError(f"no {', '.join(missing)} to change")
    holder.update(fields)


def _changes(before: Any, after: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths at which two documents differ. Lists of different lengths differ as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before | after:
            yield from _changes(before.get(key), after.get(key), (*path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _changes(one, other, (*path, index))
    elif before != after:
        yield path
