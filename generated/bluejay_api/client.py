# Copied from codegen/runtime by `make generate`. Edit it there; the next run overwrites this copy.
from collections.abc import Mapping
from typing import Protocol

from attrs import define


class HTTPResponse(Protocol):
    """A response, such as an `httpx.Response`, with the attributes that operations read."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...


class HTTPClient(Protocol):
    """A synchronous HTTP client, such as an `httpx.Client`, with the method that operations call."""

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> HTTPResponse: ...


class AsyncHTTPClient(Protocol):
    """An asynchronous HTTP client, such as an `httpx.AsyncClient`, with the method that operations call."""

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> HTTPResponse: ...


@define
class Client:
    """The base URL and the HTTP client that operations use. Each operation takes the API key as an argument.

    Attributes:
        base_url: Scheme, host and optional path prefix, without a trailing slash.
        http: The HTTP client that sends the requests.
    """

    base_url: str
    http: HTTPClient


@define
class AsyncClient:
    """The asynchronous version of `Client`."""

    base_url: str
    http: AsyncHTTPClient
