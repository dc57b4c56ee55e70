"""Builds exchanges, and returns the rules' findings about them."""

from typing import Any

from bluejay_contract.checks import RULES, SEQUENCE_RULES, check, check_sequence
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.failure import Failure

from .. import builders
from .mutants import CONTRACT, Case

ALL_RULES = [*RULES, *SEQUENCE_RULES]


def answered(
    document: Any,
    status: int = 200,
    key: Key = Key.VALID,
    headers: dict[str, str] | None = None,
    **request: Any,
) -> Exchange:
    """An exchange: a request for run 48213, and a JSON response with this document or these bytes."""
    body = document if isinstance(document, bytes) else builders.encoded(document)
    return Exchange(Request("48213", key, **request), status, JSON_HEADERS | (headers or {}), body)


def found_in(*exchanges: Exchange) -> list[Failure]:
    """Return the rules' findings in one exchange, or in two exchanges for the same run."""
    return check_sequence(*exchanges) if len(exchanges) == 2 else check(CONTRACT, *exchanges)


def failures(case: Case) -> list[Failure]:
    """Return the rules' findings about a case, as if a service at http://a had sent it."""
    reads = case.exchanges(source="http://a")
    return found_in(reads[-1]) + (found_in(*reads) if len(reads) == 2 else [])
