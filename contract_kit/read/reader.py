"""Reads the operations of a document: their parameters, request bodies and documented responses."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve

from contract_kit.errors import UncoverableError

from .document import Document, Place, Skipped
from .graph import Node, written
from .operations import (
    DELIVERY,
    METHODS,
    NO_BODY,
    PLACES,
    Body,
    Documented,
    Listed,
    Value,
    is_form,
    is_json,
    mapping,
    media_type,
)
from .schemas import Schemas

_FRAMING = ("content-encoding", "content-length", "transfer-encoding", "connection")
"""Response headers that the server computes from the body, regardless of the document."""
_IGNORED_HEADERS = ("accept", "content-type", "authorization")


class Reader:
    """Reads the operations of a document.

    Args:
        document: The document that contains the operations.
        is_strict: Whether a response must contain a `writeOnly` property that `required` lists. OpenAPI 3.1
            requires the property; OpenAPI 3.0 doesn't.
        webhooks: Whether to read the webhooks and callbacks instead. Then an operation is a request that the
            service sends, and its only `Documented` is this request, as if it were a response.
    """

    def __init__(self, document: Document, *, is_strict: bool = False, webhooks: bool = False) -> None:
        self.document = document
        self.webhooks = webhooks
        self.responses = Schemas(document, is_strict=is_strict)
        self.unreadable: dict[str, Skipped] = {}
        """The paths and the examples whose references can't be followed, by their location."""
        self.requests = Schemas(document, hidden="readOnly")
        self._with_schemas: set[Place] = set()
        self.operations = list(self._listed())
        """The operations, in the document's order."""

    def read_schemas(self, operations: Iterable[Listed]) -> None:
        """Read every schema of these operations at once, so that the validators' registry is built once."""
        for operation in operations:
            if operation.place in self._with_schemas:
                continue
            self._with_schemas.add(operation.place)
            if not self.webhooks:
                with contextlib.suppress(UncoverableError):
                    list(self.values(operation))
                    self.body(operation)
            list(self.documented(operation.place))

    def _listed(self) -> Iterator[Listed]:
        operations = self._of_items(Place("", ("paths",)), self.document.root.get("paths"))
        if not self.webhooks:
            yield from operations
            return
        yield from self._of_items(Place("", ("webhooks",)), self.document.root.get("webhooks"))
        for each in operations:
            for name in mapping(self.document.at(each.place).get("callbacks")):
                known = f"{each.id} {name}"
                try:
                    place, callback = self.document.follow(each.place / "callbacks" / name)
                except UncoverableError as error:
                    self.unreadable[known] = Skipped.of(known, error)
                    continue
                yield from self._of_items(place, callback, known)

    def _of_items(self, holder: Place, items: Any, name: str | None = None) -> Iterator[Listed]:
        """Yield the operations in path items; without a name, each item's key is the path."""
        for key in mapping(items):
            path = name or key
            try:
                place, item = self.document.follow(holder / key)
            except UncoverableError as error:
                self.unreadable[path] = Skipped.of(path, error)
                continue
            for method in METHODS:
                if isinstance(mapping(item).get(method), dict):
                    yield Listed(_name(item[method], method, path), method.upper(), path, place / method)

    def documented(self, place: Place) -> Iterator[tuple[str, Documented | UncoverableError]]:
        """Yield each response's label, and the response or the reason why it can't be covered."""
        node = self.document.at(place)
        if self.webhooks:
            try:
                yield DELIVERY, self._delivery(place, node)
            except UncoverableError as error:
                yield DELIVERY, error
            return
        labels = [label for label in mapping(node.get("responses")) if not label.startswith("x-")]
        for label in labels:
            try:
                yield label, self._documented(label, labels, place / "responses" / label)
            except UncoverableError as error:
                yield label, error

    def _documented(self, label: str, labels: list[str], where: Place) -> Documented:
        status = concrete(label, labels)
        place, node = self.document.follow(where)
        if not isinstance(node, dict):
            raise UncoverableError(f"The response at {place.pointer} is not an object.")
        return self._with_content(label, status, place, node, tuple(self._headers(place, node)))

    def _delivery(self, place: Place, operation: dict[str, Any]) -> Documented:
        headers = tuple(
            Value(name, where, parameter, self.schema(self.responses, at, parameter))
            for (name, where), (at, parameter) in self.parameters(place).items()
            if where == "header" and name.lower() not in _FRAMING
        )
        if "requestBody" not in operation:
            return Documented(DELIVERY, 200, None, None, {}, headers)
        at, body = self.document.follow(place / "requestBody")
        return self._with_content(DELIVERY, 200, at, mapping(body), headers)

    def _with_content(
        self, label: str, status: int, place: Place, node: dict[str, Any], headers: tuple[Value, ...]
    ) -> Documented:
        content = mapping(node.get("content"))
        if not content or status in NO_BODY:
            return Documented(label, status, None, None, {}, headers)
        kinds: dict[str, str] = {}
        for each in filter(is_json, content):
            kinds.setdefault("application/json" if "*" in each else each, each)
        types = tuple(map(media_type, content))
        found: list[Documented] = []
        for kind, written_as in list(kinds.items()) or [(next(iter(content)),) * 2]:
            media, raw = place / "content" / written_as, content[written_as]
            has_schema = bool(kinds) and isinstance(raw, dict) and "schema" in raw
            schema = self.responses.add(media / "schema") if has_schema else None
            named = f"{label} {kind}" if found else label
            found.append(Documented(named, status, kind, schema, self.examples(media, raw), headers, types))
        return evolve(found[0], others=tuple(evolve(each, is_other=True) for each in found[1:]))

    def examples(self, place: Place, media: Any) -> dict[str, Any]:
        """Return the example bodies of a media type, by name."""
        found = {}
        if isinstance(media, dict) and "example" in media:
            found["example"] = media["example"]
        named = media.get("examples") if isinstance(media, dict) else None
        for name in named if isinstance(named, dict) else ():
            where = place / "examples" / name
            try:
                _, example = self.document.follow(where)
            except UncoverableError as error:
                self.unreadable[written(where)] = Skipped.of(written(where), error)
                continue
            if isinstance(example, dict) and "value" in example:
                found[name] = example["value"]
        return found

    def _headers(self, place: Place, node: dict[str, Any]) -> Iterator[Value]:
        for name in mapping(node.get("headers")):
            where, header = self.document.follow(place / "headers" / name)
            if name.lower() not in (*_IGNORED_HEADERS, *_FRAMING) and isinstance(header, dict):
                yield Value(name, "header", header, self.schema(self.responses, where, header))

    def values(self, operation: Listed) -> Iterator[Value]:
        """Yield the parameters of an operation.

        Raises:
            UncoverableError: A parameter can't be read, or its `in` isn't one of `PLACES`.
        """
        for (name, where), (at, parameter) in self.parameters(operation.place).items():
            if where not in PLACES:
                raise UncoverableError(
                    f"The parameter {name} is in {where!r}, which isn't a valid location for parameters."
                )
            yield Value(name, where, parameter, self.schema(self.requests, at, parameter))

    def body(self, operation: Listed) -> Body | None:
        """Return an operation's request body, or None if its requests need no body.

        Raises:
            UncoverableError: A body is required, but it is neither JSON nor a form nor multipart.
        """
        node = self.document.at(operation.place)
        if "requestBody" not in node:
            return None
        where, body = self.document.follow(operation.place / "requestBody")
        content = mapping(mapping(body).get("content"))
        kind = next((each for accepts in (is_json, is_form) for each in content if accepts(each)), None)
        is_required = mapping(body).get("required") is True
        if kind is None:
            if not content or not is_required:
                return None
            raise UncoverableError(f"Its request body is {next(iter(content))}, which the kit can't write.")
        media, raw = where / "content" / kind, mapping(content[kind])
        schema = self.requests.add(media / "schema") if "schema" in raw else None
        named = "application/json" if "*" in kind else kind
        return Body(named, schema, self.examples(media, raw), mapping(raw.get("encoding")), is_required)

    def parameters(self, place: Place) -> dict[tuple[str, str], tuple[Place, dict[str, Any]]]:
        """Return the parameters by name and location. The operation's parameters override the path's.

        OpenAPI ignores header parameters named `Accept`, `Content-Type` or `Authorization`.
        """
        found: dict[tuple[str, str], tuple[Place, dict[str, Any]]] = {}
        path_item = Place(place.file, place.steps[:-1])
        for holder in (path_item, place):
            listed = mapping(self.document.at(holder)).get("parameters")
            for index in range(len(listed)) if isinstance(listed, list) else ():
                at, parameter = self.document.follow(holder / "parameters" / index)
                if not all(isinstance(mapping(parameter).get(key), str) for key in ("name", "in")):
                    raise UncoverableError(f"The parameter at {at.pointer} has no `name` or no `in`.")
                if parameter["in"] != "header" or parameter["name"].lower() not in _IGNORED_HEADERS:
                    found[parameter["name"], parameter["in"]] = (at, parameter)
        return found

    def schema(self, schemas: Schemas, place: Place, described: dict[str, Any]) -> Node | None:
        """Return the schema of a parameter, a header or a media type, or None if it has none.

        Raises:
            UncoverableError: The schema can't be read.
        """
        if "schema" in described:
            return schemas.add(place / "schema")
        for kind, media in mapping(described.get("content")).items():
            return schemas.add(place / "content" / kind / "schema") if "schema" in mapping(media) else None
        return None


