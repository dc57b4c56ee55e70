"""Receivers of webhooks: what they are sent, how it is signed, and how their responses are judged."""

import hashlib
import hmac
import json
import time
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import pytest

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Strictness
from contract_kit.judge.client_run import run_client
from contract_kit.judge.results import Results
from contract_kit.judge.verdicts import Verdict
from contract_kit.read.document import Document
from contract_kit.serve.clients import Outcome
from contract_kit.serve.receivers import Receiver
from contract_kit.serve.signing import scheme

from .command import Run
from .documents import of_schema

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
    """Run a receiver and yield its URL; a function gives the status for headers and a body."""

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
    """Deliver all mutants of a document to a receiver."""
    signed = scheme(name, SECRET.encode()) if name else ()
    with receiving(respond) as url:
        found = Catalogue(Document.of(document), strictness, webhooks=True)
        return run_client(found, Receiver({"": urlsplit(url)}, *signed), timeout=timeout)


def is_signed(name: str, headers: Message, body: bytes) -> bool:
    """Whether a delivery is signed; written from the documentation of each service, not from the kit."""
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
    """Respond with 204 only to a signed delivery that the document allows."""
    is_right = is_signed(name, headers, body) and headers["X-Event"] == "paid"
    if not is_right or not headers["X-Delivery"] or headers.get_content_type() != "application/json":
        return 401
    return 204 if is_allowed(body) else 422


def is_allowed(body: bytes) -> bool:
    """Whether the document allows a body."""
    try:
        return jsonschema_rs.is_valid(SCHEMA, json.loads(body))
    except ValueError:
        return False


@pytest.mark.parametrize("name", SCHEMES)
def test_a_receiver_that_verifies_and_validates_has_no_must_fault(name: str) -> None:
    results = delivered(partial(strict, name), name)
    assert (results.failures, results.controls) == ([], ())
    assert results.counts[Verdict.REFUSED_BY_BODY] == 3


@pytest.mark.parametrize("name", SCHEMES)
def test_a_receiver_that_verifies_no_signature_has_a_fault_for_each_wrong_one(name: str) -> None:
    failed = {each.mutant.name for each in delivered(lambda *_: 204, name).failures}
    assert failed == {"signature-none", "signature-wrong", "signature-of-another-body"}


@pytest.mark.parametrize("name", SCHEMES)
def test_only_a_scheme_with_a_time_has_an_old_delivery(name: str) -> None:
    results = delivered(partial(strict, name), name)
    found = {each.outcome for each in results.all if each.mutant.name == "signature-old"}
    assert found == ({Outcome.REFUSED} if name in WITH_TIME else set())


def test_without_a_scheme_no_signature_is_sent_wrong() -> None:
    found = {each.mutant.name for each in delivered(lambda *_: 204).all}
    assert not any(each.startswith("signature") for each in found)


def test_a_broken_body_that_is_accepted_is_a_fault_only_with_strictness_should() -> None:
    must, should = (delivered(lambda *_: 204, strictness=each) for each in list(Strictness)[:2])
    assert must.failures == []
    assert "paid:webhook:type=boolean:/id" in {each.mutant.id for each in should.failures}


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.TOLERATED),
        (302, Verdict.TOLERATED),
        (400, Verdict.TOLERATED),
        (429, Verdict.INCONCLUSIVE),
        (500, Verdict.CRASHED),
        (0, Verdict.CRASHED),
    ],
)
def test_the_status_decides_the_verdict_on_a_broken_body(status: int, verdict: Verdict) -> None:
    results = delivered(lambda _, body: 204 if is_allowed(body) else status)
    [found] = [each.verdict for each in results.all if each.mutant.id == "paid:webhook:type=boolean:/id"]
    assert found is verdict


def test_a_receiver_that_refuses_the_valid_delivery_is_inconclusive() -> None:
    results = delivered(lambda *_: 400)
    assert [each.mutant.id for each in results.inconclusive] == ["paid:control"]


def test_a_receiver_that_does_not_respond_in_time_hangs() -> None:
    is_over = Event()
    results = delivered(lambda *_: 204 * is_over.wait(60), timeout=0.1)
    is_over.set()
    assert "0.1" in results.inconclusive[0].detail


def test_a_repeat_has_the_same_id_and_every_other_delivery_a_fresh_one() -> None:
    found: Counter[str] = Counter()

    def note(headers: Message, _: bytes) -> int:
        found.update(headers.get_all("X-Delivery", []))
        return 204

    delivered(note)
    assert sorted(found.values())[-2:] == [1, 2]


def test_callbacks_are_sent_like_webhooks_and_named_after_their_operation() -> None:
    callback = {"{$request.body#/url}": {"post": {"requestBody": PAID["requestBody"]}}}
    order = {"post": {"operationId": "order", "callbacks": {"done": callback}, "responses": {}}}
    found = Catalogue(Document.of(DOCUMENT | {"paths": {"/orders": order}}), webhooks=True)
    assert [each.id for each in found.listed] == ["paid", "POST order done"]


