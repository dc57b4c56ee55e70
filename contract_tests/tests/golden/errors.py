"""The library's error messages: a line for each mistake in the calling code and for each response."""

import os
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import bluejay_results as sdk
from bluejay_api.models import QueueSimulationRunRequest
from bluejay_contract.stub import Answer, Stub
from bluejay_results.cli.keys import find_key
from bluejay_results.compare import compare
from bluejay_results.gate import Rules, gate
from bluejay_results.webhooks import receive

from ..gate.runs import PASSED, run_of
from .layout import printable

RUN = run_of(PASSED)
ANSWERS = [Answer(status=each) for each in (302, 402, 403, 407, 429, 520)]
ANSWERS += [
    Answer.json({"detail": "no  such\nthing"}, 401),
    Answer.json({"detail": [{"loc": ["header", "X-API-Key"], "msg": "Field required"}, {"a": 1}]}, 422),
    Answer(b"x" * 2_000_000),
    Answer(b"x", headers={"content-encoding": "br"}),
]


def _closed() -> None:
    client = sdk.BluejayClient("k", "http://a")
    client.close()
    client.retrieve("1")


def _client(**settings: Any) -> Callable[[], object]:
    return lambda: sdk.BluejayClient(**{"api_key": "k", "base_url": "http://a", **settings})


def _call(name: str, *arguments: Any, **options: Any) -> Callable[[], object]:
    def call() -> object:
        with sdk.BluejayClient("canary", "http://127.0.0.1:9", retries=0) as client:
            found = getattr(client, name)(*arguments, **options)
            return list(found) if name == "retrieve_many" else found

    return call


def _signed(headers: dict[str, str], secret: str) -> Callable[[], object]:
    return lambda: receive(b"{}", headers, secret)


REQUEST = QueueSimulationRunRequest(simulation_id="731", digital_human_ids=["1"])
SIGNATURE = "X-Bluejay-Signature"
MISTAKES: list[Callable[[], object]] = [
    _client(api_key=7),
    _client(base_url="https://u:p@a.example"),
    _client(retries=-1),
    _client(max_body_bytes=0),
    _client(request_timeout="9"),
    _client(organization_id="org\n7"),
    _client(http_client=7),
    _closed,
    _call("retrieve", 7),
    _call("retrieve", "..", timeout=9),
    _call("retrieve", "1", on_violation="ignore"),
    _call("retrieve", "1"),
    _call("retrieve_many", "1"),
    _call("retrieve_many", ["1"], concurrency=0),
    _call("queue", 7),
    _call("queue", REQUEST, digital_human_ids=["2"]),
    _call("queue", "731", digital_human_ids="2"),
    _call("queue", "731", digital_human_ids=[]),
    _call("queue", "731", agent_version_id="7"),
    lambda: RUN.save("run.har"),
    lambda: sdk.SimulationRun.from_bytes([]),
    patch.dict(os.environ, {"BLUEJAY_API_KEY": ""})(lambda: find_key(None)),
    lambda: gate(RUN, {}),  # type: ignore[arg-type] # the mistake
    lambda: compare(RUN, RUN),
    lambda: Rules(no_counters=1),  # type: ignore[arg-type] # the mistake
    lambda: Rules(require=7),  # type: ignore[arg-type] # the mistake
    _signed({}, ""),
    _signed({}, "whsec"),
    _signed({SIGNATURE: "ab"}, "whsec"),
    lambda: receive("{}", {SIGNATURE: "ab"}, "whsec"),  # type: ignore[arg-type] # the mistake
]


def errors() -> Iterator[str]:
    """Yield the class and the message of each error."""
    for mistake in MISTAKES:
        yield _message(mistake)
    with Stub(api_key="canary") as stub, stub.client(retries=0, max_body_bytes=1_000_000) as client:
        for answer in ANSWERS:
            stub.serve("48213", answer)
            yield f"{answer.status} {_message(lambda: client.retrieve('48213'))}"


def _message(mistake: Callable[[], object]) -> str:
    try:
        mistake()
    except sdk.BluejayError as error:
        return printable(f"{type(error).__name__}: {error}")
    return "no error"
