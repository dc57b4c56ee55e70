"""Converts responses and saved bodies to results or errors, for the clients, replays and webhooks.

See `docs/python.md`, Errors.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import astuple, replace
from datetime import UTC
from functools import partial
from typing import Any, Literal, TypeVar, get_args

from bluejay_api.decoding import decode_usual

from .._secrets import without_signatures
from ..errors import (
    AuthenticationError,
    BluejayError,
    ConfigurationError,
    ConnectionFailedError,
    ContractViolationError,
    FieldError,
    NotFoundError,
    RateLimitError,
    RequestRejectedError,
    RequestTimeoutError,
    ResponseError,
    ResponseTooLargeError,
    RunNotFoundError,
    ServerError,
    TLSError,
    UnexpectedStatusError,
    UnsupportedValueError,
    Violation,
    run_prefix,
)
from ..recording.exchange import Exchange, Failure, ResourceKind
from .app_url import APP_URL
from .valid_parts import collect

T = TypeVar("T")
E = TypeVar("E", bound=BluejayError)

OnViolation = Literal["raise", "collect"]
_ON_VIOLATION = get_args(OnViolation)

RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
"""HTTP statuses after which a request is retried."""
MAY_HAVE_WORKED = frozenset({303, 307, 308, 408})
"""Statuses from 300 to 499 after which a run might have been queued anyway."""
MAY_EXIST = f"The run might have been queued anyway, so look for it at {APP_URL} before you retry."
_ERROR_OF_FAILURE: dict[str, type[BluejayError]] = {
    each.__name__: each
    for each in (ConnectionFailedError, RequestTimeoutError, ResponseTooLargeError, TLSError)
}
_NOUNS: Mapping[ResourceKind, str] = {
    "page": "run",
    "conversation": "result",
    "runs": "simulation",
    "queue": "simulation",
}
"""The name of what was requested, for messages."""
_MOST_BYTES = 1 << 16
"""The maximum size of an error's body in which the service's own message is looked up."""
_LONGEST = 300
"""The maximum length of the service's own message, in characters."""
CHECK_PROXY = "Check the proxy's URL, user and password."
ERROR_BY_STATUS: dict[int, tuple[type[ResponseError], str]] = {
    401: (AuthenticationError, "The API key was rejected. Check that the right key is set."),
    403: (AuthenticationError, "The API key has no access to this {noun}. Check that the right key is set."),
    404: (NotFoundError, "There is no such {noun} for this key. Check the {noun} id."),
    422: (RequestRejectedError, "The request is not valid."),
    429: (RateLimitError, "Too many requests. Try again later or poll less often."),
    **dict.fromkeys(range(500, 512), (ServerError, "The service failed. Try again later.")),
}
_UNDOCUMENTED = "This status is undocumented. Check BLUEJAY_API_URL."
_OTHER_ADVICE = {
    402: "Payment is required. Top up the account.",
    407: f"The proxy rejected the request. {CHECK_PROXY}",
}


def is_transient(error: BluejayError) -> bool:
    """Whether the same request is likely to succeed a moment later."""
    if error.status_code is not None:
        return error.status_code in RETRIED_STATUSES
    return isinstance(error, ConnectionFailedError) and not isinstance(error, TLSError)


def is_cdn_fault(error: BluejayError) -> bool:
    """Whether an error is a 5xx that only CDNs send, such as 520. CDN outages are usually short."""
    return isinstance(error, UnexpectedStatusError) and (error.status_code or 0) >= 500


def read_response(
    exchange: Exchange,
    model: type[T],
    on_violation: OnViolation,
    needed: str = "",
    *,
    noun: str = "response",
    where: str = "",
) -> tuple[T, tuple[Violation, ...]]:
    """Return a response's model and violations, or raise the exchange's error.

    The arguments after `exchange` are the same as for `read_body`.
    """
    if exchange.failure:
        raise _error_of_failure(exchange, exchange.failure)
    if exchange.status != 200:
        raise _error_of_status(exchange)
    error = partial(error_after, exchange)
    if not exchange.url:
        noun = noun.replace("response", "file")
    return read_body(exchange.body, model, on_violation, needed, noun=noun, where=where, error=error)


def read_body(
    data: bytes,
    model: type[T],
    on_violation: OnViolation,
    needed: str = "",
    *,
    noun: str = "response",
    where: str = "",
    error: Callable[..., BluejayError] | None = None,
) -> tuple[T, tuple[Violation, ...]]:
    """Decode a body; if it breaks the contract, parse it again to find its violations and valid parts.

    Args:
        data: The body.
        model: The model to decode the body into.
        on_violation: Whether to raise an error for a violation or to collect all violations.
        needed: The path of the one part that must be valid: without it, the body is rejected even with
            `collect`.
        noun: The word for the body in messages.
        where: A prefix for the JSON paths in an error.
        error: Makes an error from its class, message and attributes; by default, the error includes the body.

    Raises:
        ContractViolationError: The body breaks the contract. With `collect`, raised only if no part is valid.
        UnsupportedValueError: The contract allows the body, but this package can't represent it.
        ConfigurationError: `on_violation` is neither `raise` nor `collect`.
    """
    check_on_violation(on_violation)
    with suppress(RecursionError, ValueError):
        return decode_usual(data, model), ()
    value, violations = collect(data, model)
    is_missing = any(each.path == needed for each in violations)
    if value is None or is_missing or (violations and on_violation == "raise"):
        raise _refusal(violations, data, noun, where, error or partial(_error, data))
    return value, violations


