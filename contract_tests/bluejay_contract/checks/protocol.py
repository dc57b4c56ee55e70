"""Rules about HTTP: the status, the headers, the API key, and a body that is JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from typing import Any

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange, Key
from bluejay_contract.failure import Severity, Words, shown
from bluejay_contract.parsing import BodyError

from .applicability import (
    has_document,
    has_documented_headers,
    has_list_of_runs,
    has_results,
    has_run,
    is_documented,
    is_of_a_service,
    operation_of,
)
from .document import Object, listed_runs_of, results_of, run_of
from .rule import Finding, Rule

_LONG = 8
"""A key of at least this length is searched for anywhere in a text; a shorter key, only as a whole word."""

IN_PRACTICE = frozenset({401, 403, 404, 429, *range(500, 512), *range(520, 528)})
"""Undocumented statuses that the service is known to send."""


def _status_code_conformance(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The status must be documented in the contract."""
    if not is_documented(contract, exchange) and exchange.status not in IN_PRACTICE | {405}:
        yield "status", _statuses(contract, exchange), exchange.status


def _known_undocumented_status(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The status must be documented, even if the service is known to send undocumented statuses."""
    refused = exchange.request.key is not Key.VALID and exchange.status in {401, 403}
    not_found = not exchange.request.exists and exchange.status == 404
    if exchange.status in IN_PRACTICE and not refused and not not_found:
        yield "status", _statuses(contract, exchange), exchange.status


def _positive_data_acceptance(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A valid request must not get a 422."""
    if exchange.status == 422:
        yield "status", "200 to a valid request", exchange.status


def _ignored_auth(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A request with a missing or wrong API key must not get a 2xx."""
    if 200 <= exchange.status < 300:
        yield "status", f"an error, because the key is {exchange.request.key}", exchange.status


def _missing_required_header(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A request without an API key must get a 422."""
    if exchange.status != 422:
        yield "status", "422, because the key is missing", exchange.status


def _missing_header_named(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A 422 for a missing API key must name the header X-API-Key."""
    locations = [error.get("loc") for error in _errors(exchange)]
    if not any(_parameter(each) == ["header", "x-api-key"] for each in locations):
        yield "$.detail", "an error whose loc is ['header', 'X-API-Key']", locations


def _unsupported_method(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Undocumented methods must get a 405 that allows the documented method; only they may get a 405."""
    sent, documented = exchange.request.method, exchange.request.operation.method
    allowed = exchange.headers.get("allow", "")
    if sent == documented:
        if exchange.status == 405:
            yield "status", f"no 405, because {sent} is documented", exchange.status
    elif exchange.status != 405:
        yield "status", f"405, because {sent} is not documented", exchange.status
    elif documented not in allowed.replace(" ", "").split(","):
        yield "header allow", f"a list that contains {documented}", allowed or Words("nothing")


def _content_type(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A documented response must be application/json in UTF-8."""
    header = Message()
    header["content-type"] = received = exchange.headers.get("content-type", "")
    charset = header.get_content_charset("utf-8")
    if not received or header.get_content_type() != "application/json" or charset not in {"utf-8", "utf8"}:
        yield "header content-type", "application/json in UTF-8", received or Words("nothing")


def _json_body(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The body of a documented response must be one JSON document in UTF-8."""
    try:
        _ = exchange.document
    except BodyError as error:
        yield "body", "one JSON document in UTF-8", Words(error)


def _unique_keys(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No object may have the same key twice, because parsers differ in which value they keep."""
    for key in sorted(exchange.repeated_keys):
        yield "body", "no repeated key in an object", key


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


def _leaked_api_key(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The response must not contain the API key of the request."""
    secret = exchange.request.secret
    if _holds(exchange.body, secret):
        yield "body", "no API key", Words("the API key")
    for name, value in exchange.headers.items():
        if _holds(value.encode(errors="replace"), secret):
            yield f"header {name}", "no API key", Words("the API key")


def _same_run(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The response must be about the requested run, result or simulation."""
    if not exchange.request.exists and 200 <= exchange.status < 300:
        yield "status", "an error, because there is no such run", exchange.status
    requested = exchange.request.id
    for path, subject, name in _subjects(contract, exchange):
        if name in subject and _as_text(subject[name]) != requested:
            yield f"{path}.{name}", str(requested), subject[name]


def _page_size(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A page must have at most `limit` results, 100 by default."""
    page, count = exchange.request.page, len(results_of(exchange))
    if page and count > page.limit:
        yield "$.simulation_results", f"at most {page.limit} results", Words(f"{count:,} results")


def _subjects(contract: Contract, exchange: Exchange) -> Iterator[tuple[str, Object, str]]:
    """Yield each object that must have the requested id: its path, the object, and the key of its id."""
    if has_run(contract, exchange):
        yield "$.simulation_run", run_of(exchange), "id"
    elif has_results(contract, exchange):
        yield from ((path, result, "id") for path, result in results_of(exchange))
    elif has_list_of_runs(contract, exchange):
        yield from ((path, run, "experiment_id") for path, run in listed_runs_of(exchange))


def _as_text(id_: object) -> str:
    return str(int(id_) if isinstance(id_, float) and id_.is_integer() else id_)


def _parameter(location: object) -> list[object]:
    """Return the first two parts of the location in a 422's error, with a header's name in lower case."""
    where = location[:2] if isinstance(location, list) else []
    if where[:1] == ["body"] and isinstance(where[-1], int):
        return ["body"]  # the second part is only the position of the JSON error
    if len(where) == 2 and where[0] == "header":
        where[1] = str(where[1]).lower()
    return where


def _holds(text: bytes, secret: str) -> bool:
    """Whether a text contains a key. A short key counts only as a whole word: any word may contain it."""
    if len(secret) >= _LONG:
        return secret.encode() in text
    return re.search(rb"(?<![\w-])" + re.escape(secret.encode()) + rb"(?![\w-])", text) is not None


def _statuses(contract: Contract, exchange: Exchange) -> str:
    return " or ".join(map(str, operation_of(contract, exchange).statuses))


def _errors(exchange: Exchange) -> list[dict[str, Any]]:
    document = exchange.document if exchange.has_document else None
    detail = document.get("detail") if isinstance(document, dict) else None
    return [error for error in detail if isinstance(error, dict)] if isinstance(detail, list) else []


def _is_valid(contract: Contract, exchange: Exchange) -> bool:
    operation, request = operation_of(contract, exchange), exchange.request
    is_sound = request.key is Key.VALID and request.method == request.operation.method
    return is_sound and request.page is not None and operation.accepts(request.body)


def _has_page(contract: Contract, exchange: Exchange) -> bool:
    return is_of_a_service(contract, exchange) and has_run(contract, exchange)


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
    Rule("status-code-conformance", Severity.VIOLATION, _status_code_conformance, is_of_a_service),
    Rule("known-undocumented-status", Severity.SUSPICIOUS, _known_undocumented_status, is_of_a_service),
    Rule("positive-data-acceptance", Severity.VIOLATION, _positive_data_acceptance, _is_valid),
    Rule("ignored-auth", Severity.VIOLATION, _ignored_auth, _has_no_accepted_key),
    Rule("missing-required-header", Severity.VIOLATION, _missing_required_header, _has_no_key),
    Rule("missing-header-named", Severity.SUSPICIOUS, _missing_header_named, _refuses_a_missing_key),
    Rule("unsupported-method", Severity.VIOLATION, _unsupported_method, is_of_a_service),
    Rule("content-type-conformance", Severity.VIOLATION, _content_type, has_documented_headers),
    Rule("json-body", Severity.VIOLATION, _json_body, is_documented),
    Rule("unique-keys", Severity.SUSPICIOUS, _unique_keys, has_document),
    Rule("validation-error-details", Severity.SUSPICIOUS, _validation_error_details, _explains),
    Rule("leaked-api-key", Severity.VIOLATION, _leaked_api_key, _has_a_secret),
    Rule("same-run", Severity.VIOLATION, _same_run, is_of_a_service),
    Rule("page-size", Severity.VIOLATION, _page_size, _has_page),
)
