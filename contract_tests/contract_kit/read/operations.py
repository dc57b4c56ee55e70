"""Reads the operations of a document, builds a valid request for each, and lists its documented responses."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any

from attrs import evolve, field, frozen

from contract_kit.derive.model import Operation, Request
from contract_kit.derive.parameters import written
from contract_kit.derive.valid_bodies import some_value, valid_value
from contract_kit.errors import UncoverableError

from .document import Document, Place
from .schemas import Node, Schemas
from .statuses import NO_BODY, concrete

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_JSON = re.compile(r"[\w.+-]+/(?:[\w.+-]+\+)?json(?:\s*;.*)?|\*/\*|application/\*", re.IGNORECASE)
_XML = re.compile(r"(?:application|text)/(?:[\w.+-]+\+)?xml(?:\s*;.*)?", re.IGNORECASE)
_URL_HEADERS = ("location", "content-location")
_URL = "http://127.0.0.1/"
"""A URL on this machine, because a client may follow it."""
_PLACES = ("path", "query", "header", "cookie")
_FRAMING = ("content-encoding", "content-length", "transfer-encoding", "connection")
"""Response headers that the server computes from the body, whatever the document says."""
_IGNORED_HEADERS = ("accept", "content-type", "authorization")


@frozen
class Documented:
    """A response that a document describes.

    Attributes:
        label: The document's key: `200`, `4XX` or `default`.
        status: A status that only this response documents.
        content_type: The content type that is served; None if there is no content.
        schema: The schema of the JSON body; None if there is none.
        examples: The document's example bodies, by name.
        headers: A valid value of each declared header.
        required_headers: The names of the required headers.
        header_schemas: The schemas of headers, by header name.
        content_types: All content types that the document lists, in lower case.
        others: The same response in each further JSON content type.
        is_other: Whether this is one of `others`: the document lists another JSON content type first.
    """

    label: str
    status: int
    content_type: str | None
    schema: Node | None = field(repr=False)
    examples: dict[str, Any] = field(repr=False)
    headers: dict[str, str]
    required_headers: tuple[str, ...]
    content_types: tuple[str, ...] = ()
    others: tuple[Documented, ...] = field(default=(), repr=False)
    is_other: bool = False
    header_schemas: dict[str, Node] = field(factory=dict, repr=False)

    @property
    def is_json(self) -> bool:
        """Whether the content is JSON."""
        return is_json(self.content_type or "")

    @property
    def unbroken_body(self) -> bytes:
        """The body of a response without a JSON schema: its example, or else the shortest valid body."""
        example = next(iter(self.examples.values()), None if self.content_type else "")
        if self.is_json:
            return json.dumps({} if example is None else example, ensure_ascii=False).encode()
        if isinstance(example, str):
            return example.encode()
        return b"<text/>" if _XML.fullmatch(self.content_type or "") else b"text"

    @property
    def is_sure(self) -> bool:
        """Whether the kit knows that the body is valid for its content type."""
        kind = self.content_type or "text/plain"
        plain = kind.lower().startswith(("text/", "application/octet-stream")) or _XML.fullmatch(kind)
        return self.is_json or bool(self.examples) or bool(plain)


def is_json(kind: str) -> bool:
    """Whether a content type, or a range of content types, is JSON."""
    return _JSON.fullmatch(kind) is not None


class Reader:
    """Reads the operations of a document.

    Args:
        document: The document that contains the operations.
        is_strict: Whether a response must contain a `writeOnly` property that `required` lists. It need not
            in OpenAPI 3.0. In OpenAPI 3.1, `required` stays in force.
    """

    def __init__(self, document: Document, *, is_strict: bool = False) -> None:
        self.document = document
        self.responses = Schemas(document, is_strict=is_strict)
        self.unreadable: dict[str, str] = {}
        """The paths whose references can't be followed, and why."""
        self.requests = Schemas(document, hidden="readOnly")
        for _, _, place in self.places():
            for schemas, schema in self._described(place):
                with contextlib.suppress(UncoverableError):
                    schemas.add(schema)

    def places(self) -> Iterator[tuple[str, str, Place]]:
        """Yield the path, method and place of each operation; add unreadable paths to `unreadable`."""
        for path in self.document.root["paths"]:
            try:
                place, item = self.document.follow(Place("", ("paths", path)))
            except UncoverableError as error:
                self.unreadable[path] = str(error)
                continue
            for method in METHODS:
                if isinstance(_mapping(item).get(method), dict):
                    yield path, method, place / method

    def operation(self, path: str, method: str, place: Place) -> Operation:
        """Return an operation with a valid request.

        Raises:
            UncoverableError: No valid request was found.
        """
        name = self.name(path, method, place)
        return Operation(name, method.upper(), path, self._request(path, method, place))

    def name(self, path: str, method: str, place: Place) -> str:
        """Return an operation's id: its operationId or, if it has none, its method and path."""
        name = self.document.at(place).get("operationId")
        return name if isinstance(name, str) and name else f"{method.upper()} {path}"

    def documented(self, place: Place) -> Iterator[tuple[str, Documented | UncoverableError]]:
        """Yield the label of each response, with the response or the reason why it can't be covered."""
        node = self.document.at(place)
        labels = [label for label in _mapping(node.get("responses")) if not label.startswith("x-")]
        for label in labels:
            try:
                yield label, self._documented(label, labels, place / "responses" / label)
            except UncoverableError as error:
                yield label, error

    def _described(self, place: Place) -> Iterator[tuple[Schemas, Place]]:
        """Yield every schema of an operation: all must be read before the first value is built."""
        node = self.document.at(place)
        with contextlib.suppress(UncoverableError):
            for at, _ in self.parameters(place).values():
                yield from ((self.requests, each) for each in self._schemas_at(at))
            if "requestBody" in node:
                yield from ((self.requests, each) for each in self._schemas_at(place / "requestBody"))
        for label in _mapping(node.get("responses")):
            with contextlib.suppress(UncoverableError):
                at, response = self.document.follow(place / "responses" / label)
                yield from ((self.responses, each) for each in self._schemas_at(at))
                for name in _mapping(_mapping(response).get("headers")):
                    yield from ((self.responses, each) for each in self._schemas_at(at / "headers" / name))

    def _schemas_at(self, place: Place) -> Iterator[Place]:
        at, described = self.document.follow(place)
        if "schema" in _mapping(described):
            yield at / "schema"
        for kind, media in _mapping(_mapping(described).get("content")).items():
            if "schema" in _mapping(media):
                yield at / "content" / kind / "schema"

    def _documented(self, label: str, labels: list[str], where: Place) -> Documented:
        status = concrete(label, labels)
        place, node = self.document.follow(where)
        if not isinstance(node, dict):
            raise UncoverableError(f"The response at {place.pointer} is not an object.")
        headers, required, of_headers = self._headers(place, node)
        content = _mapping(node.get("content"))
        if not content or status in NO_BODY:
            return Documented(label, status, None, None, {}, headers, required, header_schemas=of_headers)
        kinds: dict[str, str] = {}
        for each in filter(is_json, content):
            kinds.setdefault("application/json" if "*" in each else each, each)
        types = tuple(each.partition(";")[0].strip().lower() for each in content)
        found: list[Documented] = []
        for kind, written_as in list(kinds.items()) or [(next(iter(content)),) * 2]:
            media, raw = place / "content" / written_as, content[written_as]
            has_schema = bool(kinds) and isinstance(raw, dict) and "schema" in raw
            schema = self.responses.add(media / "schema") if has_schema else None
            named = f"{label} {kind}" if found else label
            examples = self.examples(media, raw)
            found.append(Documented(named, status, kind, schema, examples, headers, required, types))
        found = [evolve(each, header_schemas=of_headers) for each in found]
        return evolve(found[0], others=tuple(evolve(each, is_other=True) for each in found[1:]))

    def examples(self, place: Place, media: Any) -> dict[str, Any]:
        """Return the example bodies of a media type, by name."""
        found = {}
        if isinstance(media, dict) and "example" in media:
            found["example"] = media["example"]
        named = media.get("examples") if isinstance(media, dict) else None
        for name in named if isinstance(named, dict) else ():
            try:
                _, example = self.document.follow(place / "examples" / name)
            except UncoverableError:
                continue
            if isinstance(example, dict) and "value" in example:
                found[name] = example["value"]
        return found

    def _headers(
        self, place: Place, node: dict[str, Any]
    ) -> tuple[dict[str, str], tuple[str, ...], dict[str, Node]]:
        values, required, schemas = {}, [], {}
        for name in _mapping(node.get("headers")):
            where, header = self.document.follow(place / "headers" / name)
            if name.lower() in (*_IGNORED_HEADERS, *_FRAMING) or not isinstance(header, dict):
                continue
            if "schema" in header:
                schemas[name] = self.responses.add(where / "schema")
            value = self._value(self.responses, where, header)
            if name.lower() in _URL_HEADERS and "/" not in str(value):
                value = self._value(self.responses, where, header | {"example": _URL})
            values[name] = written({"in": "header", "name": name} | header, value)
            required += [name] if header.get("required") is True else []
        return values, tuple(required), schemas

    def _request(self, path: str, method: str, place: Place) -> Request:
        node = self.document.at(place)
        parameters = self.parameters(place)
        arguments: dict[str, Any] = {}
        names = [name for name, _ in parameters]
        queries: list[str] = []
        cookies: list[str] = []
        headers: dict[str, str] = {}
        by_place: dict[str, dict[str, Any]] = {place: {} for place in _PLACES}
        for (name, where), (at, parameter) in parameters.items():
            if where not in by_place:
                raise UncoverableError(
                    f"The parameter {name} is in {where!r}, which isn't a place for parameters."
                )
            if name.lower() in _IGNORED_HEADERS and where == "header":
                continue
            value = self._value(self.requests, at, parameter)
            arguments[f"{where}.{name}" if names.count(name) > 1 or name == "body" else name] = value
            by_place[where][name] = value
            text = written(parameter, value)
            if where == "path":
                path = path.replace("{" + name + "}", text or "-")
            elif where == "header":
                headers[name] = text
            else:
                (queries if where == "query" else cookies).append(text)
        if missing := re.search(r"\{([^}]*)\}", path):
            raise UncoverableError(
                f"The path has {{{missing[1]}}}, but no parameter with that name is documented."
            )
        body = self._body(place, node, arguments, headers)
        headers |= {"Cookie": "; ".join(cookies)} if cookies else {}
        target = path + ("?" + "&".join(queries) if queries else "")
        return Request(method.upper(), target, headers, body, arguments, by_place)

    def parameters(self, place: Place) -> dict[tuple[str, str], tuple[Place, dict[str, Any]]]:
        """Return the parameters by name and place. An operation's parameter overrides the path's."""
        found: dict[tuple[str, str], tuple[Place, dict[str, Any]]] = {}
        path_item = Place(place.file, place.steps[:-1])
        for holder in (path_item, place):
            listed = _mapping(self.document.at(holder)).get("parameters")
            for index in range(len(listed)) if isinstance(listed, list) else ():
                at, parameter = self.document.follow(holder / "parameters" / index)
                if not all(isinstance(_mapping(parameter).get(key), str) for key in ("name", "in")):
                    raise UncoverableError(f"The parameter at {at.pointer} has no `name` or no `in`.")
                found[parameter["name"], parameter["in"]] = (at, parameter)
        return found

    def _value(self, schemas: Schemas, place: Place, described: dict[str, Any]) -> Any:
        if "schema" in described:
            node = schemas.add(place / "schema")
            example = {"example": described["example"]} if "example" in described else {}
        elif content := _mapping(described.get("content")):
            kind = next(iter(content))
            if "schema" not in _mapping(content[kind]):
                return described.get("example", "text")
            node, example = schemas.add(place / "content" / kind / "schema"), {}
        else:
            return described.get("example", "text")
        return (valid_value if schemas is self.responses else some_value)(schemas, node, example)

    def _body(
        self, place: Place, node: dict[str, Any], arguments: dict[str, Any], headers: dict[str, str]
    ) -> bytes | None:
        if "requestBody" not in node:
            return None
        where, body = self.document.follow(place / "requestBody")
        content = _mapping(_mapping(body).get("content"))
        kind = next((each for each in content if _JSON.fullmatch(each)), None)
        if kind is None:
            if not content or body.get("required") is not True:
                return None
            raise UncoverableError(f"Its request body is {next(iter(content))}, which isn't JSON.")
        media = where / "content" / kind
        if "schema" not in _mapping(content[kind]):
            value: Any = {}
        else:
            examples = self.examples(media, content[kind])
            value = some_value(self.requests, self.requests.add(media / "schema"), examples)
        arguments["body"] = value
        headers["Content-Type"] = "application/json" if "*" in kind else kind
        return json.dumps(value, ensure_ascii=False).encode()


def _mapping(value: Any) -> dict[str, Any]:
    """Return an object of the document; an empty object if the value is something else."""
    return value if isinstance(value, dict) else {}
