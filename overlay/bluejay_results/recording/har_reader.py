"""Reads a recording from a HAR file that `save`, a browser or a proxy wrote."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
from attrs import evolve

from .._defaults import TOOL_CALL_GRACE
from .._errors import ContractViolationError, UsageError
from .exchange import Exchange, Resource, resource_at
from .har import FORMAT_VERSION
from .recording import Recording, Settings

T = TypeVar("T")

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*{\s*\"log\"\s*:")
_LONGEST = 86_400_000.0
"""The longest plausible time of an exchange, in milliseconds; longer times are cut to it."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NO_BODY = "the file leaves out the body of this response"


class _Header(msgspec.Struct):
    name: str
    value: str


class _Request(msgspec.Struct):
    method: str
    url: str


class _Content(msgspec.Struct):
    text: str | None = None
    encoding: str | None = None


class _Response(msgspec.Struct):
    status: int | None  # some programs write null if no response arrived
    content: _Content = msgspec.field(default_factory=_Content)
    headers: list[_Header] = []


class _OurEntry(msgspec.Struct):
    monotonic: float | None = None
    failure: str = ""


class _AnyEntry(msgspec.Struct):
    request: _Request


class _Entry(msgspec.Struct):
    response: _Response
    started: datetime = msgspec.field(name="startedDateTime")
    time: float | None = None
    ours: _OurEntry | None = msgspec.field(default=None, name="_bluejay")


class _Version(msgspec.Struct):
    version: int


class _Ours(msgspec.Struct):
    method: str
    tool_call_grace: float
    timeout: float | None = None
    poll_interval: float | None = None
    queued_ids: tuple[str, ...] = ()
    first_ended: dict[int, float] = {}
    last_moment: float | None = None


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]
    ours: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="_bluejay")


class _Har(msgspec.Struct):
    log: _Log


def is_har(data: bytes) -> bool:
    """Return whether the bytes of a file look like HAR, even if the file is truncated."""
    return _START.match(data) is not None


def read_har(data: bytes) -> Recording:
    """Return the recording in a HAR document. Entries that don't read a run or a conversation are ignored.

    Raises:
        ContractViolationError: The document isn't valid HAR.
        UsageError: The document has no run, several runs or origins, or a newer format; or its last list of
            conversations has no body.
    """
    log, found = _read(data)
    exchanges = [each for each in found if each.resource.kind != "runs"]
    run_id = _only_run(exchanges, log.entries)
    _check_origin(exchanges)
    if not bytes(log.ours):
        foreign = _foreign(exchanges, run_id)
        _check_last_list(foreign, without_body=304)
        return Recording(Settings(is_wait=False, tool_call_grace=TOOL_CALL_GRACE), foreign)
    if all(each.moment is not None for each in exchanges):
        exchanges.sort(key=lambda each: each.moment or 0.0)
    _check_last_list(exchanges)
    ours = _ours(log.ours)
    settings = Settings(
        is_wait=ours.method == "wait",
        tool_call_grace=ours.tool_call_grace,
        timeout=ours.timeout,
        poll_interval=ours.poll_interval,
        queued_ids=ours.queued_ids,
    )
    return Recording(settings, tuple(exchanges), ours.first_ended, ours.last_moment)


def list_of_runs(data: bytes) -> Exchange:
    """Return the last response in a HAR document that lists the runs of a simulation.

    Raises:
        ContractViolationError: The document isn't valid HAR.
        UsageError: The document has no such response, or responses of several simulations or origins; or the
            last response has no body.
    """
    log, found = _read(data)
    lists = [each for each in found if each.resource.kind == "runs" and each.status]
    lists = [each for each in lists if each.status == 200] or lists
    if not lists:
        raise UsageError(
            f"The file is a HAR without the runs of a simulation. It has {_counted(log.entries)}, and none "
            "is a response to GET /v1/get-simulation-runs/SIMULATION. Record one with: "
            "bluejay-results runs SIMULATION --har FILE"
        )
    ids = dict.fromkeys(each.resource.id for each in lists)
    if len(ids) > 1:
        raise UsageError(
            f"The file is a HAR with {len(ids)} simulations: {', '.join(ids)}. Save one simulation per file."
        )
    _check_origin(lists)
    last = max(lists, key=lambda each: each.started_at)
    if last.failure == _NO_BODY:
        raise UsageError(
            "The file leaves out the body of the response with the runs. Export the HAR again, with response "
            "bodies."
        )
    return last


def _read(data: bytes) -> tuple[_Log, list[Exchange]]:
    """Return the log of a HAR document, and its exchanges with the service."""
    try:
        data.decode()  # msgspec doesn't check the bytes of strings that it skips
    except UnicodeDecodeError as error:
        raise ContractViolationError(f"The file is not valid HAR: {error}.", body=data) from None
    log = _decoded(data.removeprefix(_BYTE_ORDER_MARK), _Har).log
    return log, [each for raw in log.entries if (each := _exchange(raw))]


