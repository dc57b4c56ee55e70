"""Writes each mutant as a HAR file, for Playwright's `routeFromHAR`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from contract_kit.derive.exchange import Response, Transfer
from contract_kit.derive.model import Operation

from .selection import Selection, base64, index, obstacle_of, url_pattern

_NEVER = "1970-01-01T00:00:00.000Z"


def obstacle(_method: str, response: Response) -> str:
    """Return the part of a response that a HAR file can't express, or "" if there is none."""
    if response.then:
        return "a broken response, followed by a valid response"
    if 300 <= response.status < 400 and any(name.lower() == "location" for name in response.headers):
        return "a redirect, which Playwright follows within the file"
    return obstacle_of(response, {Transfer.WHOLE}, is_decoded=True)


def files(selection: Selection, url: str) -> Mapping[str, bytes]:
    """Return the files by path: a HAR file for each response, and a list of the mutants and their files.

    Args:
        selection: The responses to export.
        url: A full request URL, or a base URL, to which the path of a valid request is appended.
    """
    mutants, contents = list[dict[str, Any]](), dict[str, bytes]()
    for each in selection.served:
        file, target = f"{each.mutant.key}.har", _url(each.mutant.operation, url)
        mutants.append(each.described() | {"file": file, "url": target})
        contents[file] = _har(each.mutant.operation.method, target, each.mutant.response)
    return {**contents, "mutants.json": index(mutants, selection.left_out)}


def _url(operation: Operation, url: str) -> str:
    """Return the URL if its path is the operation's; otherwise, append the path of a valid request."""
    if re.search(url_pattern(operation) + "$", urlsplit(url).path):
        return url
    return url.rstrip("/") + operation.request.path


def _har(method: str, url: str, response: Response) -> bytes:
    headers = response.sent_headers
    body = response.sent_body or b""
    mime_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    sizes = {"httpVersion": "HTTP/1.1", "cookies": [], "headersSize": -1, "bodySize": -1}
    entry = {
        "startedDateTime": _NEVER,
        "time": 0,
        "request": {"method": method, "url": url, "headers": [], "queryString": [], **sizes},
        "response": {
            "status": response.status,
            "statusText": "",
            "headers": [{"name": name, "value": value} for name, value in headers.items()],
            "content": {"size": len(body), "mimeType": mime_type, "text": base64(body), "encoding": "base64"},
            "redirectURL": "",
            **sizes,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    }
    log = {"version": "1.2", "creator": {"name": "contract-kit", "version": ""}, "entries": [entry]}
    return json.dumps({"log": log}).encode()
