"""Lists the parts of a document's operations: parameters, bodies, responses, headers and servers."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from typing import Any, TypeAlias

from attrs import evolve, field, frozen

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read.document import Place, Skipped
from contract_kit.read.operations import DELIVERY, METHODS, Endpoint, Listed, endpoint, mapping, media_type
from contract_kit.read.reader import Reader

from .pairs import Version
from .results import Direction, Use

PartKey: TypeAlias = tuple[str, ...]
"""Identifies a part in both versions. Without its last two items, a key identifies the enclosing part."""


@frozen(eq=False)
class Part:
    """A part of an operation.

    Attributes:
        kind: The kind of part, as named in `rules.toml`.
        use: The part, as a user of its schema.
        schema: The schema; None if there is no schema or it can't be read.
        examples: The document's examples, by name.
        style: A parameter's serialization: its `style` and its `explode`.
    """

    kind: str
    use: Use
    is_required: bool = False
    schema: Version | None = field(default=None, repr=False)
    examples: dict[str, Any] = field(factory=dict, repr=False)
    style: tuple[str, bool] = ("", False)


@frozen(eq=False)
class Operation:
    """An operation as described in a document.

    Attributes:
        name: The method and the path.
        parts: The parts in document order.
        security: The ways to authenticate. Each key lists the security schemes to use together; its value
            contains their definitions.
    """

    name: str
    is_deprecated: bool
    parts: dict[PartKey, Part]
    security: dict[str, str]


class Contract:
    """The operations in a document.

    Attributes:
        operations: The operations that could be read.
        skipped: The parts that can't be compared, and why.
    """

    def __init__(self, reader: Reader, chosen: Container[Endpoint] | None) -> None:
        self._reader = reader
        self.validators = {
            Direction.REQUEST: Validators(reader.requests.graph),
            Direction.RESPONSE: Validators(reader.responses.graph),
        }
        self.operations: dict[Endpoint, Operation] = {}
        self.skipped: list[Skipped] = []
        for listed in reader.operations:
            if chosen is None or endpoint(listed.path, listed.method) in chosen:
                try:
                    self.operations[endpoint(listed.path, listed.method)] = self._operation(listed)
                except UncoverableError as error:
                    self.skipped.append(Skipped.of(listed.name, error))
        for path, skipped in reader.unreadable.items():
            if chosen is None or any(endpoint(path, method.upper()) in chosen for method in METHODS):
                self.skipped.append(skipped)

    def _operation(self, listed: Listed) -> Operation:
        raw = self._reader.document.at(listed.place)
        is_deprecated, parts = raw.get("deprecated") is True, dict(self._parts(listed, raw))
        return Operation(listed.name, is_deprecated, parts, dict(self._security(raw)))

    def _parts(self, listed: Listed, raw: dict[str, Any]) -> Iterator[tuple[PartKey, Part]]:
        use = Use(listed.id, listed.name, "")
        if self._reader.webhooks:
            yield from self._delivery(listed, raw, use)
            return
        yield from self._parameters(listed, use)
        if "requestBody" in raw:
            at, body = self._reader.document.follow(listed.place / "requestBody")
            yield ("body",), Part("body", use, mapping(body).get("required") is True)
            for place, kind, media in _contents(at, body):
                used = evolve(use, part=f"body {kind}", kind=kind)
                yield ("body", "content", kind), self._part("body content", used, place, media)
        for label in mapping(raw.get("responses")):
            if not label.startswith("x-"):
                try:
                    yield from dict(self._response(listed.place / "responses" / label, label, use)).items()
                except UncoverableError as error:
                    self.skipped.append(Skipped.of(f"{listed.name} {label}", error))
        for url in self._servers(listed.place):
            yield ("server", url), Part("server", evolve(use, part=url))

    def _delivery(self, listed: Listed, raw: dict[str, Any], use: Use) -> Iterator[tuple[PartKey, Part]]:
        """Yield the parts of a webhook that a service sends, as if they were a response."""
        key, use = ("response", DELIVERY), evolve(use, part=DELIVERY, label=DELIVERY)
        yield key, Part("response success", use)
        if "requestBody" in raw:
            at, body = self._reader.document.follow(listed.place / "requestBody")
            for place, kind, media in _contents(at, body):
                used = evolve(use, part=f"{DELIVERY} {kind}", kind=kind)
                yield (*key, "content", kind), self._part("response content", used, place, media)
        for (name, where), (at, header) in self._reader.parameters(listed.place).items():
            if where == "header":
                used = evolve(use, part=f"{DELIVERY} header {name.lower()}")
                yield (*key, "header", name.lower()), self._part("header", used, at, header)

    def _parameters(self, listed: Listed, use: Use) -> Iterator[tuple[PartKey, Part]]:
        for (name, where), (place, raw) in self._reader.parameters(listed.place).items():
            key, kind = (name.lower() if where == "header" else name), "parameter"
            if where == "path":
                key, kind = str(listed.path.partition(f"{{{name}}}")[0].count("{")), "path parameter"
            style = str(raw.get("style", "form" if where in ("query", "cookie") else "simple"))
            explode = raw.get("explode", style == "form") is True
            part = self._part(kind, evolve(use, part=f"{where} {name}"), place, raw)
            yield ("parameter", where, key), evolve(part, style=(style, explode))

    def _response(self, place: Place, label: str, use: Use) -> Iterator[tuple[PartKey, Part]]:
        place, response = self._reader.document.follow(place)
        label = label if label == "default" else label.upper()
        key, use = ("response", label), evolve(use, part=label, label=label)
        yield key, Part(f"response {'success' if label.startswith('2') else 'failure'}", use)
        for at, kind, media in _contents(place, response):
            used = evolve(use, part=f"{label} {kind}", kind=kind)
            yield (*key, "content", kind), self._part("response content", used, at, media)
        for written in mapping(mapping(response).get("headers")):
            at, header = self._reader.document.follow(place / "headers" / written)
            if (name := written.lower()) != "content-type":
                used = evolve(use, part=f"{label} header {name}")
                yield (*key, "header", name), self._part("header", used, at, header)

    def _part(self, kind: str, use: Use, place: Place, described: Any) -> Part:
        direction = Direction.RESPONSE if use.label else Direction.REQUEST
        schemas = self._reader.responses if use.label else self._reader.requests
        raw, schema, examples = mapping(described), None, {}
        try:
            if (node := self._reader.schema(schemas, place, raw)) is not None:
                schema = Version(self.validators[direction], node)
                examples = self._reader.examples(place, raw)
        except UncoverableError as error:
            self.skipped.append(Skipped.of(place.pointer, error))
        return Part(kind, use, raw.get("required") is True, schema, examples)

    def _servers(self, place: Place) -> Iterator[str]:
        """Yield the servers' URLs, with default values for their variables."""
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


def _contents(place: Place, described: Any) -> Iterator[tuple[Place, str, Any]]:
    """Yield each content's place, content type (in lower case, without parameters) and media type object."""
    for written, media in mapping(mapping(described).get("content")).items():
        yield place / "content" / written, media_type(written), media


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _defining(scheme: Any) -> dict[str, Any]:
    """Return the part of a security scheme that defines how credentials are sent, without descriptions."""
    keys = ("type", "in", "name", "scheme", "openIdConnectUrl", "$ref")
    return {key: mapping(scheme).get(key) for key in keys}
