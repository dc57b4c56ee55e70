"""The library's error messages: a line for each mistake in the calling code."""

import os
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import bluejay_results as sdk
from bluejay_api.models import QueueSimulationRunRequest
from bluejay_results.cli.keys import find_key
from bluejay_results.compare import compare
from bluejay_results.gate import Rules, gate
from bluejay_results.webhooks import receive

from ..gate.runs import PASSED, run_of
from .layout import printable

RUN = run_of(PASSED)


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


def _message(mistake: Callable[[], object]) -> str:
    try:
        mistake()
    except sdk.BluejayError as error:
        return printable(f"{type(error).__name__}: {error}")
    return "no error"