def _name(operation: dict[str, Any], method: str, path: str) -> str:
    name = operation.get("operationId")
    return name if isinstance(name, str) and name else f"{method.upper()} {path}"


def concrete(label: str, labels: list[str]) -> int:
    """Return a status that only the response with this label documents.

    Raises:
        UncoverableError: The label isn't a status, or clients never see it, or no status is left for it.
    """
    if re.fullmatch(r"[1-5][0-9]{2}", label):
        if label.startswith("1"):
            raise UncoverableError(f"A client never sees an interim {label}.")
        return int(label)
    exact = {int(each) for each in labels if re.fullmatch(r"[1-5][0-9]{2}", each)}
    ranges = {each[0] for each in labels if re.fullmatch(r"[1-5]XX", each, re.IGNORECASE)}
    if re.fullmatch(r"[2-5]XX", label, re.IGNORECASE):
        first = int(label[0]) * 100
        free = [status for status in range(first, first + 100) if status not in exact | set(NO_BODY)]
    elif label == "default":
        has_success = "2" in ranges or any(200 <= status < 300 for status in exact)
        wanted = (500, 400, 503, 418) if has_success else (200, 500, 400)
        free = [each for each in wanted if each not in exact and str(each)[0] not in ranges]
    else:
        raise UncoverableError(f"{label!r} is not a status.")
    if not free:
        raise UncoverableError(f"No status is left for {label!r}: other responses describe all its statuses.")
    return free[0]
