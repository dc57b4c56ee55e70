"""The FastAPI and Flask examples in docs/webhooks.md receive the stub's deliveries over HTTP."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from bluejay_contract.contract import Contract
from bluejay_contract.stub import SCENARIOS, Stub
from contract_kit.derive.catalogue import Catalogue
from contract_kit.judge.client_run import run_client
from contract_kit.serve.loopback import Loopback
from contract_kit.serve.receivers import EVERY, Receiver
from contract_kit.serve.signing import scheme
from werkzeug.serving import make_server

SECRET = "whsec-of-these-tests"
PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"
EXAMPLE = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)[0]
FRAMEWORKS = ("fastapi", "flask")
RUN = SCENARIOS["settled"].run_id
EVENTS = {*Contract.load().document["webhooks"]}


@contextmanager
def _served(framework: str, app: Any) -> Iterator[str]:
    if framework == "fastapi":
        with Loopback(app, name="example") as server:
            yield f"{server.url}/bluejay"
        return
    flask = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=flask.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{flask.server_port}/bluejay"
    finally:
        flask.shutdown()
        thread.join()
        flask.server_close()


@contextmanager
def _example(framework: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, dict[str, Any]]]:
    monkeypatch.setenv("BLUEJAY_WEBHOOK_SECRET", SECRET)
    example: dict[str, Any] = {"__name__": "example"}
    exec(EXAMPLE, example)  # noqa: S102 - our own page
    with _served(framework, example[f"{framework}_app"]) as url:
        yield url, example


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_contract_kit_finds_no_faults_in_the_example_receivers(
    monkeypatch: pytest.MonkeyPatch, framework: str
) -> None:
    catalogue = Catalogue.load(PAGE.parents[1] / "openapi.yaml", webhooks=True)
    signed = scheme("hmac-sha256:X-Bluejay-Signature", SECRET.encode())
    with _example(framework, monkeypatch) as (url, _):
        results = run_client(catalogue, Receiver({EVERY: urlsplit(url)}, *signed), sample=200)
    assert [each.mutant.id for each in (*results.failures, *results.inconclusive)] == []
    assert {each.mutant.operation.id for each in results.all} == EVENTS


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize(
    ("fault", "statuses", "counted"),
    [("none", {204}, 1), ("twice", {204}, 0.5), ("forged", {401}, 0), ("cut", {401}, 0)],
)
def test_the_example_receivers_count_each_genuine_webhook_delivery_once(
    bluejay_stub: Stub,
    monkeypatch: pytest.MonkeyPatch,
    framework: str,
    fault: str,
    statuses: set[int],
    counted: float,
) -> None:
    with _example(framework, monkeypatch) as (url, example):
        answered = bluejay_stub.deliver(url, SECRET, RUN, fault=fault)
    assert set(answered) == statuses
    assert example["events"].qsize() == len(answered) * counted
