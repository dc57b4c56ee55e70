"""The httpx clients that a Bluejay client uses, and the responses that they receive.

Each process has one httpx or httpx2 client, either created by this package or passed in by the user.

Only this module handles httpx2. This module never imports httpx2, but uses it if the user has imported it.
httpx2's classes have the same names as httpx's. Other code gets both libraries' classes from here because the
user can pass in a client from either library.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from .._secrets import Secret
from ..errors import (
    ConfigurationError,
    ConnectionFailedError,
    RequestTimeoutError,
    TLSError,
)
from ..recording.exchange import Failure
from ..results.responses import CHECK_PROXY
from .deadline import Deadline

if TYPE_CHECKING:
    import httpx2

BlockingHTTPClient: TypeAlias = "httpx.Client | httpx2.Client"
AsyncHTTPClient: TypeAlias = "httpx.AsyncClient | httpx2.AsyncClient"
HTTPResponse: TypeAlias = "httpx.Response | httpx2.Response"
HTTPClientT = TypeVar("HTTPClientT", bound="BlockingHTTPClient | AsyncHTTPClient")

MAX_CONNECTIONS = 100

# By default, httpx keeps only 20 idle connections open. If more requests ran at once, many would
# have to make a new connection.
LIMITS = httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS)
CREDENTIAL_HEADERS = frozenset(
    {b"authorization", b"cookie", b"proxy-authorization", b"set-cookie", b"set-cookie2", b"x-api-key"}
)
"""Headers that carry credentials; they are never stored."""
_PIECE = 1 << 20
"""The maximum number of bytes that are decompressed at a time."""

_NEVER_CONNECTED = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol")
"""Exceptions that the HTTP library raises before sending anything."""


_sent_key = ContextVar[Secret | None]("_sent_key", default=None)


def _mask_key(record: logging.LogRecord) -> bool:
    if key := _sent_key.get():
        record.msg, record.args = key.redact(record.getMessage()), ()
    return True


for _name in ("httpx", "httpx2", "httpcore.http11", "httpcore2.http11"):
    logging.getLogger(_name).addFilter(_mask_key)


@contextmanager
def key_masked_in_logs(key: Secret) -> Iterator[None]:
    """Mask the key in the HTTP libraries' own logs, which contain the received reason phrase and headers."""
    token = _sent_key.set(key)
    try:
        yield
    finally:
        _sent_key.reset(token)


def classes(*names: str) -> tuple[type[Any], ...]:
    """Return the classes with these names from each library, for `isinstance` and `except`."""
    libraries = (httpx, sys.modules.get("httpx2"))
    found = (getattr(library, name, None) for library in libraries for name in names)
    return tuple(each for each in found if each)  # a class is None while another thread imports httpx2


