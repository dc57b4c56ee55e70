"""How the contract kit breaks each keyword, and what is unusual about the legal responses that it sends."""

import json
from collections.abc import Iterator
from typing import Any

from contract_kit.derive.keyword_changes import changes
from contract_kit.derive.model import LEGAL
from contract_kit.derive.places import Place
from contract_kit.tests.documents import answering, catalogue, json_response, of_schema, openapi, read_schema

from .layout import FOLDER, laid_out

TEXT = FOLDER / "breaking.txt"
"""Only this text contains the schemas and values. To add a case, add a line `== SCHEMA of VALUE`."""
_UNBROKEN = "nothing to break: "


def ways_to_break() -> Iterator[str]:
    """Yield each way to break a keyword of a schema: the value, what is wrong with it, and its operator."""
    titles = [each[3:] for each in TEXT.read_text().splitlines() if each.startswith("== ")]
    cases = [each for title in titles for each in _cases(title)]
    found = {case: list(_changes(case)) for case in cases}
    yield from laid_out((case, lines) for case, lines in found.items() if lines)
    yield f"== {_UNBROKEN}{'; '.join(case for case, lines in found.items() if not lines)}"


_CARD = {"type": "object", "required": ["digits"], "properties": {"digits": {"type": "string"}}}
_PAID_BY = {"oneOf": [_CARD, {"type": "object", "required": ["iban"]}, {"type": "string", "enum": ["cash"]}]}
_PAYMENT = {
    "type": "object",
    "required": ["by", "items"],
    "properties": {"by": _PAID_BY, "items": {"type": "array", "items": _CARD}, "note": {}, "a": {}, "b": {}},
}
_EXAMPLE = {"by": {"digits": "7"}, "items": []}
_EMPTY: dict[str, Any] = {"description": ""}
_RESPONSES: dict[str, dict[str, Any]] = {
    "an example": json_response(_PAYMENT, example=_EXAMPLE),
    "a named example": json_response({"type": "object"}, examples={"none": {"value": {}}}),
    "lists": json_response(
        {
            "anyOf": [
                {"type": "array", "items": {}, "title": f"{each}", "maxItems": 3 - each} for each in (1, 2)
            ]
        }
    ),
    "no body": _EMPTY,
    "a file": _EMPTY | {"content": {"text/csv": {}}},
}


def unusual_responses() -> Iterator[str]:
    """Yield what is unusual about each legal response."""
    yield from laid_out((name, _legal(response)) for name, response in _RESPONSES.items())


def _legal(response: dict[str, Any]) -> Iterator[str]:
    for each in catalogue(openapi(answering({"200": response}))).mutants():
        if each.group == LEGAL and not each.location:
            yield f"{each.name} | {each.breaks}"


def _cases(title: str) -> list[str]:
    if title.startswith(_UNBROKEN):
        return title.removeprefix(_UNBROKEN).split("; ")
    return [title]


def _changes(case: str) -> Iterator[str]:
    schema, value = map(json.loads, case.split(" of "))
    validators, node = read_schema(of_schema(schema))
    for each in changes(validators, Place((), value, node)):
        yield (
            f"{each.operator} {each.parameter} | {json.dumps(each.value)} | {each.breaks}"
            + (f" | breaks {each.keyword}" if each.keyword != each.operator else "")
            + (f" | found at {'/'.join(map(str, each.found_at))}" if each.found_at else "")
        )
