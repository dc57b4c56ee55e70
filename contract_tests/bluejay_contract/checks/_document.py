"""A way through a 200 document for rules that must not trip over values of the wrong type."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from typing import Any, TypeAlias

from bluejay_results.status import Phase, phase

from bluejay_contract.exchange import Exchange

Object: TypeAlias = dict[str, Any]
Placed: TypeAlias = tuple[str, Object]
"""An object with its JSON path."""


def run_of(exchange: Exchange) -> Object:
    """Return the run of a 200; empty when there is none."""
    document = exchange.document if exchange.status == 200 and exchange.has_document else None
    run = document.get("simulation_run") if isinstance(document, dict) else None
    return run if isinstance(run, dict) else {}


def results_of(exchange: Exchange) -> list[Placed]:
    """Return the results of a 200 that is JSON."""
    document = exchange.document
    return list(objects(document, "simulation_results", "$")) if isinstance(document, dict) else []


def evaluations_of(exchange: Exchange) -> Iterator[Placed]:
    """Yield every evaluation of a 200 that is JSON."""
    for path, result in results_of(exchange):
        yield from objects(result, "evaluations", path)


def objects(parent: Object, key: str, path: str) -> Iterator[Placed]:
    """Yield the objects in a list of the parent's."""
    items = parent.get(key)
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield f"{path}.{key}[{index}]", item


def number(parent: Object, key: str) -> float | None:
    """Return a number that can be reckoned with; None when there is none. True and false are no numbers."""
    value = parent.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value if abs(value) <= sys.float_info.max else None


def time(parent: Object, key: str) -> datetime.datetime | None:
    """Return a time, in UTC when it has no zone; None when there is none."""
    value = parent.get(key)
    try:
        at = datetime.datetime.fromisoformat(value.upper()) if isinstance(value, str) else None
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or datetime.UTC) if at else None


def text(parent: Object, key: str) -> str | None:
    """Return a string; None when there is none."""
    value = parent.get(key)
    return value if isinstance(value, str) else None


def has_ended(run: Object) -> bool:
    """Whether the run's status is an end."""
    return phase(text(run, "status")) is Phase.ENDED


def is_settled(exchange: Exchange) -> bool:
    """Whether the run has ended and none of its conversations is under way."""
    under_way = (phase(text(result, "status")) is Phase.UNDER_WAY for _, result in results_of(exchange))
    return has_ended(run_of(exchange)) and not any(under_way)
