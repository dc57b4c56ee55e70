"""Tables of deliveries to webhook receivers: how they are signed, what is sent, and what an answer means."""

import re
import socket
from collections.abc import Iterable, Iterator
from email.message import Message
from functools import partial

from contract_kit.derive.strictness import Strictness
from contract_kit.serve.signing import scheme

from ..receivers import DOCUMENT, PAID, SIGNED, answered, delivered, is_allowed, signed, strict
from .texts import Case, escaped, unescaped

TRANSPORT = {"Host", "Accept-Encoding", "Content-Length", "Connection"}
_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CHOSEN = re.compile("valid-body=all|type=boolean:/id|not-json|html|header|signature|delivered")
_SIGNATURE = re.compile("[0-9a-f]{64}|[A-Za-z0-9+/]{43}=")


def signatures(cases: Iterable[Case]) -> Iterator[str]:
    """Yield the headers that sign a delivery: `SCHEME; SECRET; ID; TIME; BODY`."""
    for case in cases:
        name, secret, delivery, time, body = case.text.split("; ", 4)
        sign, key = scheme(name, secret.encode())
        yield f"{dict(sign(delivery, int(time), body.encode(), key))}"


def answers(cases: Iterable[Case]) -> Iterator[str]:
    """Yield what it means if a receiver sends these bytes, and closes the connection."""
    for case in cases:
        found = answered(partial(send, data=unescaped(case.text)))
        yield f"{found.outcome}: {found.detail}"


def send(connection: socket.socket, data: bytes) -> None:
    connection.sendall(data)
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(65_536):  # unread bytes would reset the connection
        pass


DONE = {"{$request.body#/url}": {"post": {"requestBody": PAID["requestBody"]}}}
ORDER = {"post": {"operationId": "order", "callbacks": {"done": DONE}, "responses": {}}}
CALLBACK = {"openapi": "3.0.3", "info": DOCUMENT["info"], "paths": {"/orders": ORDER}}


class Log:
    """A receiver that records each delivery, with a short name for each delivery's id."""

    def __init__(self, kind: str, scheme_name: str) -> None:
        self._kind, self._scheme = kind, scheme_name
        self._ids: dict[str, str] = {}
        self.lines: list[str] = []

    def __call__(self, headers: Message, body: bytes) -> int:
        is_new = (headers["X-Delivery"] or "new") not in self._ids
        text = "; ".join(
            f"{name}: {value}" for name, value in sorted(headers.items()) if name not in TRANSPORT
        )
        for each in _ID.findall(text):
            self._ids.setdefault(each, f"ID-{len(self._ids) + 1}")
        text = _SIGNATURE.sub("SIGNATURE", _ID.sub(lambda found: self._ids[found[0]], text))
        status = self._status(headers, body, is_new=is_new)
        how = f"signed {signed(self._scheme, headers, body)}: " if self._scheme in SIGNED else ""
        self.lines.append(f"{status} for {escaped(body)} ({how}{text})")
        return status

    def _status(self, headers: Message, body: bytes, *, is_new: bool) -> int:
        match self._kind:
            case "strict":
                return strict(self._scheme, headers, body)
            case "validating":
                return 204 if is_allowed(body) else 422
            case "refusing":
                return 400
        return 204 if is_new or self._kind == "accepting" else int(self._kind)


def deliveries(cases: Iterable[Case]) -> Iterator[str]:
    """Yield each delivery and each verdict: `RECEIVER STRICTNESS SCHEME`."""
    for case in cases:
        kind, strictness, name = case.text.split(" ", 2)
        log = Log(kind, name)
        document = CALLBACK if name == "callback" else DOCUMENT
        found = delivered(log, name if name in SIGNED else None, document, Strictness(strictness), CHOSEN)
        rows = [f"{each.mutant.id} {each.verdict} {each.detail}" for each in (*found.controls, *found.all)]
        yield "\n".join(["", *log.lines, *map(str.rstrip, rows)])
