"""Webhook receivers for tests, which run on this machine."""

import hashlib
import hmac
import json
import re
import socket
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import pytest

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.exchange import Request
from contract_kit.derive.model import RECEIVER, Operation
from contract_kit.derive.strictness import Strictness
from contract_kit.judge.client_run import run_mutants
from contract_kit.judge.controls import Controls
from contract_kit.judge.results import Results
from contract_kit.read.document import Document
from contract_kit.serve.clients import Call
from contract_kit.serve.receivers import Receiver
from contract_kit.serve.signing import scheme

from .fakes import mutant

NOW = 1_795_104_250
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SIGNED = {
    "github": ("X-Hub-Signature-256", "sha256={hex}", "{body}"),
    "stripe": ("Stripe-Signature", "t={now},v1={hex}", "{now}.{body}"),
    "slack": ("X-Slack-Signature", "v0={hex}", "v0:{now}:{body}"),
    "standard-webhooks": ("webhook-signature", "v1,{base64}", "{id}.{now}.{body}"),
    "hmac-sha256:X-Signature": ("X-Signature", "{hex}", "{body}"),
}
"""Each scheme's header, its value, and what is signed, as the service's documentation describes it."""
SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "note": {"type": "string"}},
}
PAID = {
    "operationId": "paid",
    "parameters": [
        {"name": "X-Signature", "in": "header", "required": True, "schema": {"type": "string"}},
        {"name": "X-Event", "in": "header", "required": True, "schema": {"const": "paid"}},
        {"name": "X-Delivery", "in": "header", "required": True, "schema": {"type": "string"}},
    ],
    "requestBody": {"required": True, "content": {"application/json": {"schema": SCHEMA}}},
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Orders", "version": "1"},
    "webhooks": {"orderPaid": {"post": PAID}},
}
EVERY = re.compile("")
Respond = Callable[[Message, bytes], int]


@contextmanager
def receiving(respond: Respond) -> Iterator[str]:
    """Run a receiver and yield its URL. `respond` takes the headers and the body, and returns the status."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if status := respond(self.headers, body):
                self.send_response(status)
                self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hooks"
        server.shutdown()


def delivered(
    respond: Respond,
    name: str | None = None,
    document: dict[str, Any] = DOCUMENT,
    strictness: Strictness = Strictness.MUST,
    only: re.Pattern[str] = EVERY,
    timeout: float = 60,
) -> Results:
    """Deliver the mutants of a document to a receiver, one at a time, and return the results."""
    signing = scheme(name, SECRET.encode()) if name else ()
    with receiving(respond) as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr("contract_kit.serve.receivers.time.time", lambda: NOW + 0.9)
        found = Catalogue(Document.of(document), strictness, webhooks=True)
        receiver = Receiver({"": urlsplit(url)}, *signing)
        mutants = (each for each in found.mutants() if only.search(each.id) and receiver.can_get(each))
        return run_mutants(found, receiver, mutants, 1, timeout, None, Controls(found))


def call(url: str, body: bytes = b"{}", timeout: float = 60) -> Call:
    operation = Operation("paid", "POST", "orderPaid", Request("POST", "/", {}, None, {}, {}), role=RECEIVER)
    return Receiver({"": urlsplit(url)}).call(mutant("broken", body, operation=operation), timeout)


def answered(answer: Callable[[socket.socket], object], body: bytes = b"{}", timeout: float = 60) -> Call:
    """Deliver a body to a receiver that handles its connection with `answer`. Return the kit's result."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            with server.accept()[0] as connection:
                connection.recv(65_536)
                answer(connection)

        thread = Thread(target=run, daemon=True)
        thread.start()
        found = call(f"http://127.0.0.1:{server.getsockname()[1]}/", body, timeout)
        thread.join()
    return found


def signed(name: str, headers: Message, body: bytes) -> str:
    """Return how a delivery is signed, independently of the kit."""
    known = {
        "right": (NOW, body, b""),
        "long ago": (NOW - 86_400, body, b""),
        "for another body": (NOW, b'{"other": "body"}', b""),
        "with another secret": (NOW, body, b"another"),
    }
    return next((how for how, given in known.items() if _is_signed(name, headers, *given)), "not")


def _is_signed(name: str, headers: Message, now: int, body: bytes, more: bytes) -> bool:
    header, value, text = SIGNED[name]
    key = b64decode(SECRET.removeprefix("whsec_")) if name == "standard-webhooks" else SECRET.encode()
    before, after = text.format(now=now, id=headers.get("webhook-id"), body="\0").encode().split(b"\0")
    digest = hmac.digest(key + more, before + body + after, hashlib.sha256)
    return headers.get(header) == value.format(now=now, hex=digest.hex(), base64=b64encode(digest).decode())


def strict(name: str, headers: Message, body: bytes) -> int:
    """Respond with 204 only if the delivery is signed and the document allows its body."""
    is_right = signed(name, headers, body) == "right" and headers["X-Event"] == "paid"
    if not is_right or not headers["X-Delivery"] or headers.get_content_type() != "application/json":
        return 401
    return 204 if is_allowed(body) else 422


def is_allowed(body: bytes) -> bool:
    try:
        return jsonschema_rs.is_valid(SCHEMA, json.loads(body))
    except ValueError:
        return False
