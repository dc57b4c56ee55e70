"""Reads what a document promises and demands: the operations with their requests and responses."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any, TypeAlias

from attrs import field, frozen

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read.document import Document, Place, Skipped
from contract_kit.read.graph import Node
from contract_kit.read.operations import METHODS, Listed, Reader, is_json, mapping
from contract_kit.read.schemas import Schemas

_TEMPLATE = re.compile(r"\{[^}]*\}")
Key: TypeAlias = tuple[str, str]


@frozen(eq=False)
class Content:
    """A JSON value that a document describes.

    Attributes:
        node: The schema.
        examples: The document's examples, by name.
    """

    node: Node = field(repr=False)
    examples: dict[str, Any] = field(factory=dict, repr=False)


Contents: TypeAlias = dict[str, Content | None]
"""The schema for each content type; None if the content isn't JSON or has no readable schema."""


@frozen(eq=False)
class Parameter:
    """A parameter of a request.

    Attributes:
        name: The place and the name of the parameter, as printed: `query status`.
        is_required: Whether a request must have the parameter.
        content: The schema of the parameter, if the schema can be read.
    """

    name: str
    is_required: bool
    content: Content | None


@frozen(eq=False)
class Answer:
    """A documented response: its content types, and whether each header is required."""

    contents: Contents
    headers: dict[str, bool]


@frozen(eq=False)
class Described:
    """An operation as a document describes it.

    Attributes:
        id: The operation id.
        name: The method and the path.
        parameters: The parameters by place and name; path parameters by place and position in the path.
        body: The content types of the request's body; None if the request has no body.
        responses: The responses by label: `200`, `4XX` or `default`.
    """

    id: str
    name: str
    is_deprecated: bool
    parameters: dict[Key, Parameter]
    body: Contents | None
    is_body_required: bool
    responses: dict[str, Answer]


class Contract:
    """The operations of a document, and its schemas in each direction.

    Args:
        document: The document to read. `describe` reads its operations.
    """

    def __init__(self, document: Document) -> None:
        self._reader = Reader(document)
        self._listed = {_key(each.path, each.method): each for each in self._reader.operations}
        self.ids: dict[Key, str] = {key: each.id for key, each in self._listed.items()}
        """The ids of all operations by method and path; the names of path parameters don't matter."""
        self.requests = Validators(self._reader.requests.graph)
        self.responses = Validators(self._reader.responses.graph)
        self.skipped: list[Skipped] = []
        """The parts that can't be compared, and why."""
        self.operations: dict[Key, Described] = {}
        """The described operations by method and path."""

    def describe(self, chosen: Container[Key] | None) -> None:
        """Describe the operations with these methods and paths; None describes all operations."""
        for key, listed in self._listed.items():
            if chosen is not None and key not in chosen:
                continue
            try:
                self.operations[key] = self._described(listed)
            except UncoverableError as error:
                self.skipped.append(Skipped(listed.name, str(error)))
        for path, reason in self._reader.unreadable.items():
            if chosen is None or any(_key(path, method.upper()) in chosen for method in METHODS):
                self.skipped.append(Skipped(path, reason))

    def _described(self, listed: Listed) -> Described:
        place = listed.place
        raw = self._reader.document.at(place)
        body, is_required = self._body(place, raw)
        return Described(
            listed.id,
            listed.name,
            raw.get("deprecated") is True,
            dict(self._parameters(listed.path, place)),
            body,
            is_required,
            dict(self._responses(listed.name, place, raw)),
        )

    def _parameters(self, path: str, place: Place) -> Iterator[tuple[Key, Parameter]]:
        for (name, where), (at, raw) in self._reader.parameters(place).items():
            key = f"{path.partition(f'{{{name}}}')[0].count('{')}" if where == "path" else name
            key = key.lower() if where == "header" else key
            content = self._content(self._reader.requests, at, raw)
            for kind, media in mapping(raw.get("content")).items():
                content = content or self._content(self._reader.requests, at / "content" / kind, media)
            yield (where, key), Parameter(f"{where} {name}", raw.get("required") is True, content)

    def _body(self, place: Place, raw: dict[str, Any]) -> tuple[Contents | None, bool]:
        if "requestBody" not in raw:
            return None, False
        at, body = self._reader.document.follow(place / "requestBody")
        return self._contents(self._reader.requests, at, body), mapping(body).get("required") is True

    def _responses(self, name: str, place: Place, raw: dict[str, Any]) -> Iterator[tuple[str, Answer]]:
        for label in mapping(raw.get("responses")):
            if label.startswith("x-"):
                continue
            try:
                at, response = self._reader.document.follow(place / "responses" / label)
                headers = dict(self._headers(at, response))
                contents = self._contents(self._reader.responses, at, response)
                yield label if label == "default" else label.upper(), Answer(contents, headers)
            except UncoverableError as error:
                self.skipped.append(Skipped(f"{name} {label}", str(error)))

    def _headers(self, place: Place, response: Any) -> Iterator[tuple[str, bool]]:
        for name in mapping(mapping(response).get("headers")):
            _, header = self._reader.document.follow(place / "headers" / name)
            yield name.lower(), mapping(header).get("required") is True

    def _contents(self, schemas: Schemas, place: Place, described: Any) -> Contents:
        found: Contents = {}
        for kind, media in mapping(mapping(described).get("content")).items():
            name = kind.partition(";")[0].strip().lower()
            found[name] = self._content(schemas, place / "content" / kind, media) if is_json(kind) else None
        return found

    def _content(self, schemas: Schemas, place: Place, described: Any) -> Content | None:
        if "schema" not in mapping(described):
            return None
        try:
            return Content(schemas.add(place / "schema"), self._reader.examples(place, described))
        except UncoverableError as error:
            self.skipped.append(Skipped(place.pointer, str(error)))
            return None


def _key(path: str, method: str) -> Key:
    return method, _TEMPLATE.sub("{}", path)