def _counted(entries: Sequence[msgspec.Raw]) -> str:
    return "1 entry" if len(entries) == 1 else f"{len(entries)} entries"


def _ours(raw: msgspec.Raw) -> _Ours:
    version = _decoded(raw, _Version).version
    if version != FORMAT_VERSION:
        raise UsageError(
            f"The recording has format {version}; this version reads format {FORMAT_VERSION}. "
            "Upgrade bluejay-results."
        )
    return _decoded(raw, _Ours)


def _decoded(data: bytes | msgspec.Raw, model: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=model)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ContractViolationError(f"The file is not valid HAR: {error}.", body=bytes(data)) from None


def _exchange(raw: msgspec.Raw) -> Exchange | None:
    """Return an entry that reads a run, a conversation or a list of runs; None for any other entry."""
    try:
        request = msgspec.json.decode(raw, type=_AnyEntry).request
    except (msgspec.DecodeError, RecursionError):  # the entry of another program or service
        return None
    resource = resource_at(request.url) if request.method == "GET" else None
    if resource is None:
        return None
    entry = _decoded(raw, _Entry)
    response, ours = entry.response, entry.ours or _OurEntry()
    body = _body(response.content)
    failure = ours.failure or (_NO_BODY if body is None and response.status else "")
    started = entry.started.replace(tzinfo=entry.started.tzinfo or UTC)
    milliseconds = min(max(entry.time or 0.0, 0.0), _LONGEST)
    return Exchange(
        request.url,
        resource,
        started,
        timedelta(milliseconds=milliseconds),
        ours.monotonic,
        response.status or 0,
        {each.name.lower(): each.value for each in response.headers},
        body or b"",
        failure,
    )


def _body(content: _Content) -> bytes | None:
    """Return the bytes of a body; None if the file leaves the body out.

    HAR contains decompressed bytes, so the headers Content-Encoding and Content-Length don't apply.
    """
    if content.text is None:
        return None
    if content.encoding != "base64":
        return content.text.encode()
    try:
        return base64.b64decode(content.text, validate=True)
    except binascii.Error as error:
        raise ContractViolationError(
            f"The file is not valid HAR: a body is not valid base64: {error}."
        ) from None


def _only_run(exchanges: Sequence[Exchange], entries: Sequence[msgspec.Raw]) -> str:
    lists = [each for each in exchanges if each.is_list and each.status]
    ids = dict.fromkeys(each.resource.id for each in [e for e in lists if e.status == 200] or lists)
    if not ids:
        raise UsageError(
            f"The file is a HAR without a run. It has {_counted(entries)}, and none is a response to GET "
            "/v1/retrieve-simulation-results/RUN. Record one with: bluejay-results wait RUN --har FILE"
        )
    if len(ids) > 1:
        raise UsageError(f"The file is a HAR with {len(ids)} runs: {', '.join(ids)}. Save one run per file.")
    return next(iter(ids))


def _check_origin(exchanges: Sequence[Exchange]) -> None:
    origins = dict.fromkeys(_origin(each.url) for each in exchanges if each.status == 200)
    if len(origins) > 1:
        raise UsageError(
            f"The file has responses from {' and '.join(origins)}. Save each service in a file of its own."
        )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def _check_last_list(exchanges: Sequence[Exchange], without_body: int | None = None) -> None:
    """Refuse a file whose last list has no body or this status, because earlier lists may be outdated."""
    last = [each for each in exchanges if each.is_list][-1]
    if last.failure == _NO_BODY or last.status == without_body:
        started = last.started_at.astimezone(UTC)
        raise UsageError(
            f"The file leaves out the body of the last response with the run ({started:%H:%M:%S} UTC, status "
            f"{last.status}). Export the HAR again, with response bodies and with the browser cache disabled."
        )


def _foreign(exchanges: Sequence[Exchange], run_id: str) -> tuple[Exchange, ...]:
    """Return the exchanges of another program's HAR file in chronological order, each with a moment.

    A failed request for the list is left out unless it is the last request with a response. Exchanges before
    the first list are left out too.
    """
    in_order = sorted(exchanges, key=lambda each: each.started_at)
    run = Resource("run", run_id)
    lists = [each for each in in_order if each.resource == run and each.status]
    needed = [each for each in lists[:-1] if each.status == 200 and not each.failure] + lists[-1:]
    kept = [each for each in in_order if not each.is_list or each in needed]
    while kept and not kept[0].is_list:
        kept.pop(0)
    return tuple(_with_moments(kept))


def _with_moments(exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
    """Give consecutive fetches by id the same moment: the time when the last of them was received."""
    moment, after_is_list = 0.0, True
    found = list[Exchange]()
    for each in reversed(exchanges):
        if each.is_list or after_is_list:
            moment = each.received_at.timestamp()
        after_is_list = each.is_list
        found.append(evolve(each, moment=moment))
    yield from reversed(found)
