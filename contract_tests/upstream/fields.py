"""Writes the types of all fields of request and response bodies as text, so that they can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from contract_kit.errors import KitError

Where: TypeAlias = tuple[str, ...]
"""The name of a body, and the names of the fields that lead to a value. Items of an array have its path."""
_TIMES = ("date", "date-time")
"""The formats that Python has types for. Generators of Python code ignore other formats, such as uuid."""


class Bodies(NamedTuple):
    """The schemas of bodies by name, such as `GET /runs response`, and the schemas that they refer to."""

    schemas: dict[str, Any]
    components: dict[str, Any]


class Fields:
    """The fields of bodies.

    Args:
        bodies: The bodies to read.
        like: The fields of the contract. A model is called like the contract's schema at the same path,
            because generators change names.

    Attributes:
        types: The types of all bodies and fields. The name of a field starts with its model's name.
        owners: The names of the bodies' models.

    Raises:
        KitError: Two models with one name have different fields.
    """

    def __init__(self, bodies: Bodies, like: Fields | None = None) -> None:
        self._components = bodies.components
        self._models: dict[str, dict[str, str]] = {}
        self._names: dict[Where, str] = like._names if like else {}
        self._is_contract = like is None
        self.types: dict[str, str] = {}
        self.owners: list[str] = []
        for name, schema in bodies.schemas.items():
            self.types[name] = self._text(schema)
            self._read((name,), name, schema, frozenset())
            self.owners.append(self._names.get((name,), name))

    def _read(self, where: Where, label: str, schema: Any, entered: frozenset[str]) -> None:
        """Read the fields of the models that a schema allows. Fields with one name become one field."""
        properties: dict[str, list[Any]] = {}
        for name, model in self._objects(schema):
            if name in entered:
                continue
            entered |= {name}
            if self._is_contract:
                self._names.setdefault(where, name)
            for field, each in model.get("properties", {}).items():
                properties.setdefault(field, []).append(each)
        owner = self._names.get(where, label)
        merged = {field: {"anyOf": each} for field, each in properties.items()}
        types = {f"{owner}.{field}": self._text(each) for field, each in merged.items()}
        if merged and self._models.setdefault(owner, types) != types:
            raise KitError(f"two bodies have different models for {owner}")
        self.types |= types
        for field, each in merged.items():
            self._read((*where, field), f"{owner}.{field}", each, entered)

    def _objects(self, schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the models in a schema, by name: also those of the items of arrays and of free keys."""
        for name, option in self._options(schema):
            if name and "properties" in option:
                yield name, option
            for inner in (option.get("items"), option.get("additionalProperties")):
                if isinstance(inner, dict):
                    yield from self._objects(inner)

    def _options(self, schema: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the alternatives in a schema, each with at most one type and the name of its component."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield from self._options(self._components[name], name)
        elif "anyOf" in schema:
            for option in schema["anyOf"]:
                yield from self._options(option, name)
        elif isinstance(schema.get("type"), list):
            yield from ((name, schema | {"type": each}) for each in schema["type"])
        else:
            yield name, schema

    def _text(self, schema: Any) -> str:
        """Return the type of a schema in words, such as `array of string or null`."""
        found = {text for _, option in self._options(schema) for text in self._texts(option)}
        if "anything" in found:
            return "anything"
        return " or ".join([*sorted(found - {"null"}), *(found & {"null"})])

    def _texts(self, option: dict[str, Any]) -> list[str]:
        """Return the words for an option of `_options`: one type, or the values of an enum."""
        kind = option.get("type", "anything")
        if "enum" in option and kind != "null":
            return [json.dumps(each) for each in option["enum"]]
        inner = option.get("items", {}) if kind == "array" else option.get("additionalProperties")
        if kind == "array" or (kind == "object" and inner and isinstance(inner, dict)):
            text = self._text(inner)
            return [f"{kind} of ({text})" if " or " in text else f"{kind} of {text}"]
        return [option["format"] if kind == "string" and option.get("format") in _TIMES else kind]
