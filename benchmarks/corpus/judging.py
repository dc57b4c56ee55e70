"""Judges bodies against the original document, with validators that read it as it is.

Usage: python -m benchmarks.corpus.judging DOCUMENT MUTANTS COUNT

MUTANTS is what `contract-kit mutants --jsonl` printed. It prints a line of JSON with `judged` and `wrong`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import UnknownType
from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker, oas31_format_checker
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from .results import kind_of

_URI = "urn:document"


class Judge:
    """Judges the bodies of one document.

    Args:
        document: The document, as parsed.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        is_3_0 = str(document["openapi"]).startswith("3.0")
        resource: Any = Resource.opaque(document) if is_3_0 else DRAFT202012.create_resource(document)
        registry: Any = Registry()
        self._document = document
        self._registry = registry.with_resource(_URI, resource)
        self._kind: Any = OAS30ReadValidator if is_3_0 else Draft202012Validator
        self._formats = oas30_format_checker if is_3_0 else oas31_format_checker

    def is_wrong(self, line: Mapping[str, Any]) -> bool | None:
        """Whether a body isn't what its line says, valid or broken; None if it can't be judged."""
        pointer = self._schema(line)
        if pointer is None or line["body"] is None:  # a body that isn't UTF-8 is in `body_base64`
            return None
        schema = {"$ref": f"{_URI}#{quote(pointer)}"}
        validator = self._kind(schema, registry=self._registry, format_checker=self._formats)
        try:
            is_valid: bool = validator.is_valid(json.loads(line["body"]))
        except (re.error, RecursionError, UnknownType, Unresolvable):
            return None
        return is_valid is (line["expect"] == "refuse")

    def _schema(self, line: Mapping[str, Any]) -> str | None:
        """Return the JSON Pointer of the schema of a response."""
        headers = {name.lower(): value.lower() for name, value in line["headers"].items()}
        status = str(line["status"])
        for code in (status, f"{status[0]}XX", "default"):
            steps = ("paths", line["path"], line["method"].lower(), "responses", code, "content")
            _, content = self._find(*steps)
            if content is not None:
                media = _media_type(headers.get("content-type", ""), content)
                pointer, described = self._find(*steps, media)
                return f"{pointer}/schema" if described and "schema" in described else None
        return None

    def _find(self, *steps: str) -> tuple[str, Any]:
        """Return the pointer of a node and the node, or None; references are followed."""
        pointer, node = "", self._document
        for step in steps:
            if step not in node:
                return pointer, None
            pointer, node = f"{pointer}/{step.replace('~', '~0').replace('/', '~1')}", node[step]
            while "$ref" in node:
                pointer = unquote(node["$ref"]).removeprefix("#")
                node = self._at(pointer)
        return pointer, node

    def _at(self, pointer: str) -> Any:
        node: Any = self._document
        for step in pointer.split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            node = node[int(key) if isinstance(node, list) else key]
        return node


def _media_type(sent: str, content: Iterable[str]) -> str:
    """Return the documented media type or range that contains a content type; empty if there is none."""
    documented = {media.lower(): media for media in content}
    matching = (sent, f"{sent.partition('/')[0]}/*", "*/*")
    return next((documented[each] for each in matching if each in documented), "")


def _is_judged(line: Mapping[str, Any]) -> bool:
    """Whether a line is a mutant that breaks a keyword, or a legal body."""
    if "skipped" in line:
        return False
    if line["keyword"]:
        return bool(line["expect"] == "refuse")
    return kind_of(line) == "legal" and line["expect"] == "accept"


def main(document: str, mutants: str, count: int) -> int:
    """Run the command and return its exit code."""
    judge = Judge(json.loads(Path(document).read_bytes()))
    read = map(json.loads, Path(mutants).read_text(encoding="utf-8").rstrip("\n").split("\n"))
    lines = [line for line in read if _is_judged(line)]
    every = max(-(-len(lines) // count), 1)
    verdicts = [(judge.is_wrong(line), line["id"]) for line in lines[::every]]
    judged = sum(is_wrong is not None for is_wrong, _ in verdicts)
    sys.stdout.write(
        json.dumps({"judged": judged, "wrong": [name for is_wrong, name in verdicts if is_wrong]})
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
