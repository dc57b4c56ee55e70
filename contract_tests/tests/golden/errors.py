"""The library's error messages: a line for each mistake in the calling code."""

import os
from collections.abc import Callable, Iterator
from unittest.mock import patch

import bluejay_results as sdk
from bluejay_api.models import QueueSimulationRunRequest
from bluejay_results.cli.keys import find_key
from bluejay_results.compare import compare
from bluejay_results.export import to_rows
from bluejay_results.gate import Rules, gate
from bluejay_results.webhooks import parse, receive

from ..gate.runs import PASSED, run_of
from .layout import printable

RUN = run_of(PASSED)


def _closed() -> None:
    client = sdk.BluejayClient("k", "http://a")
    client.close()
    client.retrieve("1")


def _twice() -> None:
    with sdk.BluejayClient("k", "http://a") as client:
        client.queue(QueueSimulationRunRequest("7", digital_human_ids=["1"]), digital_human_ids=["2"])


def _signed(headers: dict[str, str], secret: str) -> Callable[[], object]:
    return lambda: receive(b"{}", headers, secret)


SIGNATURE = "X-Bluejay-Signature"
MISTAKES: list[Callable[[], object]] = [
    _closed,
    _twice,
    lambda: RUN.save("run.har"),
    lambda: sdk.SimulationRun.from_bytes([]),
    lambda: to_rows(RUN, "calls"),
    patch.dict(os.environ, {"BLUEJAY_API_KEY": ""})(lambda: find_key(None)),
    lambda: gate(RUN, {}),  # type: ignore[arg-type] # the mistake
    lambda: compare(RUN, RUN),
    lambda: Rules(no_counters=1),  # type: ignore[arg-type] # the mistake
    lambda: Rules(require=7),  # type: ignore[arg-type] # the mistake
    _signed({}, ""),
    _signed({}, "whsec"),
    _signed({SIGNATURE: "ab"}, "whsec"),
    lambda: parse(b"<html>"),
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
