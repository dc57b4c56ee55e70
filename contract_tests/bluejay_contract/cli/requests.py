"""Reads a live service with httpx alone, not with the client under test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import httpx
from bluejay_results import __version__
from bluejay_results.cli.source import bounded
from bluejay_results.client.base import check_id
from bluejay_results.client.config import Config
from bluejay_results.errors import (
    ConfigurationError,
    ConnectionFailedError,
    RequestTimeoutError,
    UsageError,
)

from bluejay_contract.exchange import WRONG_KEY, Exchange, Key, Request
from bluejay_contract.operations import RESULTS, Page

HEADERS = {"Accept": "application/json", "User-Agent": f"bluejay-contract/{__version__}"}
ANSWER_TIMEOUT = 120.0
"""Seconds that a whole response may take."""


class Service:
    """Reads runs of a service. Use as a context manager."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._keys: dict[Key, Callable[[], str]] = {
            Key.VALID: config.api_key.reveal,
            Key.WRONG: lambda: WRONG_KEY,
        }

    def __enter__(self) -> Self:
        # One connection per request: the service may close a kept connection during a pause.
        limits = httpx.Limits(max_keepalive_connections=0)
        try:
            self._http = httpx.Client(timeout=self._config.request_timeout, limits=limits, headers=HEADERS)
        except (httpx.InvalidURL, ImportError, OSError, ValueError):
            # The text of the exception is left out, because it can contain the password of a proxy.
            raise ConfigurationError(
                "The HTTP settings in the environment can't be used. Check the proxies and SSL_CERT_FILE."
            ) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    @property
    def url(self) -> str:
        """The base URL of the service."""
        return self._config.base_url

    def get(
        self, run_id: str, key: Key = Key.VALID, *, exists: bool = True, page: Page | None = None
    ) -> Exchange:
        """Send one GET request for a run, without following redirects, and return any response.

        Args:
            run_id: The run.
            key: The key to send.
            exists: Whether the run is expected to exist.
            page: The page to request; without a page, no query is sent.

        Raises:
            ConnectionFailedError: There was no response, or it was incomplete.
            UsageError: The run id can't be part of a URL, or the body is over the limit.
        """
        check_id(self._config.api_key, "run id", run_id)
        page = page or Page()
        query = f"?limit={page.limit}&offset={page.offset}" if page != Page() else ""
        url = self.url + RESULTS.url(run_id) + query
        secret = self._keys.get(key, self._keys[Key.VALID])
        with self._translated(url), self._http.stream("GET", url, headers=self._headers(key)) as response:
            body = bounded(_pieces(response), self._config.max_body_bytes, url)
            request = Request(run_id, key, "GET", secret(), url, exists, page=page)
            return Exchange(request, response.status_code, dict(response.headers), body)

    def _headers(self, key: Key) -> dict[str, str]:
        organization = self._config.organization_id
        headers = {"X-Organization-Id": organization} if organization else {}
        return headers | {"X-API-Key": self._keys[key]()} if key in self._keys else headers

    @contextmanager
    def _translated(self, url: str) -> Iterator[None]:
        """Turn exceptions of httpx into our errors, without a cause: its traceback would contain the key."""
        try:
            yield
        except httpx.InvalidURL:
            raise UsageError("The run id is too long for a URL.") from None
        except httpx.TimeoutException as error:
            message = f"{type(error).__name__}: no answer in time. Try again later."
            raise RequestTimeoutError(message, url=url) from None
        except httpx.RequestError as error:
            said = self._config.api_key.redact(f"{type(error).__name__}: {error}")
            advice = "Check the base URL, the proxies and the network."
            raise ConnectionFailedError(f"{said}. {advice}", url=url) from None


def _pieces(response: httpx.Response) -> Iterator[bytes]:
    end = time.monotonic() + ANSWER_TIMEOUT
    for piece in response.iter_bytes():
        if time.monotonic() > end:
            raise httpx.ReadTimeout("the response did not end in time", request=response.request)
        yield piece
