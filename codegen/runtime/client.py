from collections.abc import Mapping
from typing import Protocol

from attrs import define


class HTTPResponse(Protocol):
    """What an operation reads of a response; `httpx.Response` is one."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...


class HTTPClient(Protocol):
    """What an operation asks of a synchronous client; `httpx.Client` is one."""

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> HTTPResponse: ...


class AsyncHTTPClient(Protocol):
    """What an operation asks of an asynchronous client; `httpx.AsyncClient` is one."""

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> HTTPResponse: ...


@define
class Client:
    """Where operations are sent, and by what. It holds no credential: a key is an argument of its operation.

    Attributes:
        base_url: Scheme, host and optional path prefix, without a slash at the end.
    """

    base_url: str
    http: HTTPClient


@define
class AsyncClient:
    """The asynchronous twin of `Client`."""

    base_url: str
    http: AsyncHTTPClient
