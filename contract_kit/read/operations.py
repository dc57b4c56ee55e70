"""What a document declares for an operation: its parameters, its request body and its responses."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from attrs import field, frozen

from .document import Place
from .graph import Node

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
NO_BODY = (204, 205, 304)
"""The statuses of responses that never have a body."""
PLACES = ("path", "query", "header", "cookie")
"""The locations of parameters."""
_TEMPLATE = re.compile(r"\{[^}]*\}")
Endpoint: TypeAlias = tuple[str, str]
"""A method and a path; the names of path parameters are left out."""
_JSON = re.compile(r"[\w.+-]+/(?:[\w.+-]+\+)?json(?:\s*;.*)?|\*/\*|application/\*", re.IGNORECASE)
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
"""The request content types besides JSON that the kit can write."""
DELIVERY = "webhook"
"""The label of what a service sends for a webhook: the body and the headers of its request."""


@frozen
class Listed:
    """An operation that a document lists.

    Attributes:
        id: The operationId; if there is none, the method and path, such as `GET /orders/{id}`.
        path: The path template. For a webhook, its name; for a callback, the operation's id and the
            callback's name.
        place: The location of the operation in the document.
    """

    id: str
    method: str
    path: str
    place: Place

    @property
    def name(self) -> str:
        """The method and the path."""
        return f"{self.method} {self.path}"


@frozen
class Value:
    """A parameter, or a response header.

    Attributes:
        place: Where the value is sent: `path`, `query`, `header` or `cookie`.
        described: The object in the document.
    """

    name: str
    place: str
    described: dict[str, Any] = field(repr=False)
    schema: Node | None = field(repr=False)

    @property
    def is_required(self) -> bool:
        """Whether the value must be sent."""
        return self.described.get("required") is True


@frozen
class Body:
    """A request body: JSON, a form or multipart.

    Attributes:
        examples: The document's example bodies, by name.
        encoding: How the document encodes the properties of a form or multipart body, by name.
        is_required: Whether a request must have the body.
    """

    content_type: str
    schema: Node | None = field(repr=False)
    examples: dict[str, Any] = field(repr=False)
    encoding: dict[str, Any] = field(repr=False)
    is_required: bool


@frozen
class Documented:
    """A response that a document describes.

    Attributes:
        label: The document's key: `200`, `4XX` or `default`.
        status: A status that only this response documents.
        content_type: The content type that is served; None if there is no content.
        schema: The schema of the JSON body; None if there is none.
        examples: The document's example bodies, by name.
        headers: The declared headers.
        content_types: All content types that the document lists, in lower case.
        others: The same response in each further JSON content type.
        is_other: Whether this is one of `others`: the document lists another JSON content type first.
    """

    label: str
    status: int
    content_type: str | None
    schema: Node | None = field(repr=False)
    examples: dict[str, Any] = field(repr=False)
    headers: tuple[Value, ...] = field(repr=False)
    content_types: tuple[str, ...] = ()
    others: tuple[Documented, ...] = field(default=(), repr=False)
    is_other: bool = False

    @property
    def schema_name(self) -> str | None:
        """The name of the JSON body's schema; empty if the schema is unnamed, None if there is no schema."""
        return None if self.schema is None else str(self.schema.raw.get("$ref", "")).rpartition("/")[2]


def endpoint(path: str, method: str) -> Endpoint:
    """Return a method and a path template without the names of its parameters."""
    return method, _TEMPLATE.sub("{}", path)


def is_json(kind: str) -> bool:
    """Whether a content type, or a media type range, is JSON."""
    return _JSON.fullmatch(kind) is not None


def media_type(kind: str) -> str:
    """Return a content type without its parameters, in lower case."""
    return kind.partition(";")[0].strip().lower()


def is_form(kind: str) -> bool:
    """Whether a content type is a form or multipart."""
    return media_type(kind) in (FORM, MULTIPART)


def mapping(value: Any) -> dict[str, Any]:
    """Return a value if it is an object; return an empty object for any other value."""
    return value if isinstance(value, dict) else {}
