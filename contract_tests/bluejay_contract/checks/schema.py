"""Rules based on the contract's schemas: no forbidden values, and no undocumented fields or values.

The validator returns all errors in a body as one list, and each error takes about 2 kB, even for a value of
two bytes. To save memory, these rules check a part as a whole first, and look inside it only if it is
invalid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeAlias

import jsonschema_rs
from contract_kit.read.formats import is_time
from contract_kit.read.graph import Node
from contract_kit.read.paths import Path, json_path

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity

from .rule import MOST, Finding, is_documented, operation_of, rule

_Error: TypeAlias = tuple[Path, jsonschema_rs.ValidationErrorKind, Any]
"""The path of a forbidden value, the validator's description of the error, and the value."""


def _has_documented_body(contract: Contract, exchange: Exchange) -> bool:
    return is_documented(contract, exchange) and exchange.has_document


@rule("response-schema-conformance", Severity.VIOLATION, _has_documented_body)
def _schema(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The body must conform to the schema of its status."""
    yield from _errors(contract, exchange, "schema")


@rule("unknown-enum-value", Severity.DRIFT, _has_documented_body)
def _unknown_enum_value(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The value of an enum must be documented."""
    yield from _errors(contract, exchange, "enum")


@rule("time-without-zone", Severity.DRIFT, _has_documented_body)
def _time_without_zone(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A time must have a time zone."""
    yield from _errors(contract, exchange, "format")


def _errors(contract: Contract, exchange: Exchange, drift: str) -> Iterator[Finding]:
    """Yield the errors that count as drift (a new string, a time without a zone), or all other errors."""
    schema = operation_of(contract, exchange).schema(exchange.status)
    # A rule collects `MOST` errors. It gets one more so that it can report that there are more.
    for path, kind, value in islice(_errors_in(contract, schema, exchange.document, ()), MOST + 1):
        is_text = kind.name == "enum" and isinstance(value, str)
        is_drift = is_text or (kind.name == "format" and is_time(f"{value}Z"))
        if drift == (kind.name if is_drift else "schema"):
            yield json_path(path), _expected(kind), value


@rule("unknown-field", Severity.DRIFT, _has_documented_body)
def _unknown_field(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """Every field must be documented in the contract."""
    schema = operation_of(contract, exchange).schema(exchange.status)
    yield from _unknown(contract, schema, exchange.document, ())


def _unknown(contract: Contract, schema: Node, value: Any, path: Path) -> Iterator[Finding]:
    for alternative in contract.alternatives(schema):
        if isinstance(value, dict) and "properties" in alternative:
            new = [key for key in value if key not in alternative["properties"]]
            yield from ((json_path((*path, key)), "a documented field", value[key]) for key in new)
    for key, inner, part in _parts(contract, schema, value):
        yield from _unknown(contract, inner, part, (*path, key))


def _expected(kind: jsonschema_rs.ValidationErrorKind) -> str:
    says = {
        "type": lambda kind: f"type {_any_of(kind.types)}",
        "required": lambda kind: f"the field {kind.property!r}",
        "enum": lambda kind: f"one of {_any_of(kind.options)}",
        "format": lambda kind: f"the format {kind.format}",
        "anyOf": lambda kind: _any_alternative([error for errors in kind.context for error in errors]),
    }
    return says.get(kind.name, lambda kind: f"a value that {kind.name} allows")(kind)


def _any_alternative(errors: list[Any]) -> str:
    values = [value for error in errors if error.kind.name == "enum" for value in error.kind.options]
    types = {name for error in errors if error.kind.name == "type" for name in error.kind.types}
    if values:
        types.discard("string")  # an enum's values describe it better than its type
    return f"one of {_any_of([*values, *sorted(types)])}" if values else f"type {_any_of(sorted(types))}"


def _any_of(names: Iterable[str]) -> str:
    """Return the sorted names as text, with null last: `a, b or null`."""
    *others, last = sorted(names, key="null".__eq__)
    return f"{', '.join(others)} or {last}" if others else last


def _errors_in(contract: Contract, schema: Node, value: Any, path: Path) -> Iterator[_Error]:
    """Yield every error in a value, starting with errors in its parts."""
    validator = contract.validators.first(schema)
    if validator.is_valid(value):
        return
    for key, inner, part in _parts(contract, schema, value):
        yield from _errors_in(contract, inner, part, (*path, key))
    for error in validator.iter_errors(_outline(contract, schema, value)):
        yield from ((path, leaf.kind, value) for leaf in _leaves(error) if not leaf.instance_path)


def _parts(contract: Contract, schema: Node, value: Any) -> Iterator[tuple[str | int, Node, Any]]:
    for alternative in contract.alternatives(schema):
        if isinstance(value, dict) and {"properties", "additionalProperties"} & alternative.keys():
            others = alternative.get("additionalProperties", True)
            for key, part in value.items():
                inner = alternative.get("properties", {}).get(key, others)
                if isinstance(inner, Node):
                    yield key, inner, part
        elif isinstance(value, list) and "items" in alternative:
            for index, part in enumerate(value):
                yield index, alternative["items"], part


def _outline(contract: Contract, schema: Node, value: Any) -> Any:
    """Return a small value that has the errors of `value` itself, but not the errors in its parts."""
    if isinstance(value, list):
        return []
    if not isinstance(value, dict):
        return value
    named = {
        name
        for each in contract.alternatives(schema)
        for name in (*each.get("properties", ()), *each.get("required", ()))
    }
    other = islice((key for key in value if key not in named), 1)
    return dict.fromkeys([*(key for key in named if key in value), *other])


def _leaves(error: jsonschema_rs.ValidationError) -> Iterator[jsonschema_rs.ValidationError]:
    """Replace the error "no alternative fits" with the errors in the intended alternative.

    The intended alternative has the value's type. If there is none, the original error is yielded.
    """

    def is_type_error(inner: jsonschema_rs.ValidationError) -> bool:
        return inner.kind.name == "type" and list(inner.instance_path) == list(error.instance_path)

    alternatives = getattr(error.kind, "context", None) or []
    meant = [each for each in alternatives if not any(map(is_type_error, each))]
    if not meant:
        yield error
    for inner in meant[0] if meant else []:
        yield from _leaves(inner)
