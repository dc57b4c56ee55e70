"""The page of the contract: openapi.yaml as Markdown, with a link from each use of a schema to the schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Node = Mapping[str, Any]


def contract_page(path: Path) -> str:
    """Return an OpenAPI document as a page: its operations, its webhooks and its schemas."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return "\n".join(_Page(document).lines()) + "\n"


class _Page:
    def __init__(self, document: Node) -> None:
        self._document = document

    def lines(self) -> Iterator[str]:
        info = self._document["info"]
        yield from (f"# {info['title']}", "", info["description"])
        servers = ", ".join(f"`{each['url']}`" for each in self._document["servers"])
        yield from (f"The base URL is {servers}. Bodies are JSON.", "", "## Operations", "")
        for path, item in self._document["paths"].items():
            for method in METHODS & item.keys():
                yield from self._operation(f"`{method.upper()} {path}`", item[method])
        yield from ("## Webhooks", "")
        for name, item in self._document["webhooks"].items():
            yield from self._operation(f"`{name}`", item["post"])
        yield from ("## Schemas", "")
        for name, schema in self._document["components"]["schemas"].items():
            yield from self._schema(name, schema)

    def _operation(self, title: str, operation: Node) -> Iterator[str]:
        yield from (f"### {title}", "", operation.get("description") or operation["summary"], "")
        parameters = [self._resolved(each) for each in operation.get("parameters", ())]
        yield from _table(
            ("parameter", "type", "meaning"),
            (
                (
                    f"`{each['name']}`, {each['in']}",
                    _typed(each["schema"], each.get("required", False)),
                    each["description"],
                )
                for each in parameters
            ),
        )
        if body := operation.get("requestBody"):
            yield from (f"Body: {_content(body)}", "")
        responses = {status: self._resolved(each) for status, each in operation["responses"].items()}
        yield from _table(
            ("status", "body", "meaning"),
            ((status, _content(each), each["description"]) for status, each in responses.items()),
        )

    def _schema(self, name: str, schema: Node) -> Iterator[str]:
        yield from (f"### {name}", "", schema.get("description", ""), "")
        properties = schema.get("properties", {})
        if not properties:
            yield from (f"Type: {_kind(schema)}", "")
            return
        required = schema.get("required", ())
        yield from _table(
            ("field", "type", "meaning"),
            (
                (f"`{key}`", _typed(each, key in required), each.get("description", ""))
                for key, each in properties.items()
            ),
        )

    def _resolved(self, node: Node) -> Node:
        """Follow the reference of a parameter or a response."""
        if "$ref" not in node:
            return node
        found: Any = self._document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return self._resolved(found)


def _kind(schema: Node) -> str:
    """Return the type of a schema as text, with links to the schemas that it refers to."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if alternatives := schema.get("anyOf"):
        return " or ".join(map(_kind, alternatives))
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "items" in schema:
        return f"array of {_kind(schema['items'])}"
    kinds = schema.get("type", "any value")
    names = [kinds] if isinstance(kinds, str) else kinds
    form = f" ({schema['format']})" if "format" in schema else ""
    return " or ".join(names) + form


def _content(node: Node) -> str:
    """Return the schema of a body. The media type is added if it isn't JSON."""
    return ", ".join(
        _kind(each["schema"]) + ("" if kind == "application/json" else f" as `{kind}`")
        for kind, each in node.get("content", {}).items()
    )


def _typed(schema: Node, is_required: bool) -> str:
    return f"{_kind(schema)}, required" if is_required else _kind(schema)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a table and an empty line; nothing if the table has no rows."""
    cells = [[" ".join(str(cell).split()).replace("|", "\\|") for cell in row] for row in rows]
    if cells:
        names = list(head)
        yield from (f"| {' | '.join(row)} |" for row in (names, ["---"] * len(names), *cells))
        yield ""
