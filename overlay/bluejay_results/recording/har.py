"""Writes a recording as a HAR 1.2 file.

Bodies are stored decompressed. Members named `_bluejay` contain the values that HAR has no field for.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from os import PathLike
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from .._version import __version__
from .atomic_file import write_file
from .exchange import Exchange, Recording

FORMAT_VERSION = 1
"""The version of the members named `_bluejay`."""


def save(recording: Recording, path: str | PathLike[str]) -> None:
    """Write a recording to a file that only this user can read; raise OSError if it can't be written."""
    write_file(path, to_har(recording), 0o600)


def to_har(recording: Recording) -> bytes:
    """Return a recording as a HAR 1.2 document."""
    settings = recording.settings
    ours = {
        "version": FORMAT_VERSION,
        "is_wait": settings.is_wait,
        "tool_call_grace": float(settings.tool_call_grace),
        "queued_ids": settings.queued_ids,
        "simulation_id": settings.simulation_id,
        "first_seen": recording.seen,
    }
    log = {
        "version": "1.2",
        "creator": {"name": "bluejay-results", "version": __version__},
        "entries": [_entry(each) for each in recording.exchanges],
        "_bluejay": ours,
    }
    return msgspec.json.encode({"log": log})


def _entry(exchange: Exchange) -> dict[str, Any]:
    milliseconds = exchange.duration / timedelta(milliseconds=1)
    return {
        "startedDateTime": exchange.started_at.isoformat(timespec="microseconds"),
        "time": milliseconds,
        "request": {
            "method": "GET",
            "url": exchange.url,
            "httpVersion": "unknown",
            "cookies": [],
            "headers": [],
            "queryString": [{"name": name, "value": value} for name, value in _query(exchange.url)],
            "headersSize": -1,
            "bodySize": 0,
        },
        "response": {
            "status": exchange.status,
            "statusText": _reason(exchange.status),
            "httpVersion": "unknown",
            "cookies": [],
            "headers": [{"name": name, "value": value} for name, value in exchange.headers.items()],
            "content": _content(exchange.body, exchange.headers),
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "_bluejay": {"monotonic": exchange.moment, "failure": exchange.failure},
    }


def _query(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # not a standard status, such as a CDN's 520
        return ""


def _content(body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    content = {"size": len(body), "mimeType": headers.get("content-type", "")}
    try:
        return {**content, "text": body.decode()}
    except UnicodeDecodeError:
        return {**content, "text": base64.b64encode(body).decode(), "encoding": "base64"}
