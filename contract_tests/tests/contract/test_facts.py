"""openapi.yaml matches the public documentation, from which `facts.txt` was written by hand."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path

from bluejay_contract.contract import Contract
from contract_kit.read.document import Place
from contract_kit.read.graph import Node

CONTRACT = Contract.load()
WRITTEN = Path(__file__).with_name("facts.txt").read_text().splitlines()
SHARED = ("SimulationResultResponse", "HTTPValidationError")
"""The schemas that several bodies share."""
IN_A_RESULT = ("Evaluation", "Event", "ToolCallComparisonGroup")
"""Schemas that results and events use: `facts.txt` lists their fields once, in the result."""


def _written() -> Iterator[tuple[str, str]]:
    path = ""
    for place, *said in (line.split("  ") for line in WRITTEN if line and not line.startswith("#")):
        path = said[0].split()[1] if place == "operation" else path
        yield place if place.startswith(("server", "webhook", *SHARED)) else f"{path} {place}", " ".join(said)


FACTS = dict(_written())


def _differences(contract: Contract) -> dict[str, tuple[str, str]]:
    """Return the differences between facts.txt and openapi.yaml, with the text of both."""
    document = dict(_said(contract))
    both = {
        place: (FACTS.get(place, "nothing"), document.get(place, "nothing")) for place in FACTS | document
    }
    return {place: (fact, said) for place, (fact, said) in both.items() if fact != said}


def _said(contract: Contract) -> Iterator[tuple[str, str]]:
    """Yield a document's facts as lines."""
    servers = contract.document["servers"]
    yield "server", " ".join(server["url"] for server in servers)
    for path, item in contract.document["paths"].items():
        for method in item:
            yield f"{path} operation", f"{method.upper()} {path}"
            for place, said in _of_operation(contract, Place("", ("paths", path, method))):
                yield f"{path} {place}", said
    for name in contract.document["webhooks"]:
        yield from _of_webhook(contract, Place("", ("webhooks", name, "post")), f"webhook {name}")
    for name in SHARED:
        node = contract.schemas.add(Place("", ("components", "schemas", name)))
        (_, whole), *parts = _of_schema(contract, node, f"{name} ")
        yield from ((name, whole), *parts)


def _of_operation(contract: Contract, operation: Place) -> Iterator[tuple[str, str]]:
    add, follow = contract.schemas.add, contract.openapi.follow
    described = contract.openapi.at(operation)
    yield from _of_parameters(contract, operation)
    bodies = {"body": operation / "requestBody"} if "requestBody" in described else {}
    bodies |= {status: operation / "responses" / status for status in described["responses"]}
    for name, written in bodies.items():
        at, body = follow(written)
        is_required = body.get("required", False)
        for kind in body["content"]:
            node = add(at / "content" / kind / "schema")
            (_, whole), *parts = _of_schema(contract, node, f"{name} ", is_required=is_required)
            yield from ((f"{name} {kind}", whole), *parts)


def _of_parameters(contract: Contract, operation: Place, start: str = "") -> Iterator[tuple[str, str]]:
    for index in range(len(contract.openapi.at(operation)["parameters"])):
        at, each = contract.openapi.follow(operation / "parameters" / index)
        schema, is_required = contract.schemas.add(at / "schema"), each.get("required", False)
        yield from _of_schema(
            contract, schema, f"{start}{each['in']} {each['name']}", is_required=is_required
        )


def _of_webhook(contract: Contract, operation: Place, name: str) -> Iterator[tuple[str, str]]:
    yield from _of_parameters(contract, operation, f"{name} ")
    node = contract.schemas.add(operation / "requestBody" / "content" / "application/json" / "schema")
    (_, whole), *parts = _of_schema(contract, node, f"{name} ", shared=(*SHARED, *IN_A_RESULT))
    yield from ((name, whole), *parts)


def _of_schema(
    contract: Contract,
    schema: Node,
    place: str,
    *,
    is_required: bool = False,
    shared: tuple[str, ...] = SHARED,
) -> Iterator[tuple[str, str]]:
    described = schema.raw
    target = described.get("$ref", "").rpartition("/")[2]
    if target in shared:
        yield place, f"{target}{' R' * is_required}"
        return
    options = list(contract.alternatives(schema))
    types = {name for option in options for name in _types(option)}
    flags = " ".join(["R"] * is_required + ["N"] * ("null" in types))
    details = [" ".join(option["enum"]) for option in options if "enum" in option]
    details += [option["format"] for option in options if "format" in option]
    limits = ("minimum", "maximum", "default")
    details += [f"{key} {json.dumps(described[key])}" for key in limits if key in described]
    details += ["deprecated"] * described.get("deprecated", False)
    said = [" or ".join(sorted(types - {"null"})), flags or "-" * bool(details), *details]
    yield place, " ".join(filter(None, said))
    for option in options:
        for step, inner, required in _parts(option):
            yield from _of_schema(contract, inner, f"{place}{step}", is_required=required, shared=shared)


def _types(option: Node) -> list[str]:
    named = option.get("type", "any")
    others = option.get("additionalProperties")
    if named == "object" and "properties" not in option:
        return ["free-form" if others == {} else "map" if others else "closed object"]
    if named == "object" and others is False:
        return ["closed object"]
    return [named] if isinstance(named, str) else named


def _parts(option: Node) -> Iterator[tuple[str, Node, bool]]:
    for key, inner in option.get("properties", {}).items():
        yield f".{key}", inner, key in option.get("required", [])
    if "items" in option:
        yield "[]", option["items"], False
    if option.get("additionalProperties"):
        yield ".*", option["additionalProperties"], False


def test_the_contract_states_exactly_the_facts_of_the_public_documentation() -> None:
    assert _differences(CONTRACT) == {}, "Correct contract_tests/tests/contract/facts.txt, or openapi.yaml."


def test_an_added_or_removed_field_counts_as_a_difference() -> None:
    document = copy.deepcopy(CONTRACT.document)
    document["components"]["schemas"]["ValidationError"]["properties"] = {"url": {}}
    changed = {
        each.removeprefix("HTTPValidationError .detail[].") for each in _differences(Contract(document))
    }
    assert {"url", "loc", "msg", "type"} <= changed
