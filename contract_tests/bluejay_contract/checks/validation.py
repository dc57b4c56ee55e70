"""Finds the validator's errors in a body, part by part.

The validator lists all errors of a body at once. Each error takes about 2 kB, even if the wrong value has two
bytes. So this module asks whether a part is valid, and looks inside the part only if it isn't.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import jsonschema_rs
from attrs import frozen
from contract_kit.read.graph import Node
from contract_kit.read.paths import Path

from bluejay_contract.contract import Contract


@frozen
class SchemaError:
    """A value that the schema forbids.

    Attributes:
        kind: The validator's description of the error.
    """

    path: Path
    kind: jsonschema_rs.ValidationErrorKind
    value: Any


class Validation:
    """Asks a contract's validators, one for each part of the schema."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def errors(self, schema: Node, value: Any, path: Path = ()) -> Iterator[SchemaError]:
        """Yield every error in a value, the errors of its parts first."""
        validator = self._contract.validators.first(schema)
        if validator.is_valid(value):
            return
        for key, inner, part in self._parts(schema, value):
            yield from self.errors(inner, part, (*path, key))
        for error in validator.iter_errors(self._outline(schema, value)):
            yield from (
                SchemaError(path, leaf.kind, value) for leaf in _leaves(error) if not leaf.instance_path
            )

    def _parts(self, schema: Node, value: Any) -> Iterator[tuple[str | int, Node, Any]]:
        for alternative in self._contract.alternatives(schema):
            if isinstance(value, dict) and {"properties", "additionalProperties"} & alternative.keys():
                others = alternative.get("additionalProperties", True)
                for key, part in value.items():
                    inner = alternative.get("properties", {}).get(key, others)
                    if isinstance(inner, dict):
                        yield key, inner, part
            elif isinstance(value, list) and "items" in alternative:
                for index, part in enumerate(value):
                    yield index, alternative["items"], part

    def _outline(self, schema: Node, value: Any) -> Any:
        """Return a small value that has the errors of `value` itself, but not those of its parts."""
        if isinstance(value, list):
            return []
        if not isinstance(value, dict):
            return value
        named = {
            name
            for each in self._contract.alternatives(schema)
            for name in (*each.get("properties", ()), *each.get("required", ()))
        }
        other = islice((key for key in value if key not in named), 1)
        return dict.fromkeys([*(key for key in named if key in value), *other])


def _leaves(error: jsonschema_rs.ValidationError) -> Iterator[jsonschema_rs.ValidationError]:
    """Yield the errors of the intended alternative in place of the error "no alternative fits".

    The intended alternative has the value's type. If no alternative is intended, the error itself is yielded.
    """
    alternatives = getattr(error.kind, "context", None) or []
    meant = [each for each in alternatives if not any(_is_type_error_at(inner, error) for inner in each)]
    if not meant:
        yield error
    for inner in meant[0] if meant else []:
        yield from _leaves(inner)


def _is_type_error_at(inner: jsonschema_rs.ValidationError, outer: jsonschema_rs.ValidationError) -> bool:
    return inner.kind.name == "type" and list(inner.instance_path) == list(outer.instance_path)
