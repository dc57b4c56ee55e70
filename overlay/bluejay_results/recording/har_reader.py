"""Reads a recording from a HAR file: one that `save` wrote, or one from a browser or a proxy."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

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
"""The longest time of an exchange that is believed, in milliseconds."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


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
    """Return whether the bytes of a file look like HAR, whole or cut short."""
    return _START.match(data) is not None


def read_har(data: bytes) -> Recording:
    """Return the recording in a HAR document. Entries that don't read a run or a conversation are ignored.

    Raises:
        ContractViolationError: The document isn't valid HAR.
        UsageError: It has no run, more than one run, or a newer format.
    """
    try:
        data.decode()  # msgspec reads the strings that it skips without looking at their bytes
    except UnicodeDecodeError as error:
        raise ContractViolationError(f"The file is not valid HAR: {error}.", body=data) from None
    log = _decoded(data.removeprefix(_BYTE_ORDER_MARK), _Har).log
    exchanges = [each for raw in log.entries if (each := _exchange(raw))]
    run_id = _only_run(exchanges, len(log.entries))
    if not bytes(log.ours):
        return Recording(
            Settings(is_wait=False, tool_call_grace=TOOL_CALL_GRACE), _foreign(exchanges, run_id)
        )
    ours = _ours(log.ours)
    settings = Settings(
        is_wait=ours.method == "wait",
        tool_call_grace=ours.tool_call_grace,
        timeout=ours.timeout,
        poll_interval=ours.poll_interval,
        queued_ids=ours.queued_ids,
    )
    return Recording(settings, tuple(exchanges), ours.first_ended, ours.last_moment)


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
    """Return an entry that reads a run or a conversation; None for any other entry."""
    try:
        request = msgspec.json.decode(raw, type=_AnyEntry).request
    except (msgspec.DecodeError, RecursionError):  # no entry of ours
        return None
    resource = resource_at(request.url) if request.method == "GET" else None
    if resource is None:
        return None
    entry = _decoded(raw, _Entry)
    response, ours = entry.response, entry.ours or _OurEntry()
    body = _body(response.content)
    if body is None:
        return None
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
        body,
        ours.failure,
    )


def _body(content: _Content) -> bytes | None:
    """Return the bytes of a body; None if the file leaves the body out.

    A HAR file holds decompressed bytes, so no header about bytes on the wire applies to them.
    """
    if content.text is None:
        return None
    if content.encoding != "base64":
        return content.text.encode()
    try:
        return base64.b64decode(content.text, validate=True)
    except binascii.Error as error:
        raise ContractViolationError(
            f"The file is not valid HAR: a body's base64 is broken: {error}."
        ) from None


def _only_run(exchanges: Sequence[Exchange], entries: int) -> str:
    lists = [each for each in exchanges if each.is_list]
    ids = dict.fromkeys(each.resource.id for each in [e for e in lists if e.status == 200] or lists)
    if not ids:
        counted = "1 entry" if entries == 1 else f"{entries} entries"
        raise UsageError(
            f"The file is a HAR without a run: {counted}, none with the response to a GET of "
            "/v1/retrieve-simulation-results/RUN. Record one with: bluejay-results wait RUN --har FILE"
        )
    if len(ids) > 1:
        raise UsageError(f"The file is a HAR of {len(ids)} runs: {', '.join(ids)}. Save one run per file.")
    return next(iter(ids))


def _foreign(exchanges: Sequence[Exchange], run_id: str) -> tuple[Exchange, ...]:
    """Return the exchanges of another program's HAR file, each with a moment.

    Failed reads of the list are left out if another read succeeded, and so is what came before the list.
    """
    is_read = any(each.is_list and each.status == 200 for each in exchanges)
    kept = [each for each in exchanges if not each.is_list or each.status == 200 or not is_read]
    kept = [each for each in kept if not each.is_list or each.resource == Resource("run", run_id)]
    while kept and not kept[0].is_list:
        kept.pop(0)
    return tuple(_with_moments(kept))


def _with_moments(exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
    """Give consecutive fetches by id one moment: when the last of them was received."""
    moment, after_is_list = 0.0, True
    found = list[Exchange]()
    for each in reversed(exchanges):
        if each.is_list or after_is_list:
            moment = each.received_at.timestamp()
        after_is_list = each.is_list
        found.append(evolve(each, moment=moment))
    yield from reversed(found)
