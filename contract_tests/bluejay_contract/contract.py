"""The contract as the harness reads it: operations, schemas, examples and a validator.

The validator is jsonschema-rs, which is independent of the client's decoder.
"""

from __future__ import annotations

import functools
import json
import re
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

import jsonschema_rs
import yaml
from contract_kit.formats import is_time

from .exchange import QUEUE, RESULT, RESULTS
from .parsing import BodyError, parsed

Schema: TypeAlias = dict[str, Any]

ANNOTATIONS = frozenset({"description", "default", "title", "examples"})

_PARAMETER = re.compile(r"\{[^{}]*\}")
_IN_CHECKOUT = Path(__file__).resolve().parents[2] / "openapi.yaml"


class ContractError(Exception):
    """The contract can't be used; the message says what, where, and what to do."""


class Operation:
    """An operation of a contract: what it takes, and the JSON that it answers.

    Attributes:
        id: Its operationId.
        method: Its method, in capitals.
        path: Its path template.
        parameters: Its parameters, references followed.
    """

    def __init__(self, contract: Contract, path: str, method: str, described: dict[str, Any]) -> None:
        self._contract = contract
        self._described = described
        self.id: str = described["operationId"]
        self.method = method.upper()
        self.path = path
        self.parameters = [contract.resolve(each) for each in described["parameters"]]

    @property
    def description(self) -> str:
        """What it does."""
        return str(self._described["description"])

    @property
    def statuses(self) -> tuple[int, ...]:
        """The documented statuses."""
        return tuple(int(status) for status in self._described["responses"])

    @property
    def request_schema(self) -> Schema | None:
        """The schema of the JSON body that a request must have; None where it has none."""
        return self._request.get("schema")

    @property
    def request_body(self) -> bytes:
        """The JSON body of a request, by the contract's first example; empty where it has none."""
        if self.request_schema is None:
            return b""
        example = next(iter(self._request["examples"].values()))
        return json.dumps(self._contract.resolve(example)["value"]).encode()

    def accepts(self, body: bytes) -> bool:
        """Return whether the contract allows a body of a request."""
        if self.request_schema is None:
            return True
        try:
            return self._contract.validator(self.request_schema).is_valid(parsed(body).document)
        except BodyError:
            return False

    def url(self, id_: str) -> str:
        """Return the path with an id in it, for any id."""
        return _PARAMETER.sub(lambda _: quote(id_, safe=""), self.path)

    def meaning(self, status: int) -> str:
        """Return the description of a status."""
        return str(self._response(status)["description"])

    def schema(self, status: int) -> Schema:
        """Return the schema of the JSON body that comes with a status, its references still in it."""
        schema: Schema = self._media_type(status)["schema"]
        return schema

    def examples(self, status: int) -> dict[str, Any]:
        """Return the named examples of a status's body."""
        named = self._media_type(status).get("examples", {})
        return {name: self._contract.resolve(example)["value"] for name, example in named.items()}

    def validator(self, status: int) -> jsonschema_rs.Draft202012Validator:
        """Return the validator of a status's body, formats checked."""
        return self._contract.validator(self.schema(status))

    @property
    def _request(self) -> dict[str, Any]:
        content = self._described.get("requestBody", {}).get("content", {})
        request: dict[str, Any] = content.get("application/json", {})
        return request

    def _media_type(self, status: int) -> dict[str, Any]:
        media_type: dict[str, Any] = self._response(status)["content"]["application/json"]
        return media_type

    def _response(self, status: int) -> dict[str, Any]:
        return self._contract.resolve(self._described["responses"][str(status)])


class Contract:
    """An OpenAPI 3.1 document whose operations answer JSON.

    Attributes:
        operations: By operationId, as the document orders them.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        found = [
            Operation(self, path, method, described)
            for path, item in document["paths"].items()
            for method, described in item.items()
        ]
        self.operations = {each.id: each for each in found}
        self._alternatives: dict[int, tuple[Schema, tuple[Schema, ...]]] = {}
        self._validators: dict[int, tuple[Schema, jsonschema_rs.Draft202012Validator]] = {}

    @classmethod
    def load(cls, path: str | PathLike[str] | None = None) -> Contract:
        """Read a contract; without a path, the one that this package ships.

        Raises:
            ContractError: The file is missing or is not an OpenAPI document with the operations that we test.
        """
        return _shipped() if path is None else cls._read(path)

    @classmethod
    def _read(cls, path: str | PathLike[str] | None) -> Contract:
        where = path or "the shipped contract"
        try:
            found = cls(yaml.safe_load(_read(path)))
        except OSError as error:
            raise ContractError(f"{error.filename}: {error.strerror}. Name a contract that exists.") from None
        except (yaml.YAMLError, KeyError, TypeError, AttributeError):
            raise ContractError(f"{where} is not an OpenAPI document with named operations.") from None
        if missing := [each for each in (RESULTS, RESULT, QUEUE) if each not in found.operations]:
            raise ContractError(f"{where} is not an OpenAPI document with the operation {missing[0]}.")
        return found

    @property
    def version(self) -> str:
        """The version in the contract's `info`."""
        return str(self.document["info"]["version"])

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

    def validator(self, schema: Schema) -> jsonschema_rs.Draft202012Validator:
        """Return the validator of a schema of this contract, formats checked."""
        if id(schema) not in self._validators:  # it is kept too, and a validator costs to build
            components = {"components": {"schemas": self.document["components"]["schemas"]}}
            formats = {"date-time": is_time}
            built = jsonschema_rs.Draft202012Validator(
                schema | components, validate_formats=True, formats=formats
            )
            self._validators[id(schema)] = schema, built
        return self._validators[id(schema)][1]


@functools.cache
def _shipped() -> Contract:
    """Read the contract that this package ships once: what is derived from a contract is kept with it."""
    return Contract._read(None)


def _read(path: str | PathLike[str] | None) -> str:
    if path is not None:
        return Path(path).read_text(encoding="utf-8")
    shipped = resources.files(__package__).joinpath("openapi.yaml")
    return (
        shipped.read_text(encoding="utf-8") if shipped.is_file() else _IN_CHECKOUT.read_text(encoding="utf-8")
    )
