"""Rules that come from the contract's schemas: what they forbid, and what is new to them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from itertools import islice
from typing import Any

from bluejay_contract.contract import Contract, Schema
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity
from bluejay_contract.paths import json_path

from ._applies import has_documented_body, has_run
from ._document import results_of, text
from ._rule import MOST, Finding, Rule
from ._statuses import ENDED, UNDER_WAY, normalized
from ._validation import Path, SchemaError, Validation

_validation = functools.cache(Validation)


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
    yield from _unknown(_validation(contract), contract.schema(exchange.status), exchange.document, ())


def _new_result_status(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Every conversation's status is one that has been described publicly."""
    for path, result in results_of(exchange):
        status = text(result, "status")
        if status is not None and normalized(status) not in ENDED | UNDER_WAY:
            yield f"{path}.status", "a status that is known", status


def _errors(contract: Contract, exchange: Exchange) -> Iterator[SchemaError]:
    schema = contract.schema(exchange.status)
    # One more than any rule lists, so that a rule can tell that there were more.
    yield from islice(_validation(contract).errors(schema, exchange.document), MOST + 1)


def _is_new_value(error: SchemaError) -> bool:
    return error.kind.name == "enum" and isinstance(error.value, str)


def _is_time_without_zone(error: SchemaError) -> bool:
    return error.kind.name == "format" and Contract.is_time(f"{error.value}Z")


def _finding(error: SchemaError) -> Finding:
    says = {
        "type": lambda kind: f"type {' or '.join(sorted(kind.types, key='null'.__eq__))}",
        "required": lambda kind: f"a field {kind.property!r}",
        "enum": lambda kind: f"one of {', '.join(map(str, kind.options))}",
        "format": lambda kind: f"the format {kind.format}",
    }
    expected = says.get(error.kind.name, lambda kind: f"what {kind.name} of the schema allows")(error.kind)
    return json_path(error.path), expected, error.value


def _unknown(validation: Validation, schema: Schema, document: Any, path: Path) -> Iterator[Finding]:
    if not isinstance(document, dict | list):
        return
    for alternative in validation.alternatives(schema):
        if isinstance(document, dict) and "properties" in alternative:
            for key, value in document.items():
                if key in alternative["properties"]:
                    yield from _unknown(validation, alternative["properties"][key], value, (*path, key))
                else:
                    yield json_path((*path, key)), "no field that the contract doesn't know", value
        elif isinstance(document, list) and "items" in alternative:
            for index, item in enumerate(document):
                yield from _unknown(validation, alternative["items"], item, (*path, index))


RULES = (
    Rule("schema", Severity.VIOLATION, _schema, has_documented_body),
    Rule("new-value", Severity.DRIFT, _new_value, has_documented_body),
    Rule("time-without-zone", Severity.DRIFT, _time_without_zone, has_documented_body),
    Rule("new-field", Severity.DRIFT, _new_field, has_documented_body),
    Rule("new-result-status", Severity.DRIFT, _new_result_status, has_run),
)
