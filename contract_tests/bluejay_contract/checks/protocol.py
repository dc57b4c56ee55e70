"""Rules about HTTP: the status, the headers, the API key, and the JSON body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from typing import Any

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange, Key
from bluejay_contract.failure import Severity, Words, shown
from bluejay_contract.operations import RESULT, RESULTS, RUNS

from .document import Object, listed_runs_of, results_of, run_of
from .rule import Finding, has_document, is_documented, is_of_a_service, operation_of, rule, success

_LONG = 8
"""Keys of at least this length are found anywhere in text, and shorter keys only as entire words."""

IN_PRACTICE = frozenset({401, 403, 404, 429, *range(500, 512), *range(520, 528)})
"""Undocumented statuses that the service is known to send."""


def _is_valid(contract: Contract, exchange: Exchange) -> bool:
    request = exchange.request
    is_sound = request.key is Key.VALID and request.method == request.operation.method
    return is_sound and request.page is not None and operation_of(contract, exchange).accepts(request.body)


def _has_no_key(_: Contract, exchange: Exchange) -> bool:
    return exchange.request.key is Key.MISSING


def _has_documented_headers(contract: Contract, exchange: Exchange) -> bool:
    return is_of_a_service(contract, exchange) and is_documented(contract, exchange)


def _has_page(contract: Contract, exchange: Exchange) -> bool:
    return is_of_a_service(contract, exchange) and success(RESULTS)(contract, exchange)


@rule("status-code-conformance", Severity.VIOLATION, is_of_a_service)
def _status_code_conformance(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The status must be documented in the contract."""
    if not is_documented(contract, exchange) and exchange.status not in IN_PRACTICE | {405}:
        yield "status", _statuses(contract, exchange), exchange.status


