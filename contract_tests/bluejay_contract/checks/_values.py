"""Rules about single values: ids, URLs, the repeated status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity

from ._applies import has_run
from ._document import number, results_of, run_of
from ._rule import Finding, Rule


def _unique_result_ids(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No two results have one id."""
    ids = Counter(number(result, "id") for _, result in results_of(exchange))
    for path, result in results_of(exchange):
        if number(result, "id") is not None and ids[number(result, "id")] > 1:
            yield f"{path}.id", "an id of its own", result["id"]


def _status_repeated(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The body repeats the HTTP status as a string."""
    if run_of(exchange) and exchange.document.get("status", "200") != "200":
        yield "$.status", "200", exchange.document["status"]


RULES = (
    Rule("unique-result-ids", Severity.SUSPICIOUS, _unique_result_ids, has_run),
    Rule("status-repeated", Severity.SUSPICIOUS, _status_repeated, has_run),
)
