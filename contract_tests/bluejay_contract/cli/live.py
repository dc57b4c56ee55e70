"""Checks a live service with GET requests. Uses httpx alone, not the client under test.

`live` sends six requests. Two read the first page of the same run, so that the responses can be compared. One
asks for a page with one result, which shows whether the service sends pages. The service must refuse the
others: one has no key, one has a wrong key, and one asks for a run that doesn't exist.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from attrs import evolve, field, frozen
from bluejay_results import __version__
from bluejay_results.cli.connection import Connection, find_key
from bluejay_results.cli.source import bounded
from bluejay_results.client.base import check_id
from bluejay_results.client.config import Config
from bluejay_results.errors import (
    ConfigurationError,
    ConnectionFailedError,
    RequestTimeoutError,
    UsageError,
)

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import WRONG_KEY, Exchange, Key, Request
from bluejay_contract.operations import RESULTS, Page
from bluejay_contract.redaction import Redaction
from bluejay_contract.report import Answered, Report, paging, report

from .checking import writable

NOBODYS_RUN = "00000000-0000-4000-8000-000000000000"
HEADERS = {"Accept": "application/json", "User-Agent": f"bluejay-contract/{__version__}"}
ANSWER_TIMEOUT = 120.0
"""Seconds that a whole response may take."""
_MAX_BODY_BYTES = 256 * 1024 * 1024
"""The largest body that is checked."""


@frozen
class Step:
    """One request for a run; its name is used in reports and in the names of kept files."""

    name: str
    run_id: str
    key: Key = Key.VALID
    exists: bool = True
    page: Page = field(factory=Page)


def one_read(run_id: str) -> tuple[Step, ...]:
    """Return the one request that `check RUN` makes."""
    return (Step("read", run_id),)


def all_checks(run_id: str) -> tuple[Step, ...]:
    """Return the six requests that `live` makes."""
    return (
        Step("first read", run_id),
        Step("second read", run_id),
        Step("small page", run_id, page=Page(limit=1)),
        Step("no key", run_id, Key.MISSING),
        Step("wrong key", run_id, Key.WRONG),
        Step("unknown run", NOBODYS_RUN, exists=False),
    )


def checked_service(
    steps: Sequence[Step],
    connection: Connection,
    pause: float = 0,
    keep: Path | None = None,
    *,
    strict: bool,
) -> Report:
    """Check a service. Several requests are announced on stderr before the first is sent.

    Raises:
        BluejayError: A request got no response, or an option can't be used.
    """
    config = Config.resolve(
        find_key(connection.api_key_file),
        connection.base_url,
        request_timeout=30,
        retries=0,
        max_body_bytes=_MAX_BODY_BYTES,
        organization_id=connection.organization,
    )
    check_id(config.api_key, "run id", steps[0].run_id)
    if keep:
        with writable(keep):
            keep.mkdir(mode=0o700, parents=True, exist_ok=True)
    if len(steps) > 1:
        names = ", ".join(step.name for step in steps)
        sys.stderr.write(f"{len(steps)} GET requests to {config.base_url}, {pause:g} s apart: {names}\n")
    exchanges = list(sent(config, steps, pause))
    if keep:
        _keep(exchanges, steps, keep)
    gc.disable()  # the collector would search for reference cycles, but JSON has none
    source, redaction = exchanges[0].request.source, Redaction(config.api_key.redact)
    answers = (
        Answered(step.name, each.status, len(each.body)) for step, each in zip(steps, exchanges, strict=True)
    )
    return evolve(
        report(Contract.load(), exchanges, source, strict=strict, redaction=redaction),
        answers=tuple(answers),
        paging=paging(exchanges) if len(steps) > 1 else None,
    )


def _keep(exchanges: Sequence[Exchange], steps: Sequence[Step], folder: Path) -> None:
    """Write the bodies as received, to files that only this user can read."""
    with writable(folder):
        for number, (step, exchange) in enumerate(zip(steps, exchanges, strict=True), 1):
            path = folder / f"{number}-{step.name.replace(' ', '-')}.json"
            path.touch(mode=0o600)
            path.write_bytes(exchange.body)


def sent(
    config: Config, steps: Sequence[Step], pause: float, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Exchange]:
    """Send the request of each step, with a pause between requests, and yield each exchange.

    Raises:
        ConfigurationError: The HTTP settings in the environment can't be used.
        ConnectionFailedError: There was no response, or it was incomplete.
        UsageError: The run id can't be part of a URL, or a body is over the limit.
    """
    # One connection per request: the service may close a kept connection during a pause.
    limits = httpx.Limits(max_keepalive_connections=0)
    try:
        client = httpx.Client(timeout=config.request_timeout, limits=limits, headers=HEADERS)
    except (httpx.InvalidURL, ImportError, OSError, ValueError):
        # The text of the exception is left out, because it can contain the password of a proxy.
        raise ConfigurationError(
            "The HTTP settings in the environment can't be used. Check the proxies and SSL_CERT_FILE."
        ) from None
    with client:
        for index, step in enumerate(steps):
            if index:
                sleep(pause)
            yield _exchange(client, config, step)


def _exchange(client: httpx.Client, config: Config, step: Step) -> Exchange:
    query = f"?limit={step.page.limit}&offset={step.page.offset}" if step.page != Page() else ""
    url = config.base_url + RESULTS.url(step.run_id) + query
    secret = WRONG_KEY if step.key is Key.WRONG else config.api_key.reveal()
    headers = {"X-Organization-Id": config.organization_id} if config.organization_id else {}
    if step.key is not Key.MISSING:
        headers["X-API-Key"] = secret
    with _translated(config, url), client.stream("GET", url, headers=headers) as response:
        body = bounded(_pieces(response), config.max_body_bytes, url)
        request = Request(step.run_id, step.key, "GET", secret, url, step.exists, page=step.page)
        return Exchange(request, response.status_code, dict(response.headers), body)


@contextmanager
def _translated(config: Config, url: str) -> Iterator[None]:
    """Turn exceptions of httpx into our errors, without a cause: its traceback would contain the key."""
    try:
        yield
    except httpx.InvalidURL:
        raise UsageError("The run id is too long for a URL.") from None
    except httpx.TimeoutException as error:
        message = f"{type(error).__name__}: no answer in time. Try again later."
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
