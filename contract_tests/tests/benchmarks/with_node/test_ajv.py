"""Ajv validates bodies against unchanged OpenAPI 3.1 documents. `make test-node` runs these tests."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from benchmarks.corpus.judging import Validator, of_3_1

SCHEMAS: dict[str, Any] = {
    "a thing/~": {
        "type": "object",
        "properties": {
            "id": {"type": "integer", "nullable": True},
            "at": {"type": ["string", "null"], "format": "date-time"},
            "price": {"multipleOf": 0.01},
            "next": {"$ref": "#/components/schemas/a%20thing~1~0"},
        },
        "unevaluatedProperties": False,
    },
    "unclear": {"pattern": "(?<"},
}


@pytest.fixture(scope="module")
def is_valid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Validator]:
    document = tmp_path_factory.mktemp("ajv") / "openapi.json"
    document.write_text(json.dumps({"openapi": "3.1.0", "components": {"schemas": SCHEMAS}}))
    with of_3_1(document) as found:
        yield found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"id": 1, "at": None, "price": 0.07, "next": {}}, True),
        ({"id": None}, False),
        ({"at": "today"}, False),
        ({"price": 0.075}, False),
        ({"next": {"id": "1"}}, False),
        ({"other": 1}, False),
    ],
    ids=str,
)
def test_ajv_validates_a_body_by_the_rules_of_openapi_3_1(
    is_valid: Validator, body: object, expected: bool
) -> None:
    assert is_valid("/components/schemas/a thing~1~0", json.dumps(body)) is expected


def test_a_body_is_not_validated_if_ajv_cannot_compile_its_schema(is_valid: Validator) -> None:
    assert is_valid("/components/schemas/unclear", "1") is None
