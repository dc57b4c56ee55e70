"""Writes recordings as HAR 1.2 files, and reads them.

Bodies are stored decompressed. `_bluejay` members contain values that have no HAR field.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from os import PathLike
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

import msgspec
from msgspec import Raw, Struct

from .._defaults import __version__
from ..errors import ContractViolationError, UsageError
from .atomic_file import write_file
from .exchange import Exchange, Failure, FirstSeen, ReadSettings, Recording, ResourceKind, resource_at

T = TypeVar("T")

FORMAT_VERSION = 1
"""The version of the `_bluejay` members."""
_A_DAY = 86_400_000.0
"""The maximum duration of an exchange, in milliseconds; a longer one could overflow."""
_START = re.compile(rb"\s*{\s*\"log\"\s*:")
_HOW = {
    "page": "a recorded run. Record one with `wait`.",
    "runs": "a recorded list of runs. Record one with `runs`.",
}


class _Pair(Struct):
    name: str
    value: str


class _Request(Struct, rename="camel"):
    url: str
    query_string: list[_Pair] = []
    method: str = "GET"
    http_version: str = "unknown"
    cookies: tuple[()] = ()
    headers: tuple[()] = ()
    headers_size: int = -1
    body_size: int = 0


class _Content(Struct, rename="camel", omit_defaults=True):
    size: int
    mime_type: str
    text: str
    encoding: str | None = None


class _Response(Struct, rename="camel"):
    status: int
    headers: list[_Pair]
    content: _Content
    status_text: str = ""
    http_version: str = "unknown"
    cookies: tuple[()] = ()
    redirect_url: str = msgspec.field(default="", name="redirectURL")
    headers_size: int = -1
    body_size: int = -1


class _OfEntry(Struct):
    monotonic: float
    failure: Failure | None


class _Entry(Struct, rename="camel"):
    started_date_time: datetime
    time: float
    request: _Request
    response: _Response
    timings: dict[str, float]
    ours: _OfEntry = msgspec.field(name="_bluejay")
    cache: dict[str, str] = {}


class _Version(Struct):
    version: int


class _OfLog(_Version):
    settings: ReadSettings
    first_seen: FirstSeen


class _Log(Struct):
    entries: Raw
    ours: Raw = msgspec.field(default=Raw(), name="_bluejay")


class _Har(Struct):
    log: _Log


def save(recording: Recording, path: str | PathLike[str]) -> None:
    """Write a recording to a file that only this user can read; raise OSError if it can't be written."""
    write_file(path, to_har(recording), 0o600)


def to_har(recording: Recording) -> bytes:
    """Return a recording as a HAR 1.2 document."""
    log = {
        "version": "1.2",
        "creator": {"name": "bluejay-results", "version": __version__},
        "entries": [_entry(each) for each in recording.exchanges],
        "_bluejay": _OfLog(FORMAT_VERSION, recording.settings, recording.seen),
    }
    return msgspec.json.encode({"log": log})


def is_har(data: bytes) -> bool:
    """Return whether the bytes of a file look like HAR, even if the file is truncated."""
    return _START.match(data) is not None


def read_har(data: bytes, kind: ResourceKind) -> Recording:
    """Return the recording in a HAR document.

    Args:
        data: The document.
        kind: What the recording must contain: `page` for a run, `runs` for a simulation's runs.

    Raises:
        ContractViolationError: The document isn't valid HAR.
        UsageError: The file was written by another program, has a different format version, lacks what `kind`
            requires, or combines several recordings.
    """
    try:
        data.decode()  # msgspec doesn't check the bytes of strings that it skips
    except UnicodeDecodeError as error:
        raise ContractViolationError(f"The file is not valid HAR ({error}).", body=data) from None
    log = _decoded(data, _Har).log
    if not bytes(log.ours):
        raise UsageError(f"The HAR file was created by another program and doesn't contain {_HOW[kind]}")
    version = _decoded(log.ours, _Version).version
    if version != FORMAT_VERSION:
        raise UsageError(
            f"The recording has format {version}, but this version reads format {FORMAT_VERSION}. "
            "Read it with the version of bluejay-results that wrote it."
        )
    exchanges = tuple(map(_exchange, _decoded(log.entries, list[_Entry])))
    ids = {each.resource.id for each in exchanges if each.resource.kind == kind}
    if not ids:
        raise UsageError(f"The HAR file doesn't contain {_HOW[kind]}")
    if len(ids) > 1:
        raise UsageError("The file contains several recordings. Keep each recording in its own file.")
    ours = _decoded(log.ours, _OfLog)
    return Recording(ours.settings, exchanges, ours.first_seen)


def _decoded(data: bytes | Raw, model: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=model)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ContractViolationError(f"The file is not valid HAR ({error}).", body=bytes(data)) from None


def _entry(exchange: Exchange) -> _Entry:
    milliseconds = exchange.duration / timedelta(milliseconds=1)
    query = [_Pair(*each) for each in parse_qsl(urlsplit(exchange.url).query)]
    headers = [_Pair(*each) for each in exchange.headers.items()]
    content = _content(exchange.body, exchange.headers)
    return _Entry(
        exchange.started_at,
        milliseconds,
        _Request(exchange.url, query),
        _Response(exchange.status, headers, content, _phrase(exchange.status)),
        {"send": 0, "wait": milliseconds, "receive": 0},
        _OfEntry(exchange.moment, exchange.failure),
    )


def _exchange(entry: _Entry) -> Exchange:
    resource = resource_at(entry.request.url)
    if resource is None:
        raise ContractViolationError("The file is not valid HAR, because an entry has an unknown URL.")
    return Exchange(
        entry.request.url,
        resource,
        entry.started_date_time.replace(tzinfo=entry.started_date_time.tzinfo or UTC),
        timedelta(milliseconds=min(max(entry.time, 0.0), _A_DAY)),
        entry.ours.monotonic,
        entry.response.status,
        {each.name.lower(): each.value for each in entry.response.headers},
        _body(entry.response.content),
        entry.ours.failure,
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # not a standard status, such as a CDN's 520
        return ""


def _content(body: bytes, headers: Mapping[str, str]) -> _Content:
    size, kind = len(body), headers.get("content-type", "")
    try:
        return _Content(size, kind, body.decode())
    except UnicodeDecodeError:
        return _Content(size, kind, base64.b64encode(body).decode(), "base64")


def _body(content: _Content) -> bytes:
    """Return a body's bytes, which HAR stores decompressed."""
    if content.encoding != "base64":
        return content.text.encode()
    try:
        return base64.b64decode(content.text, validate=True)
    except binascii.Error as error:
        raise ContractViolationError(
            f"The file is not valid HAR, because a body is not valid base64 ({error})."
        ) from None
