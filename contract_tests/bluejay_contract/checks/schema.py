"""Rules that follow from the contract's schemas: no forbidden value, and no undocumented field or value."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from contract_kit.read.formats import is_time
from contract_kit.read.graph import Node
from contract_kit.read.paths import Path, json_path

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity

from .applicability import has_documented_body, operation_of
from .rule import MOST, Finding, Rule
from .validation import SchemaError, Validation

_validation = functools.cache(Validation)


def _schema(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The body must conform to the schema of its status."""
    for error in _errors(contract, exchange):
        if not _is_new_value(error) and not _is_time_without_zone(error):
            yield _finding(error)


def _unknown_enum_value(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The value of an enum must be documented."""
    yield from (_finding(error) for error in _errors(contract, exchange) if _is_new_value(error))


def _time_without_zone(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A time must have a time zone."""
    yield from (_finding(error) for error in _errors(contract, exchange) if _is_time_without_zone(error))


def _unknown_field(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Every field must be documented in the contract."""
    schema = operation_of(contract, exchange).schema(exchange.status)
    yield from _unknown(contract, schema, exchange.document, ())


def _errors(contract: Contract, exchange: Exchange) -> Iterator[SchemaError]:
    schema = operation_of(contract, exchange).schema(exchange.status)
    # A rule collects at most `MOST` errors. Yield one more, so that the rule can say that there are more.
    yield from islice(_validation(contract).errors(schema, exchange.document), MOST + 1)


def _is_new_value(error: SchemaError) -> bool:
    return error.kind.name == "enum" and isinstance(error.value, str)


def _is_time_without_zone(error: SchemaError) -> bool:
    return error.kind.name == "format" and is_time(f"{error.value}Z")


def _finding(error: SchemaError) -> Finding:
    says = {
        "type": lambda kind: f"type {_any_of(kind.types)}",
        "required": lambda kind: f"the field {kind.property!r}",
        "enum": lambda kind: f"one of {_any_of(kind.options)}",
        "format": lambda kind: f"the format {kind.format}",
        "anyOf": lambda kind: _any_alternative([error for errors in kind.context for error in errors]),
    }
    expected = says.get(error.kind.name, lambda kind: f"a value that {kind.name} allows")(error.kind)
    return json_path(error.path), expected, error.value


def _any_alternative(errors: list[Any]) -> str:
    values = [value for error in errors if error.kind.name == "enum" for value in error.kind.options]
    types = {name for error in errors if error.kind.name == "type" for name in error.kind.types}
    if values:
        types.discard("string")  # the values of an enum describe it better than its type
    return f"one of {_any_of([*values, *sorted(types)])}" if values else f"type {_any_of(sorted(types))}"


def _any_of(names: Iterable[str]) -> str:
    """Return the sorted names as text, null last: `a, b or null`."""
    *others, last = sorted(names, key="null".__eq__)
    return f"{', '.join(others)} or {last}" if others else last


def _unknown(contract: Contract, schema: Node, document: Any, path: Path) -> Iterator[Finding]:
    if not isinstance(document, dict | list):
        return
    for alternative in contract.alternatives(schema):
        if isinstance(document, dict) and "properties" in alternative:
            for key, value in document.items():
                if key in alternative["properties"]:
                    yield from _unknown(contract, alternative["properties"][key], value, (*path, key))
                else:
                    yield json_path((*path, key)), "no undocumented field", value
        elif isinstance(document, list) and "items" in alternative:
            for index, item in enumerate(document):
                yield from _unknown(contract, alternative["items"], item, (*path, index))


RULES = (
    Rule("response-schema-conformance", Severity.VIOLATION, _schema, has_documented_body),
    Rule("unknown-enum-value", Severity.DRIFT, _unknown_enum_value, has_documented_body),
    Rule("time-without-zone", Severity.DRIFT, _time_without_zone, has_documented_body),
    Rule("unknown-field", Severity.DRIFT, _unknown_field, has_documented_body),
)
