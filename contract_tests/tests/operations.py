"""What tests need to know about each operation, beyond the contract.

A new operation in the contract needs a row here. If its 200 response repeats the id, `is_of_another` below
also needs a line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen
from bluejay_contract.operations import QUEUE, RESULT, RESULTS, RUNS
from contract_kit.read.paths import Path


@frozen
class Traits:
    """How tests use an operation.

    Attributes:
        requested: The id in its requests, from the contract's example; empty if the path has no id.
        text: The path of a field in its 200 body that can contain any text.
        call: Calls the operation on a client, with an id.
        body: The request body.
    """

    requested: str
    text: Path
    call: Callable[[Any, str], object]
    body: bytes = b""


TRAITS: Mapping[str, Traits] = {
    RESULTS: Traits("48213", ("simulation_run", "summary"), lambda client, id_: client.retrieve(id_)),
    RESULT: Traits(
        "910101",
        ("simulation_result", "evaluations", 0, "call_summary"),
        lambda client, id_: client.retrieve_result(id_),
    ),
    QUEUE: Traits("", ("agent_id",), lambda client, _: client.queue("731"), b'{"simulation_id": "731"}'),
    RUNS: Traits("731", ("simulation_runs", 0, "summary"), lambda client, id_: client.runs(id_)),
}
"""The traits of each operation, by operationId."""


def is_of_another(operation: str, body: bytes) -> bool:
    """Whether a 200 body and the request have different ids, so that the client must reject the body."""
    try:
        document = json.loads(body)
        subject = document.get("simulation_run") or document.get("simulation_result")
        runs = document.get("simulation_runs") or ()
        ids = [subject["id"]] if subject else [run["experiment_id"] for run in runs]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False
    return any(isinstance(id_, str | int) and str(id_) != TRAITS[operation].requested for id_ in ids)
