"""Reads a recording from a HAR file that `save` or `--har` wrote."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from ..errors import ContractViolationError, UsageError
from .exchange import Exchange, Failure, FirstSeen, Kind, Recording, Settings, resource_at
from .har import FORMAT_VERSION

T = TypeVar("T")

_A_DAY = 86_400_000.0
"""The longest duration of an exchange (milliseconds); a longer one could overflow."""
_START = re.compile(rb"\s*{\s*\"log\"\s*:")
_HOW = {
    "page": "a run. Record one with: bluejay-results wait RUN --har FILE",
    "runs": "the runs of a simulation. Record them with: bluejay-results runs SIMULATION --har FILE",
}


class _Header(msgspec.Struct):
    name: str
    value: str


class _Request(msgspec.Struct):
    url: str


class _Content(msgspec.Struct):
    text: str = ""
    encoding: str | None = None


class _Response(msgspec.Struct):
    status: int
    content: _Content
    headers: list[_Header] = []


class _OurEntry(msgspec.Struct):
    monotonic: float
    failure: Failure | None = None


class _Entry(msgspec.Struct):
    request: _Request
    response: _Response
    started: datetime = msgspec.field(name="startedDateTime")
    time: float
    ours: _OurEntry = msgspec.field(name="_bluejay")


class _Version(msgspec.Struct):
    version: int


class _Ours(msgspec.Struct):
    is_wait: bool
    tool_call_grace: float
    queued_ids: tuple[str, ...] = ()
    simulation_id: str | None = None
    first_seen: FirstSeen = msgspec.field(default_factory=FirstSeen)


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]
    ours: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="_bluejay")


class _Har(msgspec.Struct):
    log: _Log


def is_har(data: bytes) -> bool:
    """Return whether the bytes of a file look like HAR, even if the file is truncated."""
    return _START.match(data) is not None


def read_har(data: bytes, kind: Kind) -> Recording:
    """Return the recording in a HAR document.

    Args:
        data: The document.
        kind: What the recording must contain: `page` for a run, `runs` for the runs of a simulation.

    Raises:
        ContractViolationError: The document isn't valid HAR.
        UsageError: The file was written by another program, has a newer format, records something else, or
            joins several recordings.
    """
    try:
        data.decode()  # msgspec doesn't check the bytes of strings that it skips
    except UnicodeDecodeError as error:
        raise ContractViolationError(f"The file is not valid HAR: {error}.", body=data) from None
    log = _decoded(data, _Har).log
    if not bytes(log.ours):
        raise UsageError(f"The file is a HAR of another program, without a recording of {_HOW[kind]}")
    version = _decoded(log.ours, _Version).version
    if version != FORMAT_VERSION:
        raise UsageError(
            f"The recording has format {version}; this version reads format {FORMAT_VERSION}. "
            "Upgrade bluejay-results."
        )
    exchanges = tuple(map(_exchange, log.entries))
    ids = {each.resource.id for each in exchanges if each.resource.kind == kind}
    if not ids:
        raise UsageError(f"The file is a HAR without {_HOW[kind]}")
    if len(ids) > 1:
        raise UsageError("The file joins several recordings. Keep each recording in a file of its own.")
    ours = _decoded(log.ours, _Ours)
    settings = Settings(ours.is_wait, ours.tool_call_grace, ours.queued_ids, ours.simulation_id)
    return Recording(settings, exchanges, ours.first_seen)


def _decoded(data: bytes | msgspec.Raw, model: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=model)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ContractViolationError(f"The file is not valid HAR: {error}.", body=bytes(data)) from None


def _exchange(raw: msgspec.Raw) -> Exchange:
    entry = _decoded(raw, _Entry)
    resource = resource_at(entry.request.url)
    if resource is None:
        raise ContractViolationError("The file is not valid HAR: an entry has an unknown URL.")
    return Exchange(
        entry.request.url,
        resource,
        entry.started.replace(tzinfo=entry.started.tzinfo or UTC),
        timedelta(milliseconds=min(max(entry.time, 0.0), _A_DAY)),
        entry.ours.monotonic,
        entry.response.status,
        {each.name.lower(): each.value for each in entry.response.headers},
        _body(entry.response.content),
        entry.ours.failure,
    )


def _body(content: _Content) -> bytes:
    """Return the bytes of a body, which HAR stores decompressed."""
    if content.encoding != "base64":
        return content.text.encode()
    try:
        return base64.b64decode(content.text, validate=True)
    except binascii.Error as error:
        raise ContractViolationError(
            f"The file is not valid HAR: a body is not valid base64: {error}."
        ) from None
