"""What OpenAPI 3.0 and 3.1 define differently."""

from typing import Any

import pytest
from contract_kit.derive.model import Expect

from .documents import broken, catalogue_of, gaps


@pytest.mark.parametrize(
    ("version", "expected"), [("3.0.3", (Expect.ACCEPT, None)), ("3.1.0", (Expect.REFUSE, "type"))]
)
def test_nullable_allows_null_beside_a_plain_type_only_in_3_0(
    version: str, expected: tuple[Expect, str | None]
) -> None:
    found = catalogue_of({"type": "string", "nullable": True}, version)
    null = [(each.expect, each.keyword) for each in found.mutants() if each.response.body == b"null"]
    assert null == [expected]
    assert ["nullable" in each.reason for each in gaps(found)] == [True] * (version == "3.1.0")


@pytest.mark.parametrize(
    "schema",
    [
        {"nullable": True},
        {"nullable": True, "type": "string", "enum": ["one"]},
        {"nullable": True, "allOf": [{"type": "string"}]},
        {"nullable": True, "$ref": "#/components/schemas/Text"},
    ],
)
def test_no_null_is_tried_where_nullable_is_ambiguous(schema: Any) -> None:
    holder = {"type": "object", "properties": {"a": schema}}
    found = catalogue_of(holder, "3.0.3", Text={"type": "string"})
    assert [each.id for each in found.mutants() if b'"a": null' in each.response.body] == []


@pytest.mark.parametrize(("version", "keywords"), [("3.0.3", {"type"}), ("3.1.0", {"type", "minLength"})])
def test_keywords_beside_a_reference_apply_only_in_3_1(version: str, keywords: set[str]) -> None:
    schema = {"$ref": "#/components/schemas/Text", "minLength": 5}
    found = catalogue_of(schema, version, Text={"type": "string"})
    assert {keyword for keyword, _ in broken(found)} == keywords


def test_integer_formats_set_bounds_where_no_keyword_does() -> None:
    schema = {"type": "integer", "format": "int32", "minimum": 1}
    found = {each.keyword: each for each in catalogue_of(schema).mutants()}
    places = [found[each].schema_location.rpartition("/")[2] for each in ("minimum", "maximum")]
    assert places == ["minimum", "format"]


def test_keywords_that_3_0_lacks_are_left_out_and_counted() -> None:
    found = catalogue_of({"type": "string", "const": "a"}, "3.0.3")
    assert {keyword for keyword, _ in broken(found)} == {"type"}
    assert "const" in gaps(found)[0].reason