def _error(data: bytes, kind: type[BluejayError], message: str, **attributes: Any) -> BluejayError:
    return kind(message, body=data, **attributes)


def check_on_violation(value: object) -> None:
    """Raise ConfigurationError unless the value is `raise` or `collect`."""
    if value not in _ON_VIOLATION:
        raise ConfigurationError("on_violation must be 'raise' or 'collect'.")


@contextmanager
def naming_file(name: str) -> Iterator[None]:
    """Prefix an error's message with the name of the file that was read."""
    try:
        yield
    except BluejayError as error:
        raise replace(error, message=f"{name}: {error}") from None


def _refusal(
    found: tuple[Violation, ...], body: bytes, noun: str, where: str, error: Callable[..., BluejayError]
) -> BluejayError:
    """Return the error for the violations and unsupported values in a body; violations take precedence."""
    violations = tuple(each for each in found if not each.is_limit)
    first = (violations or found)[0]
    reason = f"{first.message} at {first.path}."
    if not violations:
        return error(UnsupportedValueError, reason)
    if not body.strip():
        message = f"The {noun} is empty."
    elif first.is_malformed:
        message = f"The {noun} is not valid JSON ({first.message.removeprefix('JSON is malformed: ')})."
    else:
        message = f"The {noun} breaks the contract at {first.path} ({first.message})."
    located = tuple(replace(each, path=f"{where}{each.path}") for each in violations)
    return error(ContractViolationError, message, violations=located)


def error_after(exchange: Exchange, kind: type[E], message: str, **attributes: Any) -> E:
    """Return an error that carries an exchange's data. The message starts with the requested run's id."""
    run_id = exchange.run_id
    text = without_signatures(message)
    run_may_exist = exchange.resource.kind == "queue" and _may_have_worked(exchange)
    if run_may_exist:
        text = f"{text if text.endswith(('.', '!', '?', '…')) else f'{text}.'} {MAY_EXIST}"
    return kind(
        f"{run_prefix(run_id)}{text}",
        status_code=(exchange.status or None) if exchange.url else None,
        body=None if exchange.failure else exchange.body,
        url=exchange.url or None,
        run_id=run_id,
        headers=exchange.headers,
        run_may_exist=run_may_exist,
        exchange=exchange,
        **attributes,
    )


def violation_of(exchange: Exchange, message: str, path: str, expected: str) -> ContractViolationError:
    """Return the error for a value that has the right type but breaks the contract."""
    found = (Violation(path, without_signatures(expected)),)
    return error_after(exchange, ContractViolationError, message, violations=found)


def _may_have_worked(exchange: Exchange) -> bool:
    """Whether a request to queue a run might have succeeded despite its error."""
    if exchange.failure and not exchange.status:
        return exchange.failure.was_sent
    return exchange.status in MAY_HAVE_WORKED or not 300 <= exchange.status < 500


def _error_of_failure(exchange: Exchange, failure: Failure) -> BluejayError:
    kind = _ERROR_OF_FAILURE.get(failure.error, ConnectionFailedError)
    if issubclass(kind, ConnectionFailedError):
        return error_after(exchange, kind, failure.reason, was_sent=failure.was_sent)
    return error_after(exchange, kind, failure.reason)


def _error_of_status(exchange: Exchange) -> ResponseError:
    status, detail = exchange.status, _detail(exchange.body)
    kind, advice = ERROR_BY_STATUS.get(
        status, (UnexpectedStatusError, _OTHER_ADVICE.get(status, _UNDOCUMENTED))
    )
    attributes: dict[str, Any] = {}
    if kind is NotFoundError and exchange.run_id is not None:
        kind = RunNotFoundError
    if kind is RequestRejectedError:
        attributes["errors"] = _field_errors(detail)
    if kind in (RateLimitError, ServerError):
        attributes["retry_after"] = _retry_after(exchange)
    if isinstance(detail, str):
        detail = without_signatures(detail)  # mask before shortening, so that no part remains
    advice = advice.format(noun=_NOUNS[exchange.resource.kind])
    message = _message(status, advice, attributes.get("errors", ()), detail)
    return error_after(exchange, kind, message, **attributes)


def _retry_after(answer: Exchange) -> float | None:
    """Return the seconds in a Retry-After header, or None if it is absent or invalid.

    If the header has a date, the seconds are counted from the response's date.
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
    return f"HTTP {status}: {advice}" + (f" The service said: {_one_line(said)}" if said else "")


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _detail(body: bytes) -> Any:
    try:
        document = json.loads(body) if len(body) <= _MOST_BYTES else None
    except (ValueError, RecursionError):
        return None
    return document.get("detail") if isinstance(document, dict) else None


def _field_errors(detail: Any) -> tuple[FieldError, ...]:
    """List the errors in a 422 response. The service sends a list, an object, a string or nothing."""
    entries = detail if isinstance(detail, list) else [] if detail is None else [detail]
    found = map(_field_error, entries)
    return tuple(FieldError(*map(without_signatures, astuple(each))) for each in found)


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
