"""Webhook receivers for tests, which run on this machine."""

import hashlib
import hmac
import json
import socket
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.exchange import Request
from contract_kit.derive.model import RECEIVER, Operation, Strictness
from contract_kit.judge.client_run import run_client
from contract_kit.judge.results import Results
from contract_kit.read.document import Document
from contract_kit.serve.clients import Call
from contract_kit.serve.receivers import Receiver
from contract_kit.serve.signing import scheme

from .fakes import mutant

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SCHEMES = ("github", "stripe", "slack", "standard-webhooks", "hmac-sha256:X-Signature")
WITH_TIME = {"stripe", "slack", "standard-webhooks"}
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
    timeout: float = 60,
) -> Results:
    """Deliver all of a document's mutants to a receiver, and return the results."""
    signed = scheme(name, SECRET.encode()) if name else ()
    with receiving(respond) as url:
        found = Catalogue(Document.of(document), strictness, webhooks=True)
        return run_client(found, Receiver({"": urlsplit(url)}, *signed), timeout=timeout)


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


def is_signed(name: str, headers: Message, body: bytes) -> bool:
    """Check a delivery's signature as the service's documentation describes, independently of the kit."""
    key = SECRET.encode()
    digest = partial(hmac.new, key, digestmod=hashlib.sha256)
    match name:
        case "github":
            return headers.get("X-Hub-Signature-256") == "sha256=" + digest(body).hexdigest()
        case "stripe":
            parts = dict(each.split("=") for each in headers.get("Stripe-Signature", "t=0,v1=").split(","))
            return parts["v1"] == digest(parts["t"].encode() + b"." + body).hexdigest() and is_now(parts["t"])
        case "slack":
            at = headers.get("X-Slack-Request-Timestamp", "0")
            text = b"v0:" + at.encode() + b":" + body
            return headers.get("X-Slack-Signature") == "v0=" + digest(text).hexdigest() and is_now(at)
        case "standard-webhooks":
            at = headers["webhook-timestamp"]
            text = f"{headers['webhook-id']}.{at}.".encode() + body
            signed = b64encode(hmac.digest(b64decode(SECRET.removeprefix("whsec_")), text, "sha256"))
            return headers.get("webhook-signature") == f"v1,{signed.decode()}" and is_now(at)
    return headers.get("X-Signature") == digest(body).hexdigest()


def is_now(text: str) -> bool:
    return abs(time.time() - int(text)) < 3600


def strict(name: str, headers: Message, body: bytes) -> int:
    """Respond with 204 only if the delivery is signed and the document allows its body."""
    is_right = is_signed(name, headers, body) and headers["X-Event"] == "paid"
    if not is_right or not headers["X-Delivery"] or headers.get_content_type() != "application/json":
        return 401
    return 204 if is_allowed(body) else 422


def is_allowed(body: bytes) -> bool:
    try:
        return jsonschema_rs.is_valid(SCHEMA, json.loads(body))
    except ValueError:
        return False
