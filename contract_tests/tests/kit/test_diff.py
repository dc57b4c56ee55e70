"""Changes are grouped by schema, and a part that is added or removed as a whole needs no witness."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from contract_kit.diff.search import Found, Pair
from hypothesis import given
from hypothesis import strategies as st

from .diffs import CAT, DOG, INTEGER, TEXT, at, compared, of_responses, only, posting, rules
from .documents import OPERATION, answering, json_response, openapi

PLAIN = {"200": {"description": "Done"}}


def _many(count: int, status: Any, **components: Any) -> dict[str, Any]:
    """Return a document whose operations send objects that contain the same schema."""
    paths = {
        f"/things/{number}": {
            "get": {"responses": {"200": json_response(at(status) | {"title": str(number)})}}
        }
        for number in range(count)
    }
    return openapi(paths, **components)


def _order(status: list[str]) -> dict[str, Any]:
    return {"Order": at({"enum": status}), "Page": at({"$ref": "#/components/schemas/Order"})}


def test_a_body_that_only_one_validator_refuses_is_no_witness() -> None:
    found = of_responses(at({"type": "string", "format": "email"}), at({"const": "a@b@c.example"}))
    assert found.breaking == []


def test_a_schema_that_many_responses_use_is_one_change() -> None:
    reference = {"$ref": "#/components/schemas/Page"}
    old, new = (_many(40, reference, schemas=_order(each)) for each in (["a"], ["a", "b"]))
    change = only(compared(old, new))
    assert change.location == "/components/schemas/Order/properties/at"
    assert change.uses == 40


def test_a_schema_that_many_paths_repeat_is_one_change() -> None:
    old, new = (_many(40, {"enum": each}) for each in (["a"], ["a", "b"]))
    change = only(compared(old, new))
    assert change.uses == 40


def test_equal_schemas_within_different_inline_schemas_are_one_change() -> None:
    documents = []
    for values in (["a"], ["a", "b"]):
        document = _many(9, {"enum": values})
        for number, item in enumerate(document["paths"].values()):
            schema = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            schema["properties"][f"own{number}"] = TEXT
        documents.append(document)
    change = only(compared(*documents))
    assert (change.uses, change.places) == (9, 9)


def test_a_change_of_a_shared_schema_is_searched_for_in_few_responses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searched: list[Pair] = []
    found = Pair.found

    def counted(pair: Pair) -> Iterator[Found]:
        searched.append(pair)
        return found(pair)

    monkeypatch.setattr(Pair, "found", counted)
    reference = {"allOf": [{"$ref": "#/components/schemas/Order"}], "title": "Order"}
    paths = [_many(40, reference, schemas=_order(each)) for each in (["a"], ["a", "b"])]
    for document in paths:
        for number, item in enumerate(document["paths"].values()):
            schema = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            schema["properties"][f"own{number}"] = TEXT
    assert only(compared(*paths)).uses == 40
    assert len(searched) == 3


def test_the_witness_has_no_optional_property_except_the_changed_property() -> None:
    def order(kind: Any) -> dict[str, Any]:
        return {"type": "object", "properties": {"note": TEXT, "kind": kind, "more": INTEGER}}

    change = only(of_responses(order(TEXT), order(INTEGER)))
    assert change.witness is not None
    assert change.witness.value.keys() == {"kind"}


def test_a_witness_contains_no_other_change() -> None:
    def order(kinds: list[str], text: Any) -> dict[str, Any]:
        properties = {"kind": {"enum": kinds}, "text": text}
        return {"type": "object", "required": ["kind", "text"], "properties": properties}

    found = of_responses(order(["a"], TEXT), order(["b", "a"], {"type": ["string", "null"]}))
    change = next(each for each in found.breaking if each.rule == "response-property-became-nullable")
    assert change.witness is not None
    assert change.witness.value == {"kind": "a", "text": None}


def test_a_changed_type_is_reported_as_one_change() -> None:
    assert rules(of_responses(TEXT | {"enum": ["a"]}, INTEGER)) == {"response-body-type-changed"}


def test_a_branch_inserted_before_others_is_reported_as_a_new_branch() -> None:
    bird = {"type": "object", "required": ["sings"], "properties": {"sings": TEXT}}
    closed = [each | {"additionalProperties": False} for each in (bird, CAT, DOG)]
    assert rules(of_responses({"oneOf": closed[1:]}, {"oneOf": closed})) == {"response-body-one-of-added"}


def test_a_property_is_compared_even_if_no_full_body_contains_its_branch() -> None:
    def settings(kind: Any) -> dict[str, Any]:
        a, r = {"type": "object", "properties": {"kind": kind}}, {"type": "object", "properties": {"x": TEXT}}
        inner = [{"properties": {"v": TEXT}}, {"properties": {"r": INTEGER, "u": INTEGER}}]
        return {"type": "object", "oneOf": [{"properties": {"r": r, "v": TEXT, "a": a}}, {"oneOf": inner}]}

    assert rules(of_responses(settings(TEXT), settings(INTEGER))) == {"response-property-type-changed"}


def test_a_circular_schema_is_compared() -> None:
    def tree(name: Any) -> dict[str, Any]:
        children = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
        return {"Tree": {"type": "object", "properties": {"name": name, "children": children}}}

    reference = {"$ref": "#/components/schemas/Tree"}
    old, new = (_many(2, reference, schemas=tree(each)) for each in (TEXT, INTEGER))
    assert only(compared(old, new)).location == "/components/schemas/Tree/properties/name"
    assert compared(old, json.loads(json.dumps(old))).changes == ()


def test_a_renamed_schema_is_no_change() -> None:
    old = _many(2, {"$ref": "#/components/schemas/A"}, schemas={"A": CAT})
    new = _many(2, {"$ref": "#/components/schemas/B"}, schemas={"B": CAT})
    assert compared(old, new).changes == ()


def test_a_change_of_a_renamed_schema_counts_the_responses_that_use_it() -> None:
    old = _many(3, {"$ref": "#/components/schemas/A"}, schemas={"A": {"enum": ["a"]}})
    new = _many(3, {"$ref": "#/components/schemas/B"}, schemas={"B": {"enum": ["a", "b"]}})
    others = {f"/others/{at}": {"get": {"responses": {"200": json_response(TEXT)}}} for at in range(3)}
    new["paths"] = others | new["paths"]
    assert only(compared(old, new)).uses == 3


def test_a_response_header_that_changes_its_letter_case_is_no_change() -> None:
    assert compared(_headed(ETag=True), _headed(etag=True)).changes == ()


def test_a_renamed_path_parameter_is_no_change() -> None:
    def document(name: str, kind: dict[str, str]) -> dict[str, Any]:
        parameter = {"name": name, "in": "path", "required": True, "schema": kind}
        return openapi({f"/things/{{{name}}}": {"get": {"parameters": [parameter], "responses": PLAIN}}})

    assert compared(document("id", TEXT), document("thingId", TEXT)).changes == ()
    assert rules(compared(document("id", TEXT), document("thingId", INTEGER))) == {
        "request-parameter-type-changed"
    }


def test_a_response_that_cannot_be_built_is_listed_as_not_covered() -> None:
    impossible = at({"allOf": [TEXT, INTEGER]})
    found = of_responses(at(TEXT), impossible)
    assert found.changes == ()
    assert len(found.skipped) == 1


def _with(**operation: Any) -> dict[str, Any]:
    return openapi(answering(PLAIN, **operation))


def _parameter(required: bool, place: str = "query") -> dict[str, Any]:
    return {"parameters": [{"name": "at", "in": place, "required": required, "schema": TEXT}]}


def _answered(**responses: Any) -> dict[str, Any]:
    return openapi(answering(PLAIN | {name.removeprefix("_"): each for name, each in responses.items()}))


def _headed(**headers: bool) -> dict[str, Any]:
    described = {name: {"required": each, "schema": TEXT} for name, each in headers.items()}
    return openapi(answering({"200": {"description": "", "headers": described}}))


OTHER = {"/other": {"get": {"responses": PLAIN}}}
TWO = openapi(answering(PLAIN) | OTHER)
ONE = openapi(answering(PLAIN))
NO_BODY = openapi({"/thing": {"post": {"operationId": OPERATION, "responses": PLAIN}}})
BODY = posting(TEXT)
BODY["paths"]["/thing"]["post"]["responses"] = PLAIN
OPTIONAL_BODY = posting(TEXT, required=False)
XML = {"application/xml": {"schema": TEXT}, "application/json": {"schema": TEXT}}
BOTH_KINDS = posting(TEXT, content=XML)
FAILED = {"description": "Failed"}
DEPRECATED = openapi(answering(PLAIN) | {"/other": {"get": {"deprecated": True, "responses": PLAIN}}})
METHODS = openapi({"/thing": {"get": {"responses": PLAIN}, "put": {"responses": PLAIN}}})
GET_ONLY = openapi({"/thing": {"get": {"responses": PLAIN}}})
JSON_AND_XML = openapi(answering({"200": {"description": "", "content": XML}}))
JSON_ONLY = openapi(answering({"200": json_response(TEXT)}))
EXISTENCE = [
    (TWO, ONE, "api-path-removed-without-deprecation", True),
    (DEPRECATED, ONE, "api-path-removed-with-deprecation", False),
    (METHODS, GET_ONLY, "api-removed-without-deprecation", True),
    (ONE, TWO, "endpoint-added", False),
    (ONE, _with(**_parameter(True)), "new-required-request-parameter", True),
    (ONE, _with(**_parameter(False)), "new-optional-request-parameter", False),
    (_with(**_parameter(False)), _with(**_parameter(True)), "request-parameter-became-required", True),
    (_with(**_parameter(True)), _with(**_parameter(False)), "request-parameter-became-optional", False),
    (_with(**_parameter(True)), ONE, "request-parameter-removed", False),
    (NO_BODY, BODY, "request-body-added-required", True),
    (BODY, NO_BODY, "request-body-removed", True),
    (OPTIONAL_BODY, posting(TEXT), "request-body-became-required", True),
    (posting(TEXT), OPTIONAL_BODY, "request-body-became-optional", False),
    (BOTH_KINDS, posting(TEXT), "request-body-media-type-removed", True),
    (posting(TEXT), BOTH_KINDS, "request-body-media-type-added", False),
    (_answered(_202=FAILED), _answered(), "response-success-status-removed", True),
    (_answered(), _answered(_202=FAILED), "response-success-status-added", False),
    (_answered(_404=FAILED), _answered(), "response-non-success-status-removed", False),
    (_answered(), _answered(_404=FAILED), "response-non-success-status-added", False),
    (JSON_AND_XML, JSON_ONLY, "response-media-type-removed", True),
    (JSON_ONLY, JSON_AND_XML, "response-media-type-added", False),
    (_headed(etag=True), _headed(), "required-response-header-removed", True),
    (_headed(etag=False), _headed(), "optional-response-header-removed", False),
    (_headed(etag=True), _headed(etag=False), "response-header-became-optional", True),
    (_headed(), _headed(etag=True), "response-header-added", False),
]


@pytest.mark.parametrize(
    ("old", "new", "rule", "is_breaking"), EXISTENCE, ids=[each[2] for each in EXISTENCE]
)
def test_a_part_that_is_added_or_removed_is_reported_without_a_witness(
    old: dict[str, Any], new: dict[str, Any], rule: str, is_breaking: bool
) -> None:
    (change,) = compared(old, new).changes
    assert (change.rule, change.is_breaking, change.witness) == (rule, is_breaking, None)


def test_a_status_removed_from_many_operations_is_one_change() -> None:
    old, new = (
        openapi({f"/{at}": {"get": {"responses": each}} for at in range(9)})
        for each in (PLAIN | {"202": FAILED}, PLAIN)
    )
    change = only(compared(old, new))
    assert (change.what, change.uses) == ("202", 9)


SCHEMAS = st.recursive(
    st.sampled_from(
        [
            TEXT,
            INTEGER,
            {"enum": ["a", "b", 3]},
            {"type": ["string", "null"]},
            {"$ref": "#/components/schemas/Cat"},
        ]
    ),
    lambda inner: st.one_of(
        st.builds(lambda one: {"type": "array", "items": one}, inner),
        st.builds(lambda one, two: {"anyOf": [one, two, DOG]}, inner, inner),
        st.builds(
            lambda some: {"type": "object", "properties": some, "required": sorted(some)[:2]},
            st.dictionaries(st.sampled_from("abcd"), inner, min_size=1),
        ),
    ),
    max_leaves=8,
)


def _shuffled(value: Any, draw: Any) -> Any:
    """Return an equal document in another order and with other descriptions and examples."""
    if isinstance(value, list):
        return [_shuffled(each, draw) for each in draw(st.permutations(value))]
    if not isinstance(value, dict):
        return value
    items = [(key, _shuffled(inner, draw)) for key, inner in value.items()]
    told = {"description": draw(st.text(max_size=5)), "examples": [draw(st.integers())]}
    return dict(draw(st.permutations(items))) | (told if {"type", "enum", "anyOf"} & value.keys() else {})


@given(st.data(), SCHEMAS, SCHEMAS)
def test_documents_that_differ_in_order_and_descriptions_have_no_change(
    data: st.DataObject, response: Any, request: Any
) -> None:
    old = posting(request)
    old["paths"]["/thing"]["post"]["responses"] |= {"200": json_response(response)}
    old["components"] = {"schemas": {"Cat": CAT}}
    with patch.object(Pair, "found", side_effect=AssertionError("equal schemas were searched")):
        assert compared(old, _shuffled(old, data.draw)).changes == ()
