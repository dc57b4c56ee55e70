"""Rules about the HTTP of an exchange: status, headers, key, and that the body is JSON at all."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from typing import Any

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange, Key
from bluejay_contract.failure import Severity, Words, shown
from bluejay_contract.parsing import BodyError

from ._applies import has_document, has_documented_headers, is_documented, is_of_a_service
from ._rule import Finding, Rule

IN_PRACTICE = frozenset({401, 403, 404, 429, *range(500, 512), *range(520, 528)})
"""Statuses that the service answers although its reference has none of them (source: contract facts)."""


def _documented_status(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The status is one that the contract documents."""
    if not is_documented(contract, exchange) and exchange.status not in IN_PRACTICE | {405}:
        yield "status", _statuses(contract), exchange.status


def _expected_status(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The status is a documented one, not one that the service is merely known for."""
    refused = exchange.request.key is not Key.VALID and exchange.status in {401, 403}
    not_found = not exchange.request.is_of_a_run and exchange.status == 404
    if exchange.status in IN_PRACTICE and not refused and not not_found:
        yield "status", _statuses(contract), exchange.status


def _valid_request_accepted(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A valid request is not called invalid."""
    if exchange.status == 422:
        yield "status", "200 to a valid request", exchange.status


def _key_needed(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Without an accepted key there is no result."""
    if 200 <= exchange.status < 300:
        yield "status", f"an error, since the key is {exchange.request.key}", exchange.status


def _missing_key_refused(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A request without a key gets a 422."""
    if exchange.status != 422:
        yield "status", "422, since the key is missing", exchange.status


def _missing_key_named(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A 422 to a request without a key names the missing header."""
    locations = [error.get("loc") for error in _errors(exchange)]
    if ["header", "X-API-Key"] not in locations:
        yield "$.detail", "an error whose loc is ['header', 'X-API-Key']", locations


def _method_refused(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Another method than GET gets a 405 that lists the methods allowed."""
    if exchange.request.method == "GET":
        if exchange.status == 405:
            yield "status", "no 405 to a GET", exchange.status
    elif exchange.status != 405:
        yield "status", f"405 to {exchange.request.method}", exchange.status
    elif "GET" not in exchange.headers.get("allow", "").replace(" ", "").split(","):
        yield "header allow", "a list with GET", exchange.headers.get("allow", Words("nothing"))


def _content_type(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A documented response is application/json in UTF-8."""
    header = Message()
    header["content-type"] = received = exchange.headers.get("content-type", "")
    charset = header.get_content_charset("utf-8")
    if not received or header.get_content_type() != "application/json" or charset not in {"utf-8", "utf8"}:
        yield "header content-type", "application/json in UTF-8", received or Words("nothing")


def _json_body(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The body of a documented response is one JSON document in UTF-8."""
    try:
        _ = exchange.document
    except BodyError as error:
        yield "body", "one JSON document in UTF-8", Words(error)


def _unique_keys(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No object has a key twice: which of the values counts would be a matter of luck."""
    for key in sorted(exchange.repeated_keys):
        yield "body", "each key once in an object", key


def _portable_json(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No number, string or nesting is beyond what every parser takes (RFC 7493; RFC 8259, section 9)."""
    yield from exchange.unportable


def _explained_422(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A 422 lists at least one error, and each is about a parameter of the operation."""
    if not _errors(exchange):
        yield "$.detail", "at least one error", exchange.document
    parameters = [[each["in"], each["name"]] for each in contract.operation["parameters"]]
    for index, error in enumerate(_errors(exchange)):
        location = error.get("loc")
        if not isinstance(location, list) or location[:2] not in parameters:
            yield f"$.detail[{index}].loc", f"one of {shown(parameters)}", location


def _key_kept(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The response does not contain the key that was sent."""
    secret = exchange.request.secret
    if secret.encode() in exchange.body:
        yield "body", "no API key", Words("the API key")
    for name, value in exchange.headers.items():
        if secret in value:
            yield f"header {name}", "no API key", Words("the API key")


def _same_run(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The response is about the run that was asked for."""
    if not exchange.request.is_of_a_run and 200 <= exchange.status < 300:
        yield "status", "an error, since there is no such run", exchange.status
    if exchange.status != 200 or not exchange.has_document:
        return
    run = exchange.document.get("simulation_run") if isinstance(exchange.document, dict) else None
    if isinstance(run, dict) and "id" in run and run["id"] != exchange.request.run_id:
        yield "$.simulation_run.id", str(exchange.request.run_id), run["id"]


def _statuses(contract: Contract) -> str:
    return " or ".join(str(status) for status in contract.statuses)


def _errors(exchange: Exchange) -> list[dict[str, Any]]:
    document = exchange.document if exchange.has_document else None
    detail = document.get("detail") if isinstance(document, dict) else None
    return [error for error in detail if isinstance(error, dict)] if isinstance(detail, list) else []


def _is_valid(_: Contract, exchange: Exchange) -> bool:
    return exchange.request.key is Key.VALID and exchange.request.method == "GET"


def _has_no_accepted_key(_: Contract, exchange: Exchange) -> bool:
    return exchange.request.key in {Key.MISSING, Key.WRONG}


def _has_no_key(_: Contract, exchange: Exchange) -> bool:
    return exchange.request.key is Key.MISSING


def _refuses_a_missing_key(_: Contract, exchange: Exchange) -> bool:
    return exchange.request.key is Key.MISSING and exchange.status == 422


def _explains(_: Contract, exchange: Exchange) -> bool:
    return exchange.status == 422 and exchange.has_document


def _has_a_secret(_: Contract, exchange: Exchange) -> bool:
    return bool(exchange.request.secret)


RULES = (
    Rule("documented-status", Severity.VIOLATION, _documented_status, is_of_a_service),
    Rule("expected-status", Severity.SUSPICIOUS, _expected_status, is_of_a_service),
    Rule("valid-request-accepted", Severity.VIOLATION, _valid_request_accepted, _is_valid),
    Rule("key-needed", Severity.VIOLATION, _key_needed, _has_no_accepted_key),
    Rule("missing-key-refused", Severity.VIOLATION, _missing_key_refused, _has_no_key),
    Rule("missing-key-named", Severity.SUSPICIOUS, _missing_key_named, _refuses_a_missing_key),
    Rule("method-refused", Severity.VIOLATION, _method_refused, is_of_a_service),
    Rule("content-type", Severity.VIOLATION, _content_type, has_documented_headers),
    Rule("json-body", Severity.VIOLATION, _json_body, is_documented),
    Rule("unique-keys", Severity.SUSPICIOUS, _unique_keys, has_document),
    Rule("portable-json", Severity.SUSPICIOUS, _portable_json, has_document),
    Rule("explained-422", Severity.SUSPICIOUS, _explained_422, _explains),
    Rule("key-kept", Severity.VIOLATION, _key_kept, _has_a_secret),
    Rule("same-run", Severity.VIOLATION, _same_run, is_of_a_service),
)
