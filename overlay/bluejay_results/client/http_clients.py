"""The httpx clients of a Bluejay client: one httpx client for each process that uses the Bluejay client."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from ..errors import ConfigurationError
from .http.library import AsyncHTTPClient, BlockingHTTPClient, classes

MAX_CONNECTIONS = 100

# By default, httpx keeps only 20 of 100 connections: with more in use, every request makes a new connection.
LIMITS = httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS)


def no_cookies() -> CookieJar:
    """Return a cookie jar that stores nothing: the service needs no cookies, and sending them costs time."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


HTTPClientT = TypeVar("HTTPClientT", BlockingHTTPClient, AsyncHTTPClient)


class HTTPClients(Generic[HTTPClientT]):
    """Makes, checks and closes the httpx clients that requests are sent with."""

    _HTTP_CLIENT: str
    """The name, in httpx and httpx2, of the class that a client passed in must have."""

    def _set_http_client(self, http_client: HTTPClientT | None) -> None:
        """Use the caller's httpx client, or make one."""
        self._is_owner = self._makes_its_own = http_client is None
        self._is_closed = False
        http = self._own_http_client() if http_client is None else http_client
        self._check_http_client(http)
        self._http_of: dict[int, HTTPClientT] = {os.getpid(): http}
        self._loop_of: dict[int, Any] = {}
        """The event loop of each process that uses an asynchronous client."""

    @property
    def _http(self) -> HTTPClientT:
        """The httpx client of this process.

        If two processes read one connection, each can get the other's response. A client inherited from the
        parent process stays open, because closing it could end the connections of the parent.
        """
        process = os.getpid()
        if http := self._http_of.get(process):
            return http
        if not self._makes_its_own:
            raise ConfigurationError(
                "A forked process can't use its parent's httpx client. Make new clients in this process."
            )
        return self._http_of.setdefault(process, self._own_http_client())  # two threads may do this

    @property
    def _is_usable(self) -> bool:
        return not (self._is_closed or self._http.is_closed)

    def _check_http_client(self, http: HTTPClientT) -> None:
        kind = self._HTTP_CLIENT
        if not isinstance(http, classes(kind)):
            got = type(http).__name__
            raise ConfigurationError(f"http_client must be an httpx.{kind} or an httpx2.{kind}, got {got}.")

    @contextmanager
    def _while_open(self) -> Iterator[None]:
        """Raise ConfigurationError instead of the RuntimeError that a closed httpx client raises."""
        try:
            yield
        except RuntimeError:
            if not self._http.is_closed:
                raise
        else:
            return
        raise ConfigurationError("The client was closed during the call. Close it after its last call.")

    def _own_http_client(self) -> HTTPClientT:
        try:
            _check_proxies()
            return self._new_http_client()
        except httpx.InvalidURL:  # its message may contain a part of the proxy's password
            reason = "a proxy is not a URL"
        except (ImportError, OSError, ValueError) as error:
            reason = str(error).rstrip(".")
        raise ConfigurationError(
            f"The HTTP settings in the environment can't be used: {reason}. "
            "Check the proxies and SSL_CERT_FILE."
        )

    def _new_http_client(self) -> HTTPClientT:
        raise NotImplementedError

    def _to_close(self) -> HTTPClientT | None:
        """Mark the client as closed; return the httpx client that this process has to close."""
        self._is_closed = self._is_owner
        return self._http_of.get(os.getpid()) if self._is_owner else None


def _check_proxies() -> None:
    """Raise httpx.InvalidURL if a proxy in the environment is not a URL or has a port that no proxy can have.

    The message of the ValueError may contain a part of the proxy's password.
    """
    for proxy in getproxies().values():
        try:
            urlsplit(proxy).port  # noqa: B018 - it raises ValueError
        except ValueError:
            raise httpx.InvalidURL("a proxy is not a URL") from None
