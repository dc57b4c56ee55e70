"""Reads what a document promises and demands: the operations with their requests and responses."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator
from typing import Any, TypeAlias

from attrs import evolve, field, frozen

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
    """A body, a parameter or a header that a document describes.

    Attributes:
        node: The schema.
        examples: The document's examples, by name.
        is_json: Whether the value is JSON, or text that is read as JSON (a parameter or a header).
    """

    node: Node = field(repr=False)
    examples: dict[str, Any] = field(factory=dict, repr=False)
    is_json: bool = True


Contents: TypeAlias = dict[str, Content | None]
"""The schema for each content type; None if there is no readable schema."""


@frozen(eq=False)
class Parameter:
    """A parameter of a request.

    Attributes:
        name: The place and the name of the parameter, as printed: `query status`.
        is_required: Whether a request must have the parameter.
        content: The schema of the parameter, if the schema can be read.
        style: How the parameter's value becomes text: its `style` and its `explode`.
    """

    name: str
    is_required: bool
    content: Content | None
    style: tuple[str, bool] = ("", False)


@frozen(eq=False)
class Answer:
    """A documented response: its content types and its headers."""

    contents: Contents
    headers: dict[str, Parameter]


@frozen(eq=False)
class Described:
    """An operation as a document describes it.

    Attributes:
        id: The operation id.
        name: The method and the path.
        parameters: The parameters by place and name; path parameters by place and position in the path.
        body: The content types of the request's body; None if the request has no body.
        responses: The responses by label: `200`, `4XX` or `default`.
        servers: The URLs of the servers, with the default values of their variables.
        security: The ways to authenticate. The key names the security schemes that are used together; the
            value contains the definitions of these schemes.
    """

    id: str
    name: str
    is_deprecated: bool
    parameters: dict[Key, Parameter]
    body: Contents | None
    is_body_required: bool
    responses: dict[str, Answer]
    servers: tuple[str, ...] = ()
    security: dict[str, str] = field(factory=dict)


class Contract:
    """The operations of a document, and the schemas of its requests and responses.

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
            tuple(self._servers(place)),
            dict(self._security(raw)),
        )

    def _servers(self, place: Place) -> Iterator[str]:
        document = self._reader.document
        holders = [document.at(place), document.at(Place(place.file, place.steps[:-1])), document.root]
        for server in next(filter(None, (_items(each.get("servers")) for each in holders)), [{"url": "/"}]):
            url = str(mapping(server).get("url", "/"))
            for name, variable in mapping(mapping(server).get("variables")).items():
                url = url.replace(f"{{{name}}}", str(mapping(variable).get("default", "")))
            yield url.rstrip("/") or "/"

    def _security(self, raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
        root = self._reader.document.root
        schemes = mapping(mapping(root.get("components")).get("securitySchemes"))
        for alternative in _items(raw.get("security", root.get("security"))) or [{}]:
            named = sorted(mapping(alternative).items())
            needed = {name: sorted(map(str, _items(scopes))) for name, scopes in named}
            name = " and ".join(f"{name} {' '.join(scopes)}".rstrip() for name, scopes in needed.items())
            defined = {each: _defining(schemes.get(each)) for each in needed}
            yield name, json.dumps([needed, defined], sort_keys=True)

    def _parameters(self, path: str, place: Place) -> Iterator[tuple[Key, Parameter]]:
        for (name, where), (at, raw) in self._reader.parameters(place).items():
            key = f"{path.partition(f'{{{name}}}')[0].count('{')}" if where == "path" else name
            key = key.lower() if where == "header" else key
            content = self._content(self._reader.requests, at, raw)
            for kind, media in mapping(raw.get("content")).items():
                content = content or self._content(self._reader.requests, at / "content" / kind, media)
            style = str(raw.get("style", "form" if where in ("query", "cookie") else "simple"))
            explode = raw.get("explode", style == "form") is True
            is_required = raw.get("required") is True
            yield (where, key), Parameter(f"{where} {name}", is_required, content, (style, explode))

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

    def _headers(self, place: Place, response: Any) -> Iterator[tuple[str, Parameter]]:
        for name in mapping(mapping(response).get("headers")):
            at, header = self._reader.document.follow(place / "headers" / name)
            content = self._content(self._reader.responses, at, header)
            if name.lower() != "content-type":
                yield name.lower(), Parameter(name, mapping(header).get("required") is True, content)

    def _contents(self, schemas: Schemas, place: Place, described: Any) -> Contents:
        found: Contents = {}
        for kind, media in mapping(mapping(described).get("content")).items():
            name = kind.partition(";")[0].strip().lower()
            content = self._content(schemas, place / "content" / kind, media)
            found[name] = evolve(content, is_json=is_json(kind)) if content else None
        return found

    def _content(self, schemas: Schemas, place: Place, described: Any) -> Content | None:
        if "schema" not in mapping(described):
            return None
        try:
            return Content(schemas.add(place / "schema"), self._reader.examples(place, described))
        except UncoverableError as error:
            self.skipped.append(Skipped(place.pointer, str(error)))
            return None


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _defining(scheme: Any) -> dict[str, Any]:
    """Return how a security scheme sends credentials, without the scheme's descriptions."""
    return {
        key: mapping(scheme).get(key) for key in ("type", "in", "name", "scheme", "openIdConnectUrl", "$ref")
    }


def _key(path: str, method: str) -> Key:
    return method, _TEMPLATE.sub("{}", path)
