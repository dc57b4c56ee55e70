"""Reads the parts of a 200 document, ignoring values of the wrong type."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any, TypeAlias

from bluejay_contract.exchange import Exchange
from bluejay_contract.operations import QUEUE, RESULT, RUNS, Page

Object: TypeAlias = dict[str, Any]
Placed: TypeAlias = tuple[str, Object]
"""An object with its JSON path."""


def run_of(exchange: Exchange) -> Object:
    """Return the run in a response with status 200; an empty object if there is no run."""
    document = exchange.document if exchange.status == 200 and exchange.has_document else None
    run = document.get("simulation_run") if isinstance(document, dict) else None
    return run if isinstance(run, dict) else {}


def listed_runs_of(exchange: Exchange) -> list[Placed]:
    """Return the runs in a list of a simulation's runs; none for another operation."""
    is_list = exchange.request.operation == RUNS and isinstance(exchange.document, dict)
    return list(objects(exchange.document, "simulation_runs", "$")) if is_list else []


def runs_of(exchange: Exchange) -> list[Placed]:
    """Return every run of a 200 that is JSON: the run with its results, or the runs of a simulation."""
    return [*([("$.simulation_run", run)] if (run := run_of(exchange)) else []), *listed_runs_of(exchange)]


def results_of(exchange: Exchange) -> list[Placed]:
    """Return the results of a 200 that is JSON: all results of a run, or the result fetched by id."""
    document = exchange.document if isinstance(exchange.document, dict) else {}
    if exchange.request.operation == RESULT:
        result = document.get("simulation_result")
        return [("$.simulation_result", result)] if isinstance(result, dict) else []
    return list(objects(document, "simulation_results", "$"))


def is_whole(exchange: Exchange) -> bool:
    """Whether the response must list all results of its run, because no other page can have results."""
    page, count = exchange.request.page or Page(), len(results_of(exchange))
    total = number(run_of(exchange), "total_tests")
    is_full = count == page.limit and exchange.request.id is not None
    return page.offset == 0 and (not is_full or (total is not None and total <= count))


def queued_of(exchange: Exchange) -> Object:
    """Return the body of a 200 that confirms a queued run; empty for another operation."""
    is_queued = exchange.request.operation == QUEUE and isinstance(exchange.document, dict)
    return exchange.document if is_queued else {}


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
    """Return a number that fits a float, otherwise None. True and false are not numbers."""
    value = parent.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value if abs(value) <= sys.float_info.max else None


def time(parent: Object, key: str) -> datetime.datetime | None:
    """Return the time under a key; a time without a zone is read as UTC. None if there is no time."""
    value = parent.get(key)
    try:
        at = datetime.datetime.fromisoformat(value.upper()) if isinstance(value, str) else None
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or datetime.UTC) if at else None


def text(parent: Object, key: str) -> str | None:
    """Return the value if it is a string, otherwise None."""
    value = parent.get(key)
    return value if isinstance(value, str) else None


def now_of(exchange: Exchange) -> tuple[str, datetime.datetime]:
    """Return the name and the time of a clock: of the response's Date or, without it, of the local clock."""
    try:
        date = parsedate_to_datetime(exchange.headers["date"])
    except (KeyError, ValueError, OverflowError):
        return "the local clock", datetime.datetime.now(datetime.UTC)
    return "the response's Date", date.replace(tzinfo=date.tzinfo or datetime.UTC)
