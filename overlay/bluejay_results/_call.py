"""One call of the operation: what goes out, and what its answer means."""

import datetime
import email.utils
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from attrs import astuple, evolve, frozen
from bluejay_api.errors import InvalidBody
from bluejay_api.models import HTTPValidationError, SimulationResultsResponse
from bluejay_api.types import Response

from ._clock import Deadline
from ._config import Config
from ._secrets import without_signatures
from ._version import __version__
from .errors import (
    AuthenticationError,
    BluejayError,
    ConnectionFailedError,
    ContractViolationError,
    FieldError,
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
)
from .run import OnViolation, SimulationRun

ERROR_BY_STATUS: dict[int, tuple[type[ResponseError], str]] = {
    401: (AuthenticationError, "The API key was refused. Check where it comes from."),
    403: (AuthenticationError, "The API key may not read this run. Check where it comes from."),
    404: (RunNotFoundError, "There is no such run for this key. Check the run id."),
    422: (RequestRejectedError, "The request is not valid."),
    429: (RateLimitError, "Too many requests. Try again later or poll less often."),
    **dict.fromkeys(range(500, 512), (ServerError, "The service failed. Try again later.")),
}
HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": f"bluejay-results/{__version__}",
}

Answer = Response[HTTPValidationError | SimulationResultsResponse] | InvalidBody


@frozen
class Call:
    """One call for one run: its settings, and the reading of its answers."""

    config: Config
    run_id: str
    deadline: Deadline
    on_violation: OnViolation

    def request_options(self, headers: Mapping[str, str]) -> dict[str, Any]:
        """Return the options of a request: within the time that the call has left, and without redirects."""
        left = self.deadline.left()  # a busy client may use all of it to wait for a connection
        return {
            "headers": {**headers, **HEADERS},
            "timeout": httpx.Timeout(min(self.config.request_timeout, left), pool=left),
            "follow_redirects": False,
        }

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn the exceptions of httpx and the generated client into a `BluejayError`.

        The new error has no cause, because the frames below hold the headers and with them the key.
        """
        try:
            yield
        except httpx.TimeoutException as error:
            failure: BluejayError = RequestTimeoutError(
                f"{type(error).__name__}: no answer in time. Try again later."
            )
        except (httpx.RequestError, httpx.InvalidURL) as error:  # a redirect to what is no URL
            kind, advice = _connection_failure(error)
            failure = kind(self._clean(f"{type(error).__name__}: {error}. {advice}"))
        except ResponseTooLargeError as error:
            failure = error.with_traceback(None)
        else:
            return
        raise self._complete(failure)

    def run(self, answer: Answer) -> SimulationRun:
        """Return the run in a response, or raise the error that the response stands for."""
        if isinstance(answer, Response) and isinstance(answer.parsed, SimulationResultsResponse):
            return SimulationRun(answer.parsed, answer.content, requested_id=self.run_id)
        if answer.status_code == 200:
            return self._broken_run(answer.content)
        raise self._complete(self._response_error(answer.status_code, answer.headers, answer.content))

    def _broken_run(self, body: bytes) -> SimulationRun:
        try:
            run = SimulationRun.from_bytes(body, on_violation=self.on_violation)
            violations = self._clean_violations(run.violations)
            return evolve(run, violations=violations, requested_id=self.run_id)
        except (ContractViolationError, UnsupportedValueError) as error:
            error.status_code = 200
            error.args = (self._clean(str(error)),)
            if isinstance(error, ContractViolationError):
                error.violations = self._clean_violations(error.violations)
            self._complete(error)
            raise

    def _response_error(self, status: int, headers: Mapping[str, str], body: bytes) -> ResponseError:
        kind, advice = ERROR_BY_STATUS.get(
            status, (UnexpectedStatusError, "The service documents no such status. Check BLUEJAY_API_URL.")
        )
        detail = _detail(body)
        found = _field_errors(detail) if kind is RequestRejectedError else ()
        errors = tuple(FieldError(*map(self._clean, astuple(each))) for each in found)
        if isinstance(detail, str):
            detail = self._clean(detail)  # before it is shortened, or a part of the key could remain
        error = kind(_message(status, advice, errors, detail), status_code=status, body=body)
        if isinstance(error, RequestRejectedError):
            error.errors = errors
        if isinstance(error, RateLimitError | ServerError):
            error.retry_after = retry_after(headers)
        return error

    def _complete(self, error: BluejayError) -> BluejayError:
        error.run_id = self.run_id
        error.url = self.config.url_of(self.run_id)
        return error

    def _clean_violations(self, violations: tuple[Violation, ...]) -> tuple[Violation, ...]:
        return tuple(
            evolve(each, path=self._clean(each.path), message=self._clean(each.message))
            for each in violations
        )

    def _clean(self, text: str) -> str:
        return without_signatures(self.config.api_key.redact(text))


def _connection_failure(error: BaseException | None) -> tuple[type[ConnectionFailedError], str]:
    """Return the error class for an exception of httpx, and the advice, by the reason that OpenSSL gave."""
    while error:
        reason = getattr(error, "reason", None)
        if reason == "CERTIFICATE_VERIFY_FAILED":
            return TLSError, "Set SSL_CERT_FILE to the certificates of the authority that you trust."
        if reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:  # the latter since OpenSSL 3.2
            return TLSError, "The other end does not use TLS: use http:// in the base URL or the proxy's."
        error = error.__cause__ or error.__context__
    return ConnectionFailedError, "Check the base URL, the proxies and the network."


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a Retry-After header asks for; None when it is absent or makes no sense."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        at = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = at.replace(tzinfo=at.tzinfo or datetime.UTC)
    return max(0.0, (at - datetime.datetime.now(datetime.UTC)).total_seconds())


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
    """List the errors of a 422 in whatever shape they come: a list, an object, a string or nothing."""
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


def _one_line(text: str, limit: int = 300) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit]}…"
