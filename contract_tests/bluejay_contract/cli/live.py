"""Checks a live service with GET requests. Uses httpx alone, not the client under test.

`live` sends six requests. Two of them fetch the first page of the same run, so that the responses can be
compared. The third asks for a page with a single result, to see whether the service paginates. The service
must reject the other three requests: one has no key, one has a wrong key, and one is for a run that doesn't
exist.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from attrs import evolve
from bluejay_results import __version__
from bluejay_results.cli.connection import Connection
from bluejay_results.cli.keys import find_key
from bluejay_results.cli.source import bounded
from bluejay_results.client.base import check_id
from bluejay_results.client.config import Config
from bluejay_results.errors import ConfigurationError, ConnectionFailedError, RequestTimeoutError, UsageError

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import WRONG_KEY, Exchange, Key, Request
from bluejay_contract.operations import RESULTS, Page
from bluejay_contract.redaction import Redaction
from bluejay_contract.report import Answered, Report, paging, report

from .checking import writable

NOBODYS_RUN = "00000000-0000-4000-8000-000000000000"
HEADERS = {"Accept": "application/json", "User-Agent": f"bluejay-contract/{__version__}"}
ANSWER_TIMEOUT = 120.0
"""The timeout for an entire response, in seconds."""
_MAX_BODY_BYTES = 256 * 1024 * 1024
"""The maximum size of a body to check, in bytes."""


def all_checks(run_id: str) -> Mapping[str, Request]:
    """Return the six requests that `live` sends, by the name used in reports and kept files."""
    return {
        "first read": Request(run_id, Key.VALID),
        "second read": Request(run_id, Key.VALID),
        "small page": Request(run_id, Key.VALID, page=Page(limit=1)),
        "no key": Request(run_id, Key.MISSING),
        "wrong key": Request(run_id, Key.WRONG),
        "unknown run": Request(NOBODYS_RUN, Key.VALID, exists=False),
    }


def checked_service(
    requests: Mapping[str, Request],
    connection: Connection,
    pause: float = 0,
    keep: Path | None = None,
    *,
    strict: bool,
) -> Report:
    """Check a service. Before sending several requests, announce them on stderr.

    Raises:
        BluejayError: A request got no response, or an option is unusable.
    """
    config = Config.resolve(
        find_key(connection.api_key_file),
        connection.base_url,
        request_timeout=30,
        retries=0,
        max_body_bytes=_MAX_BODY_BYTES,
        organization_id=connection.organization,
    )
    for request in requests.values():
        check_id(config.api_key, "run id", request.id)
    if keep:
        with writable(keep):
            keep.mkdir(mode=0o700, parents=True, exist_ok=True)
    if len(requests) > 1:
        where = f"{config.base_url}, {pause:g} s apart"
        message = f"Sending {len(requests)} GET requests to {where}: {', '.join(requests)}"
        sys.stderr.write(f"{message}\n")
    exchanges = list(sent(config, requests.values(), pause))
    if keep:
        with writable(keep):
            for number, (name, exchange) in enumerate(zip(requests, exchanges, strict=True), 1):
                path = keep / f"{number}-{name.replace(' ', '-')}.json"
                path.touch(mode=0o600)  # only this user can read the body
                path.write_bytes(exchange.body)
    gc.disable()  # the collector would search for reference cycles, but JSON has none
    source, redaction = exchanges[0].request.source, Redaction(config.api_key.redact)
    named = zip(requests, exchanges, strict=True)
    return evolve(
        report(Contract.load(), exchanges, source, strict=strict, redaction=redaction),
        answers=tuple(Answered(name, each.status, len(each.body)) for name, each in named),
        paging=paging(exchanges) if len(requests) > 1 else None,
    )


def sent(
    config: Config, requests: Iterable[Request], pause: float, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Exchange]:
    """Send requests, pausing between them, and yield each exchange.

    Raises:
        ConfigurationError: The HTTP settings in the environment can't be used.
        ConnectionFailedError: There was no response, or it was incomplete.
        UsageError: The run id can't be part of a URL, or a body is over the limit.
    """
    # One connection per request because the service might close an idle connection during a pause.
    limits = httpx.Limits(max_keepalive_connections=0)
    try:
        client = httpx.Client(timeout=config.request_timeout, limits=limits, headers=HEADERS)
    except (httpx.InvalidURL, ImportError, OSError, ValueError):
        # The exception's text is left out because it can contain a proxy's password.
        raise ConfigurationError(
            "The HTTP settings in the environment can't be used. Check the proxies and SSL_CERT_FILE."
        ) from None
    with client:
        for index, request in enumerate(requests):
            if index:
                sleep(pause)
            yield _exchange(client, config, request)


def _exchange(client: httpx.Client, config: Config, request: Request) -> Exchange:
    page = request.page or Page()
    query = f"?limit={page.limit}&offset={page.offset}" if page != Page() else ""
    url = config.base_url + RESULTS.url(request.id or "") + query
    secret = WRONG_KEY if request.key is Key.WRONG else config.api_key.reveal()
    headers = {"X-Organization-Id": config.organization_id} if config.organization_id else {}
    if request.key is not Key.MISSING:
        headers["X-API-Key"] = secret
    with _translated(config, url), client.stream("GET", url, headers=headers) as response:
        body = bounded(_pieces(response), config.max_body_bytes, url)
        request = evolve(request, secret=secret, source=url)
        return Exchange(request, response.status_code, dict(response.headers), body)


@contextmanager
def _translated(config: Config, url: str) -> Iterator[None]:
    """Convert httpx exceptions to ours. They get no cause, because its traceback would contain the key."""
    try:
        yield
    except httpx.InvalidURL:
        raise UsageError("The run id is too long for a URL.") from None
    except httpx.TimeoutException as error:
        message = f"{type(error).__name__}: no response arrived in time. Try again later."
        raise RequestTimeoutError(message, url=url) from None
    except httpx.RequestError as error:
        said = config.api_key.redact(f"{type(error).__name__}: {error}")
        advice = "Check the base URL, the proxies and the network."
        raise ConnectionFailedError(f"{said}. {advice}", url=url) from None


def _pieces(response: httpx.Response) -> Iterator[bytes]:
    end = time.monotonic() + ANSWER_TIMEOUT
    for piece in response.iter_bytes():
        if time.monotonic() > end:
            raise httpx.ReadTimeout("the response did not end in time", request=response.request)
        yield piece
