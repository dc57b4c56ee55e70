"""Documents in which every field that the contract documents has a value of its own.

The values are made from `openapi.yaml`, so a new field is in these documents, too. An output that mixes up
two fields, or drops one, differs from its golden.
"""

import datetime
import re
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import yaml

Document = dict[str, Any]
DOCUMENT = Path(__file__).parents[3] / "openapi.yaml"
START = datetime.datetime(2026, 11, 19, 8, tzinfo=datetime.UTC)


@cache
def _schemas() -> Document:
    document: Document = yaml.safe_load(DOCUMENT.read_text())
    schemas: Document = document["components"]["schemas"]
    return schemas


class Distinct:
    """Makes documents; no two of the numbers, texts and times that it has made are equal.

    A value depends on its path and its turn alone, so a new field changes no other value. A boolean field is
    true or false by the turn of its document, in a pattern of its own.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._taken = set[int]()
        self._booleans = dict[str, int]()

    def __call__(self, schema: str, turn: int = 0, **fields: Any) -> Document:
        """Return a document with every field of a schema, and with these fields replaced."""
        made: Document = self._value({"$ref": f"/{schema}"}, "", turn)
        return made | fields

    def _value(self, schema: Document, path: str, turn: int) -> Any:
        while "$ref" in schema or "anyOf" in schema:
            schema = next(each for each in schema.get("anyOf", [schema]) if each != {"type": "null"})
            schema = _schemas()[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        number, name = self._number(f"{path} {turn}"), path.rpartition(".")[2]
        if "enum" in schema:
            return schema["enum"][turn % len(schema["enum"])]
        kind = schema.get("type", "string")
        match kind if isinstance(kind, str) else kind[0]:
            case "object":
                fields = schema.get("properties") or {f"key {number}": schema.get("additionalProperties")}
                return {
                    key: self._value(each if isinstance(each, dict) else {}, f"{path}.{key}", turn)
                    for key, each in fields.items()
                }
            case "array":
                return [self._value(schema.get("items", {}), f"{path}.{each}", turn) for each in "ab"]
            case "integer":
                return number
            case "number":
                return number + 0.25
            case "boolean":
                pattern = self._booleans.setdefault(path, len(self._booleans) + 1)
                return bool(pattern >> turn % 4 & 1)
            case _:
                return _text(schema.get("format"), name, number, is_id="id" in re.split(r"[._]|s\b", path))

    def _number(self, key: str) -> int:
        number = crc32(f"{self._name} {key}".encode()) % 100_000
        while number in self._taken:
            number += 1
        self._taken.add(number)
        return number


def _text(form: str | None, name: str, number: int, *, is_id: bool) -> str:
    if form == "date-time":
        return (START + datetime.timedelta(seconds=number)).isoformat()
    if name.endswith("_url"):
        return f"https://files.example.com/{name}/{number}?signature=secret{number}"
    return f"{name}-{number}" if is_id else f"{name} {number}"
