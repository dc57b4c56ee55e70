"""Rules about single values: ids, URLs, statuses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity

from .applicability import has_body_status, has_results, has_success, operation_of
from .document import evaluations_of, listed_runs_of, number, queued_of, results_of, run_of, text
from .rule import Finding, Rule
from .statuses import ENDED, UNDER_WAY, normalized

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#\x00-\x1f\x7f]+(?:[/?#][^\s\x00-\x1f\x7f]*)?")
"""A scheme, a host and no white space (RFC 3986, 3)."""


def _unique_result_ids(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No two results may have the same id."""
    yield from _not_unique(list(_result_ids(exchange)))


def _unique_run_ids(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No two runs of a simulation may have the same id."""
    ids = [(f"{path}.id", number(run, "id")) for path, run in listed_runs_of(exchange)]
    yield from _not_unique([(path, id_) for path, id_ in ids if id_ is not None])


def _not_unique(ids: Sequence[tuple[str, float | str]]) -> Iterator[Finding]:
    counts = Counter(id_ for _, id_ in ids)
    yield from ((path, "a unique id", id_) for path, id_ in ids if counts[id_] > 1)


def _ids_not_empty(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No id may be an empty string."""
    run = run_of(exchange)
    ids = [(f"$.simulation_run.{name}", run.get(name)) for name in ("id", "simulation_id")]
    ids += [(f"{path}.id", evaluation.get("id")) for path, evaluation in evaluations_of(exchange)]
    ids += [(f"$.{name}", queued_of(exchange).get(name)) for name in ("simulation_run_id", "agent_id")]
    for path, id_ in (*ids, *_result_ids(exchange)):
        if isinstance(id_, str) and not id_.strip():
            yield path, "a non-empty id", id_


def _valid_urls(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """transcript_url and audio_url must be absolute URLs, with a scheme and a host."""
    for path, result in results_of(exchange):
        for name in ("transcript_url", "audio_url"):
            value = text(result, name)
            if value is not None and not URL.fullmatch(value):
                yield f"{path}.{name}", "an absolute URL", value


def _body_status(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The body's status field must have its documented value: the HTTP status as a string, or success."""
    schema = contract.resolved(operation_of(contract, exchange).schema(200))
    documented = contract.schemas.graph.described(schema["properties"]["status"])["default"]
    body = exchange.document
    if isinstance(body, dict) and body.get("status", documented) != documented:
        yield "$.status", documented, body["status"]


def _result_ids(exchange: Exchange) -> Iterator[tuple[str, float | str]]:
    """Yield the ids of results with their paths. Results have numbers as ids; a queued run lists strings."""
    for path, result in results_of(exchange):
        if (id_ := number(result, "id")) is not None:
            yield f"{path}.id", id_
    listed = queued_of(exchange).get("simulation_result_ids")
    for index, each in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(each, str):
            yield f"$.simulation_result_ids[{index}]", each


def _unknown_conversation_status(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A conversation's status must be publicly documented."""
    for path, result in results_of(exchange):
        status = text(result, "status")
        if status is not None and normalized(status) not in ENDED | UNDER_WAY:
            yield f"{path}.status", "a publicly documented status", status


RULES = (
    Rule("unique-result-ids", Severity.SUSPICIOUS, _unique_result_ids, has_success),
    Rule("unique-run-ids", Severity.SUSPICIOUS, _unique_run_ids, has_success),
    Rule("ids-not-empty", Severity.SUSPICIOUS, _ids_not_empty, has_success),
    Rule("valid-urls", Severity.SUSPICIOUS, _valid_urls, has_results),
    Rule("unknown-conversation-status", Severity.DRIFT, _unknown_conversation_status, has_results),
    Rule("body-status", Severity.SUSPICIOUS, _body_status, has_body_status),
)
