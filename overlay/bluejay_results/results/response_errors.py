"""Turns a response without a usable result into an error. See `docs/python.md`, Errors."""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from datetime import UTC
from typing import Any, TypeVar

from .._secrets import without_signatures
from ..errors import (
    AuthenticationError,
    BluejayError,
    ConnectionFailedError,
    ContractViolationError,
    FieldError,
    NotFoundError,
    RateLimitError,
    RequestRejectedError,
    ResponseError,
    RunNotFoundError,
    ServerError,
    TLSError,
    UnexpectedStatusError,
    UnsupportedValueError,
    run_prefix,
)
from ..recording.exchange import Exchange

E = TypeVar("E", bound=BluejayError)

RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
"""HTTP statuses after which the same request is sent again."""
_LONGEST = 300
"""The maximum number of characters of the service's own message."""
CHECK_PROXY = "Check the proxy's URL, user and password."
ERROR_BY_STATUS: dict[int, tuple[type[ResponseError], str]] = {
    401: (AuthenticationError, "The API key was refused. Check that the right key is set."),
    403: (AuthenticationError, "The API key has no access to this {noun}. Check that the right key is set."),
    404: (NotFoundError, "There is no such {noun} for this key. Check the {noun} id."),
    422: (RequestRejectedError, "The request is not valid."),
    429: (RateLimitError, "Too many requests. Try again later or poll less often."),
    **dict.fromkeys(range(500, 512), (ServerError, "The service failed. Try again later.")),
}
_UNDOCUMENTED = "The service doesn't document this status. Check BLUEJAY_API_URL."
_OTHER_ADVICE = {
    402: "Payment is required. Top up the account.",
    407: f"The proxy refused the request. {CHECK_PROXY}",
}


def is_transient(error: BluejayError) -> bool:
    """Whether the same request is likely to succeed a moment later."""
    if error.status_code is not None:
        return error.status_code in RETRIED_STATUSES
    return isinstance(error, ConnectionFailedError) and not isinstance(error, TLSError)


def is_cdn_fault(error: BluejayError) -> bool:
    """Whether an error is a 5xx that only CDNs send, such as 520. Faults of CDNs are usually short."""
    return isinstance(error, UnexpectedStatusError) and (error.status_code or 0) >= 500


def error_of_status(answer: Exchange, noun: str, run_id: str | None) -> ResponseError:
    """Return the error for a response whose status is not 200.

    Args:
        answer: The response.
        noun: The name of what was requested, for messages.
        run_id: The id of the requested run; None if no run was requested.
    """
    status, detail = answer.status, _detail(answer.body)
    kind, advice = ERROR_BY_STATUS.get(
        status, (UnexpectedStatusError, _OTHER_ADVICE.get(status, _UNDOCUMENTED))
    )
    if kind is NotFoundError and run_id is not None:
        kind = RunNotFoundError
    found = _field_errors(detail) if kind is RequestRejectedError else ()
    errors = tuple(FieldError(*map(without_signatures, astuple(each))) for each in found)
    if isinstance(detail, str):
        detail = without_signatures(detail)  # mask before shortening, so that no part remains
    message = _message(status, advice.format(noun=noun), errors, detail)
    error = kind(message, status_code=status, body=answer.body)
    error.headers = answer.headers
    if isinstance(error, RequestRejectedError):
        error.errors = errors
    if isinstance(error, RateLimitError | ServerError):
        error.retry_after = _retry_after(answer)
    return named(error, run_id, answer.url)


def complete_body_error(
    error: ContractViolationError | UnsupportedValueError, answer: Exchange, run_id: str | None
) -> None:
    """Add the response to the error about its body, and mask the signatures of URLs in the error."""
    error.status_code, error.headers = answer.status, answer.headers
    error.args = (without_signatures(str(error)),)
    if isinstance(error, ContractViolationError):
        error.violations = tuple(
            replace(each, message=without_signatures(each.message)) for each in error.violations
        )
    named(error, run_id, answer.url)


def named(error: E, run_id: str | None, url: str) -> E:
    """Add the request to an error, and start its message with the run."""
    error.run_id, error.url = run_id, url
    error.args = (f"{run_prefix(run_id)}{error}",)
    return error


def _retry_after(answer: Exchange) -> float | None:
    """Return the seconds in a Retry-After header; None if it is absent or invalid.

    If the header has a date, the seconds are counted from the date of the response.
    """
    import email.utils  # loaded late: it imports sockets, which saved runs don't need

    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        at = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = at.replace(tzinfo=at.tzinfo or UTC)
    return max(0.0, (at - answer.date).total_seconds())


def _message(status: int, advice: str, errors: tuple[FieldError, ...], detail: Any) -> str:
    said = "; ".join(f"{each.field}: {each.message}" if each.field else each.message for each in errors)
    if not said and isinstance(detail, str):
        said = detail
    return f"{status}: {advice}" + (f" The service said: {_one_line(said)}" if said else "")


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _detail(body: bytes) -> Any:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document.get("detail") if isinstance(document, dict) else None


def _field_errors(detail: Any) -> tuple[FieldError, ...]:
    """List the errors of a 422. The service sends a list, an object, a string or nothing."""
    entries = detail if isinstance(detail, list) else [] if detail is None else [detail]
    return tuple(_field_error(entry) for entry in entries)


def _field_error(entry: Any) -> FieldError:
    if not isinstance(entry, dict):
        return FieldError(field="", message=entry if isinstance(entry, str) else json.dumps(entry), type="")
    location = entry.get("loc")
    parts = location if isinstance(location, list) else [] if location is None else [location]
    message = entry.get("msg")
    return FieldError(
        field=".".join(str(part) for part in parts),
        message=message if isinstance(message, str) else json.dumps(entry),
        type=str(entry.get("type", "")),
    )
