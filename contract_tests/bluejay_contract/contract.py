"""The contract as the harness reads it: operations, schemas, examples and a validator.

The validator is jsonschema-rs, which is independent of the client's decoder.
"""

from __future__ import annotations

import functools
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema_rs
import yaml
from contract_kit.formats import is_time

Schema: TypeAlias = dict[str, Any]

ANNOTATIONS = frozenset({"description", "default", "title", "examples"})

_IN_CHECKOUT = Path(__file__).resolve().parents[2] / "openapi.yaml"


class ContractError(Exception):
    """The contract can't be used; the message says what, where, and what to do."""


class Contract:
    """An OpenAPI 3.1 document with one operation that answers JSON."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.path, item = next(iter(document["paths"].items()))
        self.method, operation = next((verb, value) for verb, value in item.items() if verb == "get")
        self.operation = operation | {"parameters": [self.resolve(each) for each in operation["parameters"]]}
        self._alternatives: dict[int, tuple[Schema, tuple[Schema, ...]]] = {}

    @classmethod
    def load(cls, path: str | PathLike[str] | None = None) -> Contract:
        """Read a contract; without a path, the one that this package ships.

        Raises:
            ContractError: The file is missing or is not an OpenAPI document with an operation.
        """
        try:
            return cls(yaml.safe_load(_read(path)))
        except OSError as error:
            raise ContractError(f"{error.filename}: {error.strerror}. Name a contract that exists.") from None
        except (yaml.YAMLError, KeyError, TypeError, StopIteration, AttributeError):
            where = path or "the shipped contract"
            raise ContractError(f"{where} is not an OpenAPI document with a GET operation.") from None

    @property
    def version(self) -> str:
        """The version in the contract's `info`."""
        return str(self.document["info"]["version"])

    @property
    def statuses(self) -> tuple[int, ...]:
        """The documented statuses."""
        return tuple(int(status) for status in self.operation["responses"])

    def schema(self, status: int) -> Schema:
        """Return the schema of the JSON body that comes with a status, its references still in it."""
        schema: Schema = self._media_type(status)["schema"]
        return schema

    def examples(self, status: int) -> dict[str, Any]:
        """Return the named examples of a status's body."""
        named = self._media_type(status).get("examples", {})
        return {name: self.resolve(example)["value"] for name, example in named.items()}

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        """Follow references within the document.

        Raises:
            ContractError: A reference leads nowhere.
        """
        while "$ref" in node:
            target: Any = self.document
            try:
                for part in node["$ref"].removeprefix("#/").split("/"):
                    target = target[part.replace("~1", "/").replace("~0", "~")]
            except (KeyError, TypeError):
                raise ContractError(f"The reference {node['$ref']} leads nowhere. Correct it.") from None
            node = target
        return node

    def alternatives(self, schema: Schema) -> tuple[Schema, ...]:
        """Return the schema itself, or each branch of its anyOf, with references followed.

        A branch that says nothing allows anything, whatever the others say, and is then the only one.
        """
        if id(schema) not in self._alternatives:  # it is kept, so that no other gets its id
            resolved = self.resolve(schema)
            branches = tuple(self.resolve(branch) for branch in resolved.get("anyOf", [resolved]))
            anything = next((branch for branch in branches if not branch.keys() - ANNOTATIONS), None)
            self._alternatives[id(schema)] = schema, branches if anything is None else (anything,)
        return self._alternatives[id(schema)][1]

    @functools.cache  # noqa: B019 - a contract lives as long as the process, and a validator costs to build
    def validator(self, status: int) -> jsonschema_rs.Draft202012Validator:
        """Return the validator of a status's body, formats checked."""
        whole = self.schema(status) | {"components": {"schemas": self.document["components"]["schemas"]}}
        return validator_of(whole)

    def _media_type(self, status: int) -> dict[str, Any]:
        response = self.resolve(self.operation["responses"][str(status)])
        media_type: dict[str, Any] = response["content"]["application/json"]
        return media_type


def _read(path: str | PathLike[str] | None) -> str:
    if path is not None:
        return Path(path).read_text(encoding="utf-8")
    shipped = resources.files(__package__).joinpath("openapi.yaml")
    return (
        shipped.read_text(encoding="utf-8") if shipped.is_file() else _IN_CHECKOUT.read_text(encoding="utf-8")
    )


def validator_of(schema: Schema) -> jsonschema_rs.Draft202012Validator:
    """Build the validator of a schema, formats checked."""
    formats = {"date-time": is_time}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, formats=formats)
