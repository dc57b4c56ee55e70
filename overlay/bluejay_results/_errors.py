"""The errors and their attributes. Import them from `errors`, which draws their tree."""

from collections.abc import Mapping
from types import MappingProxyType

from attrs import field, frozen


def run_prefix(run_id: str | None) -> str:
    """Return what a message about a run starts with; empty for None."""
    if run_id is None:
        return ""
    return f"Run {run_id if len(run_id) <= 100 else run_id[:100] + '…'}: "


class BluejayError(Exception):
    """The base class of all errors of this package.

    Attributes:
        status_code: HTTP status of the answer; None when there was none.
        body: The exact bytes of the answer; None when there was none.
        url: What was asked for; None when nothing was sent.
        run_id: The run that was asked for; None when there was none.
        headers: The headers of the answer; empty when there was none.
        run_may_exist: Whether a run may have been queued all the same: look before you queue it again.
    """

    headers: Mapping[str, str] = MappingProxyType({})
    run_may_exist: bool = False

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        body: bytes | None = None,
        url: str | None = None,
        run_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.body = body
        self.url = url
        self.run_id = run_id

    @property
    def reason(self) -> str:
        """The message without the run that it starts with."""
        return str(self).removeprefix(run_prefix(self.run_id))

    @property
    def request_id(self) -> str | None:
        """The service's own id of the request, for its support; None if it gave none."""
        return self.headers.get("x-request-id") or None


class UsageError(BluejayError, ValueError):
    """This package was misused; nothing was sent."""


class ConfigurationError(UsageError):
    """The API key, the base URL or a setting can't be used."""


class InvalidIdError(UsageError):
    """The id of a run, a result or a simulation can't be sent."""


class ConnectionFailedError(BluejayError):
    """No answer came, or none that could be read to its end.

    Attributes:
        was_sent: Whether the request may have arrived: False only where no connection was made.
    """

    was_sent: bool = True


class RequestTimeoutError(ConnectionFailedError):
    """No answer came in time."""


class TLSError(ConnectionFailedError):
    """The certificate can't be verified, or the other end does not use TLS; a retry can't help."""


class ResponseError(BluejayError):
    """The answer is an error.

    Attributes:
        retry_after: Seconds that a 429, or a 500 to 511, asked to wait; None when it named none.
    """

    retry_after: float | None = None


class AuthenticationError(ResponseError):
    """401 or 403: the API key was refused."""


class NotFoundError(ResponseError):
    """404: what was asked for does not exist, or this key may not see it."""


class RunNotFoundError(NotFoundError):
    """404: there is no such run, or this key may not see it."""


@frozen
class FieldError:
    """One error in a request.

    Attributes:
        field: Where it is, from the outside in, such as `header.X-API-Key`; empty when unknown.
        message: What is wrong, for a person.
        type: What is wrong, for a program, such as `missing`; empty when unknown.
    """

    field: str
    message: str
    type: str


class RequestRejectedError(ResponseError):
    """422: the request is not valid.

    Attributes:
        errors: What is wrong with it; empty when the answer doesn't say.
    """

    errors: tuple[FieldError, ...] = ()


class RateLimitError(ResponseError):
    """429: too many requests."""


class ServerError(ResponseError):
    """500 to 511: the service failed."""


class UnexpectedStatusError(ResponseError):
    """A status that the service has no documented use for, such as a redirect or a CDN's 520."""


@frozen
class Violation:
    """One place in a body that is not what the contract says, or that this package can't hold.

    Attributes:
        path: Its exact JSON path, such as `$.simulation_results[3].id`; `$` for the whole body. Of a required
            field that is missing, the path where it should be.
        message: What was expected and what came.
        is_limit: Whether the contract allows it and this package can't hold it.
        is_malformed: Whether the whole body isn't JSON.
    """

    path: str
    message: str
    is_limit: bool = False
    is_malformed: bool = field(default=False, repr=False)


class ResponseTooLargeError(BluejayError):
    """The body is larger than `max_body_bytes`; it is not kept."""


class UnsupportedValueError(BluejayError):
    """A 200 whose body the contract allows but this package can't hold.

    For example `1e400` in a field of type number, or JSON nested 100,000 deep. `body` is the whole body.
    """


class ContractViolationError(BluejayError):
    """A 200 whose body is not what the contract says.

    Attributes:
        violations: What breaks the contract, in the order of the body. At most the first 1,000: where that
            many are listed there may be more.
    """

    violations: tuple[Violation, ...] = ()

    @property
    def path(self) -> str:
        """JSON path of the first violation; `$` for the whole body."""
        return self.violations[0].path if self.violations else "$"