@rule("known-undocumented-status", Severity.SUSPICIOUS, is_of_a_service)
def _known_undocumented_status(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The status must be documented, even if the service is known to send undocumented statuses."""
    refused = exchange.request.key is not Key.VALID and exchange.status in {401, 403}
    not_found = not exchange.request.exists and exchange.status == 404
    if exchange.status in IN_PRACTICE and not refused and not not_found:
        yield "status", _statuses(contract, exchange), exchange.status


@rule("positive-data-acceptance", Severity.VIOLATION, _is_valid)
def _positive_data_acceptance(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A valid request must not get a 422."""
    if exchange.status == 422:
        yield "status", "200 for a valid request", exchange.status


@rule(
    "ignored-auth", Severity.VIOLATION, lambda _, exchange: exchange.request.key in {Key.MISSING, Key.WRONG}
)
def _ignored_auth(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A request with a missing or wrong API key must not get a 2xx."""
    if 200 <= exchange.status < 300:
        yield "status", f"an error because the key is {exchange.request.key}", exchange.status


@rule("missing-required-header", Severity.VIOLATION, _has_no_key)
def _missing_required_header(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A request without an API key must get a 422."""
    if exchange.status != 422:
        yield "status", "422 because the key is missing", exchange.status


@rule(
    "missing-header-named",
    Severity.SUSPICIOUS,
    lambda contract, exchange: _has_no_key(contract, exchange) and exchange.status == 422,
)
def _missing_header_named(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A 422 for a missing API key must identify the X-API-Key header."""
    locations = [error.get("loc") for error in _errors(exchange)]
    if not any(_parameter(each) == ["header", "x-api-key"] for each in locations):
        yield "$.detail", "an error whose loc is ['header', 'X-API-Key']", locations


@rule("unsupported-method", Severity.VIOLATION, is_of_a_service)
def _unsupported_method(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Undocumented methods must get a 405 that allows the documented method; only they may get a 405."""
    sent, documented = exchange.request.method, exchange.request.operation.method
    allowed = exchange.headers.get("allow", "")
    if sent == documented:
        if exchange.status == 405:
            yield "status", f"a status other than 405 because {sent} is documented", exchange.status
    elif exchange.status != 405:
        yield "status", f"405 because {sent} is not documented", exchange.status
    elif documented not in allowed.replace(" ", "").split(","):
        yield "header allow", f"a list that contains {documented}", allowed or Words("nothing")


@rule("content-type-conformance", Severity.VIOLATION, _has_documented_headers)
def _content_type(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A documented response must be application/json in UTF-8."""
    header = Message()
    header["content-type"] = received = exchange.headers.get("content-type", "")
    charset = header.get_content_charset("utf-8")
    if not received or header.get_content_type() != "application/json" or charset not in {"utf-8", "utf8"}:
        yield "header content-type", "application/json in UTF-8", received or Words("nothing")


@rule("json-body", Severity.VIOLATION, is_documented)
def _json_body(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The body of a documented response must be one JSON document in UTF-8."""
    if exchange.parsed.error:
        yield "body", "one JSON document in UTF-8", Words(exchange.parsed.error)


@rule("unique-keys", Severity.SUSPICIOUS, has_document)
def _unique_keys(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No object may have duplicate keys, because parsers differ in which value they keep."""
    for key in sorted(exchange.parsed.repeated_keys):
        yield "body", "no duplicate keys in an object", key


@rule("portable-json", Severity.SUSPICIOUS, has_document)
def _portable_json(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Numbers, strings and nesting must be within common parsers' limits (RFC 7493; RFC 8259, section 9)."""
    yield from exchange.parsed.unportable


@rule(
    "validation-error-details",
    Severity.SUSPICIOUS,
    lambda _, exchange: exchange.status == 422 and exchange.has_document,
)
def _validation_error_details(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A 422 must list at least one error, and only errors about parameters or fields of the request."""
    if not _errors(exchange):
        yield "$.detail", "at least one error", exchange.document
    operation = operation_of(contract, exchange)
    parameters = [[each["in"], each["name"]] for each in operation.parameters]
    if operation.request_schema:
        fields = contract.resolved(operation.request_schema)["properties"]
        parameters += [["body"], *(["body", name] for name in fields)]
    known = [_parameter(each) for each in parameters]
    for index, error in enumerate(_errors(exchange)):
        location = error.get("loc")
        if _parameter(location) not in known:
            yield f"$.detail[{index}].loc", f"one of {shown(parameters)}", location


@rule("leaked-api-key", Severity.VIOLATION, lambda _, exchange: bool(exchange.request.secret))
def _leaked_api_key(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The response must not contain the request's API key."""
    secret = exchange.request.secret
    if _holds(exchange.body, secret):
        yield "body", "no API key", Words("the API key")
    for name, value in exchange.headers.items():
        if _holds(value.encode(errors="replace"), secret):
            yield f"header {name}", "no API key", Words("the API key")


@rule("same-run", Severity.VIOLATION, is_of_a_service)
def _same_run(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The response must belong to the requested run, result or simulation."""
    if not exchange.request.exists and 200 <= exchange.status < 300:
        yield "status", "an error because there is no such run", exchange.status
    requested = exchange.request.id
    for path, subject, name in _subjects(exchange):
        if name in subject and _as_text(subject[name]) != requested:
            yield f"{path}.{name}", str(requested), subject[name]


@rule("page-size", Severity.VIOLATION, _has_page)
def _page_size(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A page must have at most `limit` results, 100 by default."""
    page, count = exchange.request.page, len(results_of(exchange))
    if page and count > page.limit:
        yield "$.simulation_results", f"at most {page.limit} results", Words(f"{count:,} results")


def _subjects(exchange: Exchange) -> Iterator[tuple[str, Object, str]]:
    """Yield each object that must have the requested id: its path, the object, and the id's key."""
    operation = exchange.request.operation if exchange.is_success else None
    if operation is RESULTS:
        yield "$.simulation_run", run_of(exchange), "id"
    elif operation is RESULT:
        yield from ((path, result, "id") for path, result in results_of(exchange))
    elif operation is RUNS:
        yield from ((path, run, "experiment_id") for path, run in listed_runs_of(exchange))


def _as_text(id_: object) -> str:
    return str(int(id_) if isinstance(id_, float) and id_.is_integer() else id_)


def _parameter(location: object) -> list[object]:
    """Return the first two parts of a 422 error's location, with header names in lower case."""
    where = location[:2] if isinstance(location, list) else []
    if where[:1] == ["body"] and isinstance(where[-1], int):
        return ["body"]  # the second part is only the position of the JSON error
    if len(where) == 2 and where[0] == "header":
        where[1] = str(where[1]).lower()
    return where


def _holds(text: bytes, secret: str) -> bool:
    """Whether text contains a key. A short key must be an entire word, as other words might contain it."""
    if len(secret) >= _LONG:
        return secret.encode() in text
    return re.search(rb"(?<![\w-])" + re.escape(secret.encode()) + rb"(?![\w-])", text) is not None


def _statuses(contract: Contract, exchange: Exchange) -> str:
    return " or ".join(map(str, operation_of(contract, exchange).statuses))


def _errors(exchange: Exchange) -> list[dict[str, Any]]:
    detail = exchange.document.get("detail") if isinstance(exchange.document, dict) else None
    return [error for error in detail if isinstance(error, dict)] if isinstance(detail, list) else []
