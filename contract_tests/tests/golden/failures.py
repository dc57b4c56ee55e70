"""The public surface of errors: each class, each status, each exception of the HTTP library, each header."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import httpx
from attrs import evolve
from bluejay_contract.stub import Answer
from bluejay_results import BluejayError, errors
from bluejay_results.cli.process import exit_code
from bluejay_results.client.http_clients import failure_of
from bluejay_results.recording.exchange import Exchange, Failure, Resource
from bluejay_results.results.page import read_page, read_record
from bluejay_results.results.queued import QueuedRun
from bluejay_results.results.responses import is_cdn_fault, is_transient
from bluejay_results.results.simulation_runs import SimulationRuns

from ..clock import START
from .layout import Case, laid_out

READERS: dict[str, Callable[[Exchange], Any]] = {
    "page": read_page,
    "conversation": read_record,
    "runs": lambda each: SimulationRuns.received(each, "raise"),
    "queue": QueuedRun.received,
}
"""What reads the response to each kind of request."""
DOCUMENTED = (302, 401, 402, 403, 404, 407, 422, 429, 500, 503, 520)
PAGE = Exchange("http://stub/v1/retrieve-simulation-results/7?limit=100&offset=0", Resource("page", "7"))
DATE = {"date": "Wed, 21 Oct 2015 07:28:00 GMT"}
RETRY_AFTER: tuple[dict[str, str], ...] = (
    *({"retry-after": each} for each in ("0", "7", " 7 ", "07", "31536000", "-5", "1.5", "soon", "", "٣")),
    *(
        DATE | {"retry-after": f"Wed, 21 Oct 2015 {each}"}
        for each in ("07:28:07 GMT", "07:27:59 GMT", "09:28:07 +0200")
    ),
    *(
        DATE | {"retry-after": each}
        for each in ("Wed Oct 21 07:28:07 2015", "Wed, 21 Oct 2015 07:28:07 +99999999999999999999")
    ),
    {"date": "yesterday", "retry-after": "Thu, 19 Nov 2026 16:04:08 GMT"},
    {"retry-after": "Thu, 19 Nov 2026 16:04:08 GMT"},
)
DETAILS: tuple[Any, ...] = (
    *(None, "", "no  such\nthing", "x" * 300, "x" * 301, "see https://a.example/?signature=secret", 7),
    *({"code": 7}, [], ["a", 1], {"msg": "odd", "loc": "path"}, {"msg": 7}),
    [{"loc": ["body", 3], "msg": "a", "type": "b"}],
    [{"loc": [], "msg": "c", "type": "d"}, {"loc": ["path", "id"], "msg": "too long"}],
)
LONG = (b'{"detail":"%b"}' % (b"x" * each) for each in (65_523, 65_524))
BODIES = (b"", b"<html>", b"[]", b'{"detail": "a"', *LONG)
REASONS = ("CERTIFICATE_VERIFY_FAILED", "WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNEXPECTED_EOF")


def failures() -> Iterator[str]:
    """Yield what each failed request raises."""
    yield from laid_out(_cases())


def _cases() -> Iterator[Case]:
    yield (
        "classes",
        map(_class, (each for each in _subclasses(BluejayError) if each.__module__ == errors.__name__)),
    )
    yield "statuses", map(_status, range(201, 600))
    named = ((name, status) for status in DOCUMENTED for name in READERS)
    yield "messages", (f"{name} {status}: {_error(name, status=status)}" for name, status in named)
    yield "Retry-After", map(_pause, RETRY_AFTER)
    for status in (422, 500):
        yield (
            f"details of {status}",
            (_detailed(status, Answer.json({"detail": each}).body) for each in DETAILS),
        )
    yield "bodies", (_detailed(500, each) for each in BODIES)
    yield "exceptions", map(_exception, _subclasses(httpx.RequestError))
    links = ((reason, link) for reason in REASONS for link in ("__cause__", "__context__"))
    yield "OpenSSL", (_of_openssl(*each) for each in links)


def _subclasses(kind: Any) -> list[Any]:
    """Return a class of a package with all its subclasses in the package, by name."""
    package = kind.__module__.partition(".")[0]
    ours = [each for each in kind.__subclasses__() if each.__module__.startswith(package)]
    found = {kind}.union(*map(_subclasses, ours))
    return sorted(found, key=lambda each: str(each.__name__))


def _class(kind: type[BluejayError]) -> str:
    own = [f"{each.name}={getattr(kind('x'), each.name)!r}" for each in fields(kind)]
    bases = ", ".join(each.__name__ for each in kind.__bases__)
    return f"{kind.__name__}({bases}): exit code {exit_code(kind('x'))}, {', '.join(own)}"


def _error(name: str, exchange: Exchange = PAGE, **changes: Any) -> BluejayError:
    resource = Resource(name, "7")  # type: ignore[arg-type] # one of the kinds
    try:
        READERS[name](evolve(exchange, resource=resource, **changes))
    except BluejayError as error:
        return error
    raise AssertionError("no error")


def _status(status: int) -> str:
    """Return the class of each request's error, and what the client does about it."""
    raised = {name: _error(name, status=status, headers={"retry-after": "7"}) for name in READERS}
    kinds = " ".join(dict.fromkeys(type(each).__name__ for each in raised.values()))
    page, queued = raised["page"], raised["queue"]
    found = {
        "transient": is_transient(page),
        "CDN": is_cdn_fault(page),
        "run may exist": queued.run_may_exist,
        f"retry after {getattr(page, 'retry_after', None)}": True,
    }
    return f"{status} {kinds}: {', '.join(name for name, holds in found.items() if holds)}"


def _pause(headers: dict[str, str]) -> str:
    error: Any = _error("page", status=503, headers=headers, started_at=START)
    return f"{headers}: {error.retry_after}"


def _detailed(status: int, body: bytes) -> str:
    error = _error("page", status=status, body=body)
    told = f"{error.reason[-99:]} of {len(error.reason)} {getattr(error, 'errors', '')}"
    return f"{body[:60]!r} of {len(body)}: {told}"


def _exception(kind: type[httpx.RequestError]) -> str:
    return f"{kind.__name__}: {_failed(failure_of(kind('why'), str.upper))}"


def _of_openssl(reason: str, link: str) -> str:
    of_openssl, of_httpx = ssl.SSLError(), httpx.ConnectError("failed")
    of_openssl.reason = reason
    setattr(of_httpx, link, of_openssl)
    return f"{reason} {link}: {_failed(failure_of(of_httpx, str))}"


def _failed(failure: Failure) -> str:
    told = [_error(name, status=0, failure=failure) for name in ("page", "queue")]
    found = [f"{type(each).__name__}, {each.run_may_exist}, {is_transient(each)}" for each in told]
    return f"{failure}; {'; '.join(found)}; {told[1]}"
