"""Validates bodies against the original document, with Ajv (OpenAPI 3.1) or openapi-schema-validator (3.0).

Usage: python -m benchmarks.corpus.judging DOCUMENT MUTANTS COUNT

MUTANTS is a file with the output of `contract-kit mutants --jsonl`. The command prints a line of JSON: the
number of `judged` bodies, and the ids of the `wrong` ones, about which the kit and the validator disagree.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote, unquote

from contract_kit.derive.deliveries import RETRIED
from contract_kit.derive.model import LEGAL, PROTOCOL
from jsonschema.exceptions import UnknownType
from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable

from .documents import BUILT

_URI = "urn:document"
_AJV = Path(__file__).parent / "node" / "ajv.mjs"

Validator: TypeAlias = Callable[[str, str], bool | None]
"""Takes a JSON Pointer and a body; returns whether the schema there allows the body, or None if unknown."""


def of_3_0(document: Mapping[str, Any]) -> Validator:
    """Return a function that validates bodies against an OpenAPI 3.0 document: openapi-schema-validator."""
    resource: Any = Resource.opaque(_without_siblings(document))
    registry: Any = Registry().with_resource(_URI, resource)
    kind: Any = OAS30ReadValidator

    def is_valid(pointer: str, body: str) -> bool | None:
        schema = {"$ref": f"{_URI}#{quote(pointer)}"}
        validator = kind(schema, registry=registry, format_checker=oas30_format_checker)
        try:
            return bool(validator.is_valid(json.loads(body)))
        except (AttributeError, TypeError):  # a part of the schema isn't a schema
            return None
        except (re.error, RecursionError, UnknownType, Unresolvable):
            return None

    return is_valid


def _without_siblings(value: Any) -> Any:
    """Remove the keywords next to each `$ref`, which OpenAPI 3.0 ignores; return the document."""
    if isinstance(value, list):
        return list(map(_without_siblings, value))
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return {"$ref": value["$ref"]}
    return {key: _without_siblings(inner) for key, inner in value.items()}


@contextmanager
def of_3_1(document: Path, modules: Path = BUILT / "node_modules") -> Iterator[Validator]:
    """Start Ajv, and yield a function that validates bodies against an OpenAPI 3.1 document.

    Args:
        document: The file.
        modules: The folder in which npm installed Ajv.
    """
    command = ("node", str(_AJV), str(document), str(modules))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        asked, answers = process.stdin, process.stdout
        assert asked is not None  # noqa: S101 - a pipe
        assert answers is not None  # noqa: S101 - a pipe

        def is_valid(pointer: str, body: str) -> bool | None:
            asked.write(json.dumps({"pointer": pointer, "body": body}) + "\n")
            asked.flush()
            found: bool | None = json.loads(answers.readline())
            return found

        yield is_valid


class Judge:
    """Validates the bodies derived from one document.

    Args:
        document: The document, as parsed.
        is_valid: Validates bodies against the document.
    """

    def __init__(self, document: Mapping[str, Any], is_valid: Validator) -> None:
        self._document = document
        self._is_valid = is_valid

    def is_wrong(self, line: Mapping[str, Any]) -> bool | None:
        """Whether the validator contradicts the kit about the validity of a body; None if unknown."""
        pointer = self._schema(line)
        if pointer is None or line["body"] is None:  # a body that isn't UTF-8 is in `body_base64`
            return None
        is_valid = self._is_valid(pointer, line["body"])
        return None if is_valid is None else is_valid is (line["group"] != LEGAL)

    def _schema(self, line: Mapping[str, Any]) -> str | None:
        """Return the JSON Pointer to the schema of a response, or of a webhook's or callback's body."""
        headers = {name.lower(): value.lower() for name, value in line["headers"].items()}
        status = str(line["status"])
        method = line["method"].lower()
        codes = (status, f"{status[0]}XX", "default")
        described = [("paths", line["path"], method, "responses", code) for code in codes]
        described += [(*item, method, "requestBody") for item in self._webhooks(line["path"])]
        for each in described:
            steps = (*each, "content")
            _, content = self._find(*steps)
            if content is not None:
                media = _media_type(headers.get("content-type", ""), content)
                pointer, found = self._find(*steps, media)
                return f"{pointer}/schema" if found and "schema" in found else None
        return None

    def _webhooks(self, name: str) -> Iterator[tuple[str, ...]]:
        """Yield the steps to the path items of a webhook or, named after its operation, a callback."""
        yield "webhooks", name
        for path, item in self._document.get("paths", {}).items():
            for method, operation in item.items():
                if isinstance(operation, dict) and "callbacks" in operation:
                    known = operation.get("operationId") or f"{method.upper()} {path}"
                    for key in operation["callbacks"]:
                        steps = ("paths", path, method, "callbacks", key)
                        if f"{known} {key}" == name:
                            yield from ((*steps, url) for url in self._find(*steps)[1])

    def _find(self, *steps: str) -> tuple[str, Any]:
        """Follow references; return the pointer to a node, and the node or None."""
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
    """Whether to judge a line: a mutant that breaks a keyword, or a legal body that has a schema."""
    if "skipped" in line or line["group"] == PROTOCOL or line["operator"] == "valid-response":
        return False
    expected = "accept" if line["group"] == LEGAL else "refuse"
    return bool(line["expect"] == expected or line["reason"] == RETRIED)


def main(document: str, mutants: str, count: int) -> int:
    """Run the command and return its exit code."""
    parsed = json.loads(Path(document).read_bytes())
    is_3_0 = str(parsed["openapi"]).startswith("3.0")
    read = map(json.loads, Path(mutants).read_text(encoding="utf-8").rstrip("\n").split("\n"))
    lines = [line for line in read if _is_judged(line)]
    every = max(-(-len(lines) // count), 1)
    with nullcontext(of_3_0(parsed)) if is_3_0 else of_3_1(Path(document)) as is_valid:
        judge = Judge(parsed, is_valid)
        verdicts = [(judge.is_wrong(line), line["id"]) for line in lines[::every]]
    judged = sum(is_wrong is not None for is_wrong, _ in verdicts)
    sys.stdout.write(
        json.dumps({"judged": judged, "wrong": [name for is_wrong, name in verdicts if is_wrong]})
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
