"""Reads the parts of a 200 document, ignoring values of the wrong type."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from typing import Any, TypeAlias

from bluejay_contract.exchange import Exchange

from ._statuses import ENDED, RUN_CUT_SHORT, RUN_ENDED, RUN_UNDER_WAY, UNDER_WAY, normalized

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
    """Yield the objects in the list under a key."""
    items = parent.get(key)
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield f"{path}.{key}[{index}]", item


def number(parent: Object, key: str) -> float | None:
    """Return a number that fits a float; else None. True and false are not numbers."""
    value = parent.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value if abs(value) <= sys.float_info.max else None


def time(parent: Object, key: str) -> datetime.datetime | None:
    """Return a time, in UTC if it has no zone; None if there is none."""
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


def has_ended(exchange: Exchange) -> bool:
    """Whether the run has ended.

    With a null or unknown status it has if every conversation that it counts is listed and has ended.
    """
    run = run_of(exchange)
    status, total = normalized(text(run, "status")), number(run, "total_tests") or 0
    if status in RUN_ENDED | RUN_UNDER_WAY:
        return status in RUN_ENDED
    ended = [normalized(text(result, "status")) in ENDED for _, result in results_of(exchange)]
    return 0 < total <= len(ended) and all(ended)


def has_results_under_way(exchange: Exchange) -> bool:
    """Whether a conversation is under way by its status."""
    return any(normalized(text(result, "status")) in UNDER_WAY for _, result in results_of(exchange))


def is_settled(exchange: Exchange) -> bool:
    """Whether the run has settled: it has ended, and no conversation can change any more."""
    is_cut_short = normalized(text(run_of(exchange), "status")) in RUN_CUT_SHORT
    return has_ended(exchange) and (is_cut_short or not has_results_under_way(exchange))


def is_under_way(exchange: Exchange) -> bool:
    """Whether there is a run that has not settled."""
    return bool(run_of(exchange)) and not is_settled(exchange)
