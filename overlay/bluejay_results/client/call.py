"""One call of an operation: the options of its request, and the result or the error of its response."""

import datetime
import email.utils
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from attrs import astuple, evolve, frozen
from bluejay_api.types import Response

from .._secrets import without_signatures
from ..clock import Deadline
from ..errors import (
    AuthenticationError,
    BluejayError,
    ConnectionFailedError,
    ContractViolationError,
    FieldError,
    NotFoundError,
    RateLimitError,
    RequestRejectedError,
    RequestTimeoutError,
    ResponseError,
    ResponseTooLargeError,
    ServerError,
    TLSError,
    UnexpectedStatusError,
    UnsupportedValueError,
    Violation,
    run_prefix,
)
from ..recording.exchange import OTHER, Exchange, date_in, resource_at
from ..results.app_url import APP_URL
from ..results.page import Page, Record
from ..results.simulation_runs import SimulationRuns
from .config import HEADERS, Config
from .http.library import classes, exceptions
from .operations import AnyResponse, BoundOperation

T = TypeVar("T")

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
MAY_HAVE_WORKED = frozenset({303, 307, 308, 408})
"""Statuses from 300 to 499 that don't mean that a request failed: a run may have been queued."""
MAY_EXIST = f"The run may have been queued anyway. Look at {APP_URL} before you queue it again."