class HTTPClients(Generic[HTTPClientT]):
    """Creates, checks and closes the httpx clients that send requests."""

    def __init__(self, make: Callable[..., HTTPClientT], kind: str, http_client: HTTPClientT | None) -> None:
        """Use the user's httpx client, or create one; `kind` is the name of the Bluejay client's class."""
        self._make = make
        self._is_owner = http_client is None
        self._is_closed = False
        http = self._new() if http_client is None else http_client
        if not isinstance(http, classes(kind)):
            got = type(http).__name__
            raise ConfigurationError(f"http_client must be an httpx.{kind} or an httpx2.{kind}, got {got}.")
        self._http_of: dict[int, HTTPClientT] = {os.getpid(): http}

    @property
    def current(self) -> HTTPClientT:
        """This process's httpx client.

        If two processes share a connection, each can read the other's response. A client inherited from the
        parent process is left open because closing it could break the parent's connections.
        """
        process = os.getpid()
        if http := self._http_of.get(process):
            return http
        if not self._is_owner:
            raise ConfigurationError(
                "A forked process can't use its parent's httpx client. Create new clients in this process."
            )
        return self._http_of.setdefault(process, self._new())  # two threads can get here at the same time

    def for_request(self, *, is_repeatable: bool) -> HTTPClientT | nullcontext[HTTPClientT]:
        """Return a context manager that provides the httpx client for a request.

        A request that must not be retried gets a new connection because the service might have closed an idle
        one.
        """
        return nullcontext(self.current) if is_repeatable or not self._is_owner else self._new()

    def close_abandoned(self, response: HTTPResponse) -> None:
        """Close a response's connection if it was opened while the client closed, which overlooked it."""
        stream = response.extensions.get("network_stream")
        if self._is_closed and stream:
            stream.close()

    def check_open(self) -> None:
        """Raise ConfigurationError if the client was closed."""
        if self._is_closed or self.current.is_closed:
            raise ConfigurationError("The client is closed. Create a new one.")

    def to_close(self) -> HTTPClientT | None:
        """Mark the client as closed; return the httpx client that this process must close."""
        self._is_closed = self._is_owner
        return self._http_of.get(os.getpid()) if self._is_owner else None

    def _new(self) -> HTTPClientT:
        try:
            _check_proxies()
            # The service needs no cookies, and sending them costs time.
            return self._make(limits=LIMITS, cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])))
        except httpx.InvalidURL:  # the error's message can contain part of the proxy's password
            reason = "a proxy is not a valid URL"
        except (ImportError, OSError, ValueError) as error:
            reason = str(error).rstrip(".")
        raise ConfigurationError(
            f"The HTTP settings in the environment can't be used ({reason}). "
            "Check the proxies and SSL_CERT_FILE."
        )


def _check_proxies() -> None:
    """Raise httpx.InvalidURL if a proxy in the environment isn't a URL or has an impossible port.

    The ValueError's message isn't used, because it can contain part of the proxy's password.
    """
    for proxy in getproxies().values():
        try:
            urlsplit(proxy).port  # noqa: B018 - it raises ValueError
        except ValueError:
            raise httpx.InvalidURL("a proxy is not a valid URL") from None


class BodyTooLargeError(Exception):
    """The body is larger than the call allows."""


class Allowance:
    """How many more bytes several bodies can have together. Calls in parallel threads can share it."""

    def __init__(self, limit: int, used: int = 0) -> None:
        """Allow `limit` bytes, of which `used` are already taken."""
        self._limit, self._left, self._lock = limit, limit - used, threading.Lock()

    def take(self, count: int) -> None:
        """Take bytes, or give them back if `count` is negative; raise BodyTooLargeError if none are left."""
        with self._lock:
            self._left -= count
            if count > 0 > self._left:
                raise BodyTooLargeError(
                    f"The service sent more than {self._limit} bytes. "
                    "Increase max_body_bytes if you expect this many."
                )


