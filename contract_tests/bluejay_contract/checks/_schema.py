"""Rules that come from the contract's schemas: what they forbid, and what is new to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from bluejay_results.status import Phase, phase

from bluejay_contract.contract import Contract, Schema
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity
from bluejay_contract.paths import json_path

from ._rule import Finding, Rule


def _schema(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The body is what the schema of its status says."""
    for error in _errors(contract, exchange):
        if not _is_new_value(error) and not _is_time_without_zone(error):
            yield _finding(error)


def _new_value(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Every value of an enum is on its list."""
    yield from (_finding(error) for error in _errors(contract, exchange) if _is_new_value(error))


def _time_without_zone(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Every time has a zone."""
    yield from (_finding(error) for error in _errors(contract, exchange) if _is_time_without_zone(error))


def _new_field(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Every field is one that the contract knows."""
    if exchange.status in contract.statuses and exchange.has_document:
        yield from _unknown(contract, contract.schema(exchange.status), exchange.document, ())


def _new_result_status(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Every conversation's status is one that has been described publicly."""
    document = exchange.document if exchange.status == 200 and exchange.has_document else None
    results = document.get("simulation_results") if isinstance(document, dict) else None
    for index, result in enumerate(results if isinstance(results, list) else []):
        status = result.get("status") if isinstance(result, dict) else None
        if isinstance(status, str) and phase(status) is Phase.UNKNOWN:
            yield f"$.simulation_results[{index}].status", "a status that is known", status


def _errors(contract: Contract, exchange: Exchange) -> Iterator[jsonschema_rs.ValidationError]:
    if exchange.status in contract.statuses and exchange.has_document:
        for error in contract.validator(exchange.status).iter_errors(exchange.document):
            yield from _leaves(error)


def _leaves(error: jsonschema_rs.ValidationError) -> Iterator[jsonschema_rs.ValidationError]:
    """Replace "fits no alternative" by what is wrong with the alternative that was meant.

    That is the one that the value's own type fits; where there is none, the error stands as it is.
    """
    alternatives = getattr(error.kind, "context", None) or []
    meant = [each for each in alternatives if not any(_is_type_error_at(inner, error) for inner in each)]
    if not meant:
        yield error
    for inner in meant[0] if meant else []:
        yield from _leaves(inner)


def _is_type_error_at(inner: jsonschema_rs.ValidationError, outer: jsonschema_rs.ValidationError) -> bool:
    return inner.kind.name == "type" and list(inner.instance_path) == list(outer.instance_path)


def _is_new_value(error: jsonschema_rs.ValidationError) -> bool:
    return error.kind.name == "enum" and isinstance(error.instance, str)


def _is_time_without_zone(error: jsonschema_rs.ValidationError) -> bool:
    return error.kind.name == "format" and Contract.is_time(f"{error.instance}Z")


def _finding(error: jsonschema_rs.ValidationError) -> Finding:
    says = {
        "type": lambda kind: f"type {' or '.join(sorted(kind.types, key='null'.__eq__))}",
        "required": lambda kind: f"a field {kind.property!r}",
        "enum": lambda kind: f"one of {', '.join(map(str, kind.options))}",
        "format": lambda kind: f"the format {kind.format}",
    }
    expected = says.get(error.kind.name, lambda kind: f"what {kind.name} of the schema allows")(error.kind)
    return json_path(error.instance_path), expected, json.dumps(error.instance, ensure_ascii=False)


def _unknown(
    contract: Contract, schema: Schema, document: Any, path: tuple[str | int, ...]
) -> Iterator[Finding]:
    for alternative in contract.alternatives(schema):
        if isinstance(document, dict) and "properties" in alternative:
            for key, value in document.items():
                if key in alternative["properties"]:
                    yield from _unknown(contract, alternative["properties"][key], value, (*path, key))
                else:
                    yield json_path((*path, key)), "no field that the contract doesn't know", value
        elif isinstance(document, list) and "items" in alternative:
            for index, item in enumerate(document):
                yield from _unknown(contract, alternative["items"], item, (*path, index))


RULES = (
    Rule("schema", Severity.VIOLATION, _schema),
    Rule("new-value", Severity.DRIFT, _new_value),
    Rule("time-without-zone", Severity.DRIFT, _time_without_zone),
    Rule("new-field", Severity.DRIFT, _new_field),
    Rule("new-result-status", Severity.DRIFT, _new_result_status),
)