@frozen
class Call(Generic[T]):
    """One call of an operation, with the settings of the client.

    Attributes:
        config: The settings of the client.
        operation: The operation to call.
        deadline: When the call must be over.
        max_body_bytes: The maximum size of the decompressed body (bytes).
    """

    config: Config
    operation: BoundOperation[T]
    deadline: Deadline
    max_body_bytes: int

    @property
    def url(self) -> str:
        """The requested URL."""
        return self.config.base_url + self.operation.path

    def credentials(self) -> dict[str, str]:
        """Return the arguments of the operation that come from the settings: the key and the organization."""
        found = {"x_api_key": self.config.api_key.reveal()}
        if self.operation.has_organization and self.config.organization_id is not None:
            found["x_organization_id"] = self.config.organization_id
        return found

    def request_options(self, headers: Mapping[str, str], content: bytes | None) -> dict[str, Any]:
        """Return httpx options that limit the request to the call's remaining time and disable redirects."""
        left = self.deadline.left()  # the wait for a free connection may take all of this time
        pause = min(self.config.request_timeout, left)
        return {
            "headers": {**headers, **HEADERS},
            "content": content,
            "timeout": (pause, pause, pause, left),  # to connect, read, write and get a connection
            "follow_redirects": False,
        }

    @contextmanager
    def translated(self) -> Iterator[datetime.datetime]:
        """Yield the time; turn an exception of httpx or of the generated client into a `BluejayError`.

        The new error has no cause, because the frames of the cause contain the headers, and so the key.
        """
        try:
            yield self.deadline.utc_now()
        except exceptions("PoolTimeout"):
            late = RequestTimeoutError(
                "PoolTimeout: no connection was free in time. Make fewer calls at once."
            )
            late.was_sent = False
            failure: BluejayError = late
        except exceptions("TimeoutException") as error:
            late = RequestTimeoutError(f"{type(error).__name__}: no answer in time. Try again later.")
            late.was_sent = not isinstance(error, classes(*_NEVER_CONNECTED))
            failure = late
        except exceptions("RequestError", "InvalidURL") as error:  # InvalidURL: after a bad redirect
            kind, advice = _connection_failure(error)
            failed = kind(self.clean(f"{type(error).__name__}: {error}. {advice}"))
            failed.was_sent = not isinstance(error, classes(*_NEVER_CONNECTED))
            failure = failed
        except ResponseTooLargeError as error:
            failure = error.with_traceback(None)
        else:
            return
        raise self._complete(failure)

    def result(self, answer: AnyResponse, started_at: datetime.datetime) -> T:
        """Return the result of a response, or raise the error for its status or body."""
        duration = max(self.deadline.utc_now() - started_at, datetime.timedelta())
        return self.read(
            Exchange(
                self.url,
                resource_at(self.url) or OTHER,
                started_at,
                duration,
                self.deadline.now(),
                answer.status_code,
                answer.headers,
                answer.content,
            ),
            answer.parsed if isinstance(answer, Response) else None,
        )

    def read(self, answer: Exchange, model: Any = None) -> T:
        """Return the result of an exchange, or raise the error for its status or body.

        `model` is the decoded body, if it is known to be valid.
        """
        if answer.status != 200:
            raise self._complete(self._response_error(answer.status, answer.headers, answer.body))
        try:
            result = self.operation.read(model, answer)
        except (ContractViolationError, UnsupportedValueError) as error:
            error.status_code, error.headers = answer.status, answer.headers
            error.args = (self.clean(str(error)),)
            if isinstance(error, ContractViolationError):
                error.violations = self._clean_violations(error.violations)
            self._complete(error)
            raise
        return self._cleaned(result)

    def _cleaned(self, result: T) -> T:
        """Return the result with the key masked in its violations."""
        if isinstance(result, Page | Record | SimulationRuns) and result.violations:
            return evolve(result, violations=self._clean_violations(result.violations))
        return result

    def _response_error(self, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError:
        kind, advice = ERROR_BY_STATUS.get(
            status, (UnexpectedStatusError, _OTHER_ADVICE.get(status, _UNDOCUMENTED))
        )
        kind = self.operation.not_found if kind is NotFoundError else kind
        advice = advice.format(noun=self.operation.noun)
        detail = _detail(body)
        found = _field_errors(detail) if kind is RequestRejectedError else ()
        errors = tuple(FieldError(*map(self.clean, astuple(each))) for each in found)
        if isinstance(detail, str):
            detail = self.clean(detail)  # mask before shortening, so that no part of the key remains
        error = kind(_message(status, self.clean(advice), errors, detail), status_code=status, body=body)
        error.headers = headers
        if isinstance(error, RequestRejectedError):
            error.errors = errors
        if isinstance(error, RateLimitError | ServerError):
            error.retry_after = retry_after(headers, self.deadline.utc_now())
        return error

    def _complete(self, error: BluejayError) -> BluejayError:
        error.run_id = self.operation.run_id
        error.url = self.url
        error.args = (f"{run_prefix(error.run_id)}{error}",)
        if not self.operation.is_repeatable and _may_have_worked(error):
            error.run_may_exist = True
            error.args = (f"{_sentence(str(error))} {MAY_EXIST}",)
        return error

    def _clean_violations(self, violations: tuple[Violation, ...]) -> tuple[Violation, ...]:
        return tuple(
            evolve(each, path=self.clean(each.path), message=self.clean(each.message)) for each in violations
        )

    def clean(self, text: str) -> str:
        """Return `text` with the key and the credentials in URLs masked."""
        return without_signatures(self.config.api_key.redact(text))


_NEVER_CONNECTED = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol")
"""Exceptions that the HTTP library raises before it sends anything."""


def _may_have_worked(error: BluejayError) -> bool:
    """Whether the run may have been queued in spite of this error."""
    if isinstance(error, ConnectionFailedError):
        return error.was_sent
    status = error.status_code
    return status is None or status in MAY_HAVE_WORKED or not 300 <= status < 500


def _connection_failure(error: BaseException | None) -> tuple[type[ConnectionFailedError], str]:
    """Return the error class and the advice for an exception of httpx.

    A failure of TLS is recognized by the reason that OpenSSL reports.
    """
    if isinstance(error, classes("ProxyError")):
        return ConnectionFailedError, CHECK_PROXY
    while error:
        reason = getattr(error, "reason", None)
        if reason == "CERTIFICATE_VERIFY_FAILED":
            return TLSError, "Set SSL_CERT_FILE to the certificates of the authority that you trust."
        if reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:  # OpenSSL 3.2 reports the latter
            return TLSError, "The server does not use TLS: use http:// in the base URL or the proxy's URL."
        error = error.__cause__ or error.__context__
    return ConnectionFailedError, "Check the base URL, the proxies and the network."


def retry_after(headers: Mapping[str, str], now: datetime.datetime) -> float | None:
    """Return the seconds in a Retry-After header; None if it is absent or invalid.

    The seconds until a date are counted from the response's Date header, or from `now` if there is no Date.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        at = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = at.replace(tzinfo=at.tzinfo or datetime.UTC)
    return max(0.0, (at - (date_in(headers) or now)).total_seconds())


def _message(status: int, advice: str, errors: tuple[FieldError, ...], detail: Any) -> str:
    said = "; ".join(f"{each.field}: {each.message}" if each.field else each.message for each in errors)
    if not said and isinstance(detail, str):
        said = detail
    return f"{status}: {advice}" + (f" The service said: {_one_line(said)}" if said else "")


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


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _one_line(text: str, limit: int = 300) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit]}…"
