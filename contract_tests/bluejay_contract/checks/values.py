"""Rules about single values (ids, URLs, statuses), and about the order of percentiles and results."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity
from bluejay_contract.operations import QUEUE, RESULT, RESULTS, Operation

from .bounds import LATENCIES
from .document import listed_runs_of, number, parts, queued_of, results_of, run_of, text, time
from .rule import Finding, operation_of, rule, success
from .statuses import ENDED, UNDER_WAY, normalized

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#\x00-\x1f\x7f]+(?:[/?#][^\s\x00-\x1f\x7f]*)?")
"""Matches absolute URLs: a scheme, a host, and no whitespace (RFC 3986, section 3)."""


@rule("unique-result-ids", Severity.SUSPICIOUS, success(*Operation))
def _unique_result_ids(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No two results may have the same id."""
    yield from _not_unique(list(_result_ids(exchange)))


@rule("unique-run-ids", Severity.SUSPICIOUS, success(*Operation))
def _unique_run_ids(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No two runs of a simulation may have the same id."""
    ids = [(f"{path}.id", number(run, "id")) for path, run in listed_runs_of(exchange)]
    yield from _not_unique([(path, id_) for path, id_ in ids if id_ is not None])


def _not_unique(ids: Sequence[tuple[str, float | str]]) -> Iterator[Finding]:
    counts = Counter(id_ for _, id_ in ids)
    yield from ((path, "an id that occurs only once", id_) for path, id_ in ids if counts[id_] > 1)


@rule("ids-not-empty", Severity.SUSPICIOUS, success(*Operation))
def _ids_not_empty(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No id may be an empty string."""
    run, queued = run_of(exchange), queued_of(exchange)
    ids = [(f"$.simulation_run.{name}", run.get(name)) for name in ("id", "simulation_id")]
    ids += [
        (f"{path}.id", evaluation.get("id")) for path, evaluation in parts(exchange, "results.evaluations")
    ]
    ids += [(f"$.{name}", queued.get(name)) for name in ("simulation_run_id", "agent_id")]
    for path, id_ in (*ids, *_result_ids(exchange)):
        if isinstance(id_, str) and not id_.strip():
            yield path, "a non-empty id", id_


def _result_ids(exchange: Exchange) -> Iterator[tuple[str, float | str]]:
    """Yield result ids with their paths. Results have numeric ids; a queued run lists strings."""
    for path, result in results_of(exchange):
        if (id_ := number(result, "id")) is not None:
            yield f"{path}.id", id_
    listed = queued_of(exchange).get("simulation_result_ids")
    for index, each in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(each, str):
            yield f"$.simulation_result_ids[{index}]", each


@rule("valid-urls", Severity.SUSPICIOUS, success(RESULTS, RESULT))
def _valid_urls(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """transcript_url and audio_url must be absolute URLs, with a scheme and a host."""
    for path, result in results_of(exchange):
        for name in ("transcript_url", "audio_url"):
            value = text(result, name)
            if value is not None and not URL.fullmatch(value):
                yield f"{path}.{name}", "an absolute URL", value


@rule("unknown-conversation-status", Severity.DRIFT, success(RESULTS, RESULT))
def _unknown_conversation_status(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A conversation's status must be one of the publicly documented values."""
    for path, result in results_of(exchange):
        status = text(result, "status")
        if status is not None and normalized(status) not in ENDED | UNDER_WAY:
            yield f"{path}.status", "a publicly documented status", status


@rule("body-status", Severity.SUSPICIOUS, success(RESULTS, RESULT, QUEUE))
def _body_status(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The body's status field must have its documented value: the HTTP status as a string, or success."""
    schema = contract.resolved(operation_of(contract, exchange).schema(200))
    documented = schema["properties"]["status"].raw["default"]
    body = exchange.document
    if isinstance(body, dict) and body.get("status", documented) != documented:
        yield "$.status", documented, body["status"]


@rule("percentiles-in-order", Severity.SUSPICIOUS, success(RESULTS, RESULT))
def _percentiles_in_order(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Percentiles must be in order, and the mean must not exceed the maximum; 0 means not measured."""
    for key, (_mean, *percentiles) in LATENCIES.items():
        for path, latency in parts(exchange, f"results.evaluations.{key}"):
            known = [(name, value) for name in percentiles if (value := number(latency, name))]
            for (_name, lower), (name, higher) in pairwise(known):
                if lower > higher:
                    yield f"{path}.{name}", f"{lower} or more", higher
    for path, latency in parts(exchange, "results.evaluations.latency"):
        mean, maximum = number(latency, "avg_agent_latency"), number(latency, "max_agent_latency")
        if mean and maximum and mean > maximum:
            yield f"{path}.avg_agent_latency", f"{maximum} or less", mean


@rule("oldest-first", Severity.SUSPICIOUS, success(RESULTS))
def _oldest_first(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A run's results that have a start_time must be ordered by it, oldest first."""
    latest: tuple[datetime.datetime, str] | None = None
    for path, result in results_of(exchange):
        start = time(result, "start_time")
        if start and latest and start < latest[0]:
            expected = f"a time at or after {latest[1]} (the start of an earlier result in the list)"
            yield f"{path}.start_time", expected, result["start_time"]
        elif start:
            latest = start, result["start_time"]
