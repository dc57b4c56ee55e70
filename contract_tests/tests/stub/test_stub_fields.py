"""The stub sends every documented field of a 200 response."""

import re
from collections.abc import Iterator

import httpx
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS
from bluejay_contract.operations import QUEUE, RESULT, RESULTS, RUNS
from contract_kit.read.graph import Node
from contract_kit.read.paths import json_path, paths
from contract_kit.tests.tables import table

from ..operations import TRAITS

CONTRACT = Contract.load()
IDS: dict[str, tuple[str, ...]] = {
    RESULTS: ("48213", "48234"),
    RESULT: ("482130001", "482340001"),
    QUEUE: ("",),
    RUNS: ("733",),
}
"""The ids to request, by operation: two scenarios' runs, their first results, and a simulation."""


def fields(node: Node, path: str = "$") -> Iterator[str]:
    """Yield the path of each documented field; all items of a list share one path."""
    for each in CONTRACT.alternatives(node):
        for name, inner in each.get("properties", {}).items():
            yield f"{path}.{name}"
            yield from fields(inner, f"{path}.{name}")
        if each.get("items"):
            yield from fields(each["items"], f"{path}[]")


@table("name", CONTRACT.operations)
def test_every_documented_field_of_a_successful_response_is_sent(api: httpx.Client, name: str) -> None:
    operation = CONTRACT.operations[name]
    sent: set[str] = set()
    for id_ in IDS[name]:
        url = operation.id.url(id_).removeprefix("/v1/")
        document = api.request(
            operation.id.method, url, content=TRAITS[name].body, headers=JSON_HEADERS
        ).json()
        sent |= {re.sub(r"\[\d+\]", "[]", json_path(path)) for path in paths(document)}
    assert set(fields(operation.schema(200))) - sent == set(), (
        "Send it in a scenario: contract_tests/bluejay_contract/stub/scenarios/conversation.py makes it."
    )
