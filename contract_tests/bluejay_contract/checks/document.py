"""Reads the parts of a 200 response's document, ignoring values of the wrong type."""

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

_SINGLE = {"simulation_result", "latency", "filler_ignored_latency"}
"""The keys whose value is one object; the values of all other keys are lists of objects."""


def run_of(exchange: Exchange) -> Object:
    """Return the run in a response with status 200, or an empty object if there is no run."""
    run = _body(exchange).get("simulation_run") if exchange.status == 200 else None
    return run if isinstance(run, dict) else {}


def listed_runs_of(exchange: Exchange) -> list[Placed]:
    """Return the runs in a list of a simulation's runs, or an empty list for other operations."""
    return (
        list(objects(_body(exchange), "simulation_runs", "$")) if exchange.request.operation is RUNS else []
    )


def runs_of(exchange: Exchange) -> list[Placed]:
    """Return every run in a 200 response with JSON: a run read with its results, or a simulation's runs."""
    return [*([("$.simulation_run", run)] if (run := run_of(exchange)) else []), *listed_runs_of(exchange)]


def results_of(exchange: Exchange) -> list[Placed]:
    """Return the results in a 200 response with JSON: all results of a run, or the result fetched by id."""
    key = "simulation_result" if exchange.request.operation is RESULT else "simulation_results"
    return list(objects(_body(exchange), key, "$"))


def queued_of(exchange: Exchange) -> Object:
    """Return the body of a 200 response confirming a queued run, or an empty object for other operations."""
    return _body(exchange) if exchange.request.operation is QUEUE else {}


def is_whole(exchange: Exchange) -> bool:
    """Whether the response must list all of its run's results because no other page can contain any."""
    page, count = exchange.request.page or Page(), len(results_of(exchange))
    total = number(run_of(exchange), "total_tests")
    is_full = count == page.limit and exchange.request.id is not None
    return page.offset == 0 and (not is_full or (total is not None and total <= count))


def chains(exchange: Exchange, keys: str) -> list[tuple[str, list[Object]]]:
    """Return objects in a 200 response, each as its JSON path and a list of its parents and itself.

    The keys start with `runs` or `results` and lead from there to the objects, such as `results.events`.
    """
    first, *inner = keys.split(".")
    found = [(path, [each]) for path, each in (runs_of if first == "runs" else results_of)(exchange)]
    for key in inner:
        found = [
            (where, [*chain, each]) for path, chain in found for where, each in objects(chain[-1], key, path)
        ]
    return found


def parts(exchange: Exchange, keys: str) -> Iterator[Placed]:
    """Yield objects in a 200 response with their JSON paths; `keys` is as in `chains`."""
    yield from ((path, chain[-1]) for path, chain in chains(exchange, keys))


def objects(parent: Object, key: str, path: str) -> Iterator[Placed]:
    """Yield the objects in the list under a key; for a key in `_SINGLE`, the object under it."""
    items = parent.get(key)
    if key in _SINGLE and isinstance(items, dict):
        yield f"{path}.{key}", items
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield f"{path}.{key}[{index}]", item


def number(parent: Object, key: str) -> float | None:
    """Return a key's value if it is a number that fits a float, otherwise None. Booleans aren't numbers."""
    value = parent.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) <= sys.float_info.max else None


def time(parent: Object, key: str) -> datetime.datetime | None:
    """Return a key's value as a time, or None if it isn't one. A time without a zone is taken to be UTC."""
    value = parent.get(key)
    try:
        at = datetime.datetime.fromisoformat(value.upper()) if isinstance(value, str) else None
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or datetime.UTC) if at else None


def text(parent: Object, key: str) -> str | None:
    """Return a key's value if it is a string, otherwise None."""
    value = parent.get(key)
    return value if isinstance(value, str) else None


def now_of(exchange: Exchange) -> tuple[str, datetime.datetime]:
    """Return a clock's name and time: the Date header or, without that header, the local clock."""
    try:
        date = parsedate_to_datetime(exchange.headers["date"])
    except (KeyError, ValueError, OverflowError):
        return "the local clock", datetime.datetime.now(datetime.UTC)
    return "the response's Date", date.replace(tzinfo=date.tzinfo or datetime.UTC)


def _body(exchange: Exchange) -> Object:
    return exchange.document if isinstance(exchange.document, dict) else {}