class Received:
    """A response as it arrives. A response that is too large, too late or truncated is rejected.

    A gzip body is decompressed here in small pieces because httpx would decompress each chunk at once,
    whatever its size, and accept a truncated body.

    An API key that the service echoes is masked only here. Everything else, from the decoder to the
    recording, reads the masked response.

    Attributes:
        deadline: The time by which the entire response must have arrived.
        status_code: The HTTP status; 0 before the headers have arrived.
        headers: The response headers by lowercase name, without credentials.
        content: The entire body; empty until it is complete.
    """

    def __init__(self, key: Secret, deadline: Deadline, allowance: Allowance) -> None:
        """Prepare for a response."""
        self._key = key
        self.deadline = deadline
        self.status_code = 0
        self.headers: Mapping[str, str] = {}
        self.content = b""
        self._allowance = allowance
        self._taken = 0
        self._pieces: list[bytes] = []
        self._encoding = "identity"
        self._member: zlib._Decompress | None = None

    def begin(self, response: HTTPResponse) -> None:
        """Store a response's status and headers."""
        self.status_code, self.headers = response.status_code, self._without_credentials(response)
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        # If the body was already read, httpx has decompressed it.
        self._encoding = "identity" if response.is_stream_consumed else encoding

    def add(self, chunk: bytes) -> None:
        """Add a chunk of the body.

        Raises:
            httpx.DecodingError: The chunk is corrupt, or its content encoding wasn't requested.
            BodyTooLargeError: The body is too large.
        """
        for piece in self._unpacked(chunk):
            self._taken += len(piece)
            self._allowance.take(len(piece))
            if self.deadline.left() <= 0:
                raise httpx.ReadTimeout("the call's deadline has passed")
            self._pieces.append(piece)

    def end(self) -> None:
        """Join the received chunks; raise httpx.DecodingError if the body is truncated."""
        if self._member and not self._member.eof:
            raise httpx.DecodingError("the gzip body is truncated")
        self.content = self._key.mask(b"".join(self._pieces))

    def discard(self) -> None:
        """Give back the bytes that the response has taken from the allowance."""
        self._allowance.take(-self._taken)
        self._taken = 0

    def _without_credentials(self, response: HTTPResponse) -> dict[str, str]:
        """Return the headers with the key masked, and without any headers that carry credentials."""
        headers = [pair for pair in response.headers.raw if pair[0].lower() not in CREDENTIAL_HEADERS]
        if self._key.is_in(b"\n".join(map(b"\n".join, headers)).decode("latin-1")):
            headers = [(self._masked(name), self._masked(value)) for name, value in headers]
        return dict(httpx.Headers(headers).items())

    def _masked(self, header: bytes) -> bytes:
        return self._key.redact(header.decode("latin-1")).encode("latin-1")

    def _unpacked(self, chunk: bytes) -> Iterator[bytes]:
        if self._encoding == "identity" or not chunk:
            yield chunk
            return
        if self._encoding != "gzip":
            sent = self.headers["content-encoding"]  # masked
            raise httpx.DecodingError(
                f"the response has the content encoding {sent}, which was not requested"
            )
        # Created here, because the empty body of an error can also be labelled gzip.
        self._member = self._member or zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            while chunk:  # zlib consumes the end of the body only after it has returned all output
                yield self._member.decompress(chunk, _PIECE)
                chunk = self._member.unconsumed_tail
        except zlib.error as error:
            raise httpx.DecodingError(str(error)) from None
        if self._member.unused_data:
            raise httpx.DecodingError("the gzip body has more than one member")


def failure_of(error: Exception, clean: Callable[[str], str]) -> Failure:
    """Return the failure for an exception raised by httpx; `clean` masks the key."""
    kind, text = _kind_and_text(error)
    was_sent = not isinstance(error, classes(*_NEVER_CONNECTED))
    return Failure(kind.__name__, clean(f"{type(error).__name__}: {text}"), was_sent)


def _kind_and_text(error: Exception) -> tuple[type[ConnectionFailedError], str]:
    """Return the error class and the message for an exception raised by httpx.

    TLS failures are recognized by the reason that OpenSSL reports.
    """
    if isinstance(error, classes("PoolTimeout")):
        return RequestTimeoutError, "no connection became free in time. Make fewer calls in parallel."
    if isinstance(error, classes("TimeoutException")):
        return RequestTimeoutError, "no response arrived in time. Try again later."
    if isinstance(error, classes("ProxyError")):
        return ConnectionFailedError, f"{error}. {CHECK_PROXY}"
    cause: BaseException | None = error
    while cause:
        reason = getattr(cause, "reason", None)
        if reason == "CERTIFICATE_VERIFY_FAILED":
            advice = "Set SSL_CERT_FILE to the certificates of an authority that you trust."
            return TLSError, f"{error}. {advice}"
        if reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:  # the second since OpenSSL 3.2
            advice = "The server does not use TLS, so use http:// in the base URL or the proxy's URL."
            return TLSError, f"{error}. {advice}"
        cause = cause.__cause__ or cause.__context__
    return ConnectionFailedError, f"{error}. Check the base URL, the proxies and the network."
