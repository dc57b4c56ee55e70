"""Changes to a sound document, each in the one place that a mutant is about."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Document], object]

Changes: TypeAlias = dict[str, tuple[str, Change]]
"""By the rule that must find it and a name of its own, `rule:name`: what is wrong, and the change."""


def run(**fields: Any) -> Change:
    """Change the run."""
    return lambda document: document["simulation_run"].update(fields)


def whole(**fields: Any) -> Change:
    """Change the response itself."""
    return lambda document: document.update(fields)


def result(index: int = 0, **fields: Any) -> Change:
    """Change one of the results."""
    return lambda document: document["simulation_results"][index].update(fields)


def evaluation(**fields: Any) -> Change:
    """Change the first evaluation."""
    return lambda document: document["simulation_results"][0]["evaluations"][0].update(fields)


def inside(name: str, **fields: Any) -> Change:
    """Change an object, or the first of a list, within the first evaluation."""

    def change(document: Document) -> None:
        holder = document["simulation_results"][0]["evaluations"][0][name]
        (holder[0] if isinstance(holder, list) else holder).update(fields)

    return change


def event(**fields: Any) -> Change:
    """Change the first event."""
    return lambda document: document["simulation_results"][0]["events"][0].update(fields)


def results(*indexes: int) -> Change:
    """List these of the results, and no others."""
    return lambda document: document.update(
        simulation_results=[copy.deepcopy(document["simulation_results"][index]) for index in indexes]
    )


def both(*changes: Change) -> Change:
    """Make several changes."""
    return lambda document: [change(document) for change in changes]