@pytest.fixture
def document(folder: Path) -> str:
    (folder / "hooks.json").write_text(json.dumps(DOCUMENT))
    return "hooks.json"


NOBODY = "http://127.0.0.1:9/hooks"
SIGNED = ("--sign", "github", "--secret", "HOOK_SECRET")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--receiver", NOBODY), 3),
        (("--receiver", "hooks"), 2),
        (("--receiver", "ftp://127.0.0.1/"), 2),
        (("--receiver", "http://127.0.0.1:x/"), 2),
        (("--receiver", "http://example.invalid/hooks"), 2),
        (("--receiver", f"pay={NOBODY}"), 2),
        (("--receiver", NOBODY, "--receiver", NOBODY), 2),
        (("--receiver", NOBODY, "--operation", "pay"), 2),
        (("--receiver", NOBODY, "--client", "client:call"), 2),
        (("--receiver", NOBODY, "--sign", "github"), 2),
        (("--receiver", NOBODY, "--secret", "HOOK_SECRET"), 2),
        (("--receiver", NOBODY, "--sign", "git", "--secret", "HOOK_SECRET"), 2),
        (("--receiver", NOBODY, "--sign", "standard-webhooks", "--secret", "HOOK_SECRET"), 2),
        (("--receiver", NOBODY, "--sign", "missing_module:sign", "--secret", "HOOK_SECRET"), 2),
        (("--receiver", NOBODY, "--sign", "github", "--secret", "NOT_SET"), 2),
        (("--client", "client:call", *SIGNED), 2),
        (("--client", "client:call", "--allow-remote"), 2),
    ],
)
def test_bad_options_of_a_receiver_give_one_line_and_the_exit_code(
    kit: Run, document: str, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], code: int
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3cret!")
    ended = kit("test", document, *options)
    assert (ended.code, ended.err.count("\n")) == (code, 1)


def test_a_document_without_webhooks_cannot_test_a_receiver(kit: Run) -> None:
    ended = kit("test", "orders.yaml", "--receiver", NOBODY)
    assert (ended.code, ended.err.count("\n")) == (2, 1)


def test_the_command_prints_no_secret(kit: Run, document: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3cret!")
    with receiving(lambda *_: 204) as url:
        ended = kit("test", document, "--receiver", url, *SIGNED, "--json", "-", "--debug")
    assert ended.code == 1
    assert "s3cret!" not in ended.out + ended.err


def test_a_webhook_is_sent_to_the_url_of_its_name(kit: Run, document: str) -> None:
    with receiving(lambda *_: 400) as other, receiving(lambda *_: 204) as url:
        assert kit("test", document, "--receiver", other, "--receiver", f"paid={url}?a=b").code == 0


def test_the_mutants_of_webhooks_are_listed_on_request(kit: Run, document: str) -> None:
    assert "paid" in kit("mutants", document, "--webhooks").out


@pytest.mark.parametrize(
    ("name", "secret", "given", "expected"),
    [
        (
            "github",
            "It's a Secret to Everybody",
            ("", 0, b"Hello, World!"),
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        ),
        (
            "standard-webhooks",
            SECRET,
            ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
    ],
)
def test_a_signature_is_the_one_that_the_service_publishes(
    name: str, secret: str, given: tuple[str, int, bytes], expected: str
) -> None:
    sign, key = scheme(name, secret.encode())
    assert expected in sign(*given, key).values()


def test_diff_compares_webhooks_like_responses(kit: Run, document: str) -> None:
    changed = json.loads(json.dumps(DOCUMENT))
    operation = changed["webhooks"]["orderPaid"]["post"]
    operation["requestBody"]["content"]["application/json"]["schema"]["required"] = []
    Path("new.json").write_text(json.dumps(changed))
    ended = kit("diff", document, "new.json")
    assert ended.code == 1
    assert "response-property-became-optional" in ended.out


def test_export_lists_webhooks_as_left_out(kit: Run) -> None:
    Path("both.json").write_text(json.dumps(DOCUMENT | {"paths": of_schema({"type": "integer"})["paths"]}))
    assert "paid" in kit("export", "both.json", "--to", "msw", "-o", "new").out


def test_faults_of_a_receiver_that_a_baseline_knows_do_not_fail(
    kit: Run, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3cret!")
    with receiving(lambda *_: 204) as url:
        options = ("test", document, "--receiver", url, *SIGNED)
        assert kit(*options, "--write-baseline", "known.json").code == 0
        assert kit(*options, "--baseline", "known.json").code == 0
    assert "s3cret!" not in Path("known.json").read_text()
