"""Rules about single values: ids, URLs, statuses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity

from ._applicability import has_run
from ._document import evaluations_of, number, results_of, run_of, text
from ._rule import Finding, Rule
from ._statuses import ENDED, UNDER_WAY, normalized

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#\x00-\x1f\x7f]+(?:[/?#][^\s\x00-\x1f\x7f]*)?")
"""A scheme, a host and no white space (RFC 3986, 3)."""


def _unique_result_ids(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No two results may have the same id."""
    ids = Counter(number(result, "id") for _, result in results_of(exchange))
    for path, result in results_of(exchange):
        if number(result, "id") is not None and ids[number(result, "id")] > 1:
            yield f"{path}.id", "a unique id", result["id"]


def _ids_not_empty(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No id may be an empty string."""
    run = run_of(exchange)
    holders = [("$.simulation_run", run, name) for name in ("id", "simulation_id")]
    holders += [(path, evaluation, "id") for path, evaluation in evaluations_of(exchange)]
    for path, holder, name in holders:
        value = text(holder, name)
        if value is not None and not value.strip():
            yield f"{path}.{name}", "a non-empty id", value


def _valid_urls(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """transcript_url and audio_url must be absolute URLs, with a scheme and a host."""
    for path, result in results_of(exchange):
        for name in ("transcript_url", "audio_url"):
            value = text(result, name)
            if value is not None and not URL.fullmatch(value):
                yield f"{path}.{name}", "an absolute URL", value


def _body_status(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The status field of the body must be the HTTP status, as a string."""
    if run_of(exchange) and exchange.document.get("status", "200") != "200":
        yield "$.status", "200", exchange.document["status"]


def _unknown_conversation_status(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A conversation's status must be publicly documented."""
    for path, result in results_of(exchange):
        status = text(result, "status")
        if status is not None and normalized(status) not in ENDED | UNDER_WAY:
            yield f"{path}.status", "a publicly documented status", status


RULES = (
    Rule("unique-result-ids", Severity.SUSPICIOUS, _unique_result_ids, has_run),
    Rule("ids-not-empty", Severity.SUSPICIOUS, _ids_not_empty, has_run),
    Rule("valid-urls", Severity.SUSPICIOUS, _valid_urls, has_run),
    Rule("unknown-conversation-status", Severity.DRIFT, _unknown_conversation_status, has_run),
    Rule("body-status", Severity.SUSPICIOUS, _body_status, has_run),
)
