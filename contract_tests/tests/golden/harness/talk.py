"""A conversation with a stub whose clock stands still: requests, and the whole of each response."""

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub, requests_and_answers

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
WIDTH = 108
KEYS = {"none": None, "wrong": "no"}


class Talk:
    """Sends requests such as `GET retrieve-simulation-results/48213?limit=1 key=wrong accept=a/b BODY`."""

    def __init__(self, stub: Stub, http: httpx.Client) -> None:
        self.stub, self._http = stub, http

    def send(self, line: str) -> httpx.Response:
        method, path, *words = shlex.split(line)
        headers, body = {"x-api-key": self.stub.api_key, "content-type": "application/json"}, b""
        for word in words:
            name, _, value = word.partition("=")
            if name == "key" and value == "none":
                del headers["x-api-key"]
            elif name == "key":
                headers["x-api-key"] = value
            elif name.isidentifier():
                headers[name] = value
            else:
                body = word.encode()
        url = f"{self.stub.url}/{path.removeprefix('/')}" if path[:1] == "/" else f"{self.stub.url}/v1/{path}"
        return self._http.request(method, url, headers=headers, content=body or None)

    def __call__(self, *lines: str) -> Iterator[str]:
        """Yield each request, and its response: the status, the headers and the body."""
        for line in lines:
            response = self.send(line)
            headers = [f"{name}: {value}" for name, value in response.headers.multi_items()]
            yield f"{line} => {response.status_code} {' | '.join(headers)}"
            yield from shown(response.content)

    def briefly(self, *lines: str) -> Iterator[str]:
        """Yield each request, and the status and body of its response."""
        for line in lines:
            response = self.send(line)
            yield f"{line} => {response.status_code} {brief(response.content)}"


@contextmanager
def talk(**options: Any) -> Iterator[Talk]:
    """Yield a new stub. Its time is `NOW`, unless it is set."""

    class Frozen(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            assert tz is UTC
            return NOW

    with pytest.MonkeyPatch.context() as context:
        context.setattr(requests_and_answers, "datetime", Frozen)
        with (
            Stub(**options) as stub,
            httpx.Client(trust_env=False, timeout=60, headers={"accept": "*/*"}) as http,
        ):
            yield Talk(stub, http)


def brief(body: bytes) -> str:
    """Return a body on one line; a long one is shortened, and followed by its length and checksum."""
    text = repr(body)[2:-1]
    return text if len(text) < 300 else f"{text[:200]}... {len(body):,} bytes, checksum {crc32(body):08x}"


def shown(body: bytes) -> Iterator[str]:
    """Yield a body: as indented JSON if the body is compact JSON, otherwise its bytes.

    A list of over 20 results has a line with a checksum for each.
    """
    try:
        document = json.loads(body)
    except ValueError:
        yield f"    {body!r}"
        return
    yield from [] if Answer.json(document).body == body else [f"    {body!r}"]
    results = document.get("simulation_results") if isinstance(document, dict) else None
    if results and len(results) > 20:
        document |= {"simulation_results": [digest(each) for each in results]}
    yield from (f"    {line}" for line in pretty(document))


def digest(result: dict[str, Any]) -> str:
    """Return a result on one line: what matters most, and a checksum of everything."""
    goals = [each.get("goal_success") for each in result.get("evaluations") or ()]
    calls = sum(len(each.get("actual") or ()) for each in result.get("tool_calls") or ())
    known = f"{result['id']} {result.get('digital_human_id')} {result.get('status')} {goals} {calls} calls"
    return f"{known} {crc32(json.dumps(result).encode()):08x}"


def pretty(value: Any, start: str = "", indent: str = "") -> Iterator[str]:
    """Yield a JSON value as indented lines; a part that fits on a line has one."""
    text = json.dumps(value, ensure_ascii=False)
    if len(indent + start + text) <= WIDTH or not isinstance(value, dict | list) or not value:
        yield f"{indent}{start}{text}"
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield f"{indent}{start}{opening}"
    parts = value.items() if isinstance(value, dict) else (("", each) for each in value)
    for key, each in parts:
        yield from pretty(each, f"{json.dumps(key)}: " if key else "", f"{indent} ")
    yield f"{indent}{closing}"
