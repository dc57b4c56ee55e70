"""Changes are grouped by schema. Adding or removing an entire part is reported without a witness."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import jsonschema_rs
import pytest

from contract_kit.diff.results import OnPaper
from contract_kit.diff.search import Search

from .diffs import CAT, DOG, INTEGER, TEXT, WIDER, Case, at, compared, of_responses, only, posting, rules
from .documents import answering, json_response, openapi

PLAIN = {"200": {"description": "Done"}}
CLOSED_CAT, CLOSED_DOG = (each | {"additionalProperties": False} for each in (CAT, DOG))


def _many(count: int, status: Any, **components: Any) -> dict[str, Any]:
    """Return a document whose operations all return objects that contain the same schema."""
    paths = {
        f"/things/{number}": {
            "get": {"responses": {"200": json_response(at(status) | {"title": str(number)})}}
        }
        for number in range(count)
    }
    return openapi(paths, **components)


def test_a_change_is_listed_once_if_many_responses_use_the_changed_schema() -> None:
    values = (["a"], ["a", "b"])
    reference = {"$ref": "#/components/schemas/Order"}
    shared = [_many(40, reference, schemas={"Order": at({"enum": each})}) for each in values]
    inline = [_many(40, {"enum": each}) for each in values]
    for documents, location in ((shared, "/components/schemas/Order"), (inline, "/paths/~1things~10/get")):
        change = only(compared(*documents))
        assert change.uses == 40
        assert change.location.startswith(location)


STATUS, NOT_B = ({"$ref": f"#/components/schemas/{name}"} for name in ("Status", "NotB"))


def _using(statuses: list[str], *schemas: Any) -> dict[str, Any]:
    paths = {
        f"/{index}": {"get": {"responses": {"200": json_response(each)}}}
        for index, each in enumerate(schemas)
    }
    return openapi(paths, schemas={"Status": {"enum": statuses}, "NotB": {"enum": ["a", "z"]}})


def test_a_change_is_listed_once_wherever_the_changed_schema_is_used() -> None:
    schemas = at(STATUS), {"type": "array", "items": STATUS}, STATUS
    change = only(compared(*(_using(each, *schemas) for each in (["a"], ["a", "b"]))))
    assert (change.rule, change.uses) == ("response-property-enum-value-added", 3)


def test_a_changes_uses_are_the_responses_that_it_breaks() -> None:
    schemas = at(STATUS), at({"allOf": [STATUS, NOT_B]})
    assert only(compared(*(_using(each, *schemas) for each in (["a"], ["a", "b"])))).uses == 1


def test_changes_to_identical_schemas_with_different_names_are_listed_separately() -> None:
    names = {"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}
    paths = {
        f"/{index}": {"get": {"responses": {"200": json_response(each)}}} for index, each in enumerate(names)
    }
    old, new = (openapi(paths, schemas={"A": each, "B": each}) for each in (at(TEXT), at(INTEGER)))
    assert [each.location[:21] for each in compared(old, new).changes] == [
        "/components/schemas/A",
        "/components/schemas/B",
    ]


def test_an_added_branch_and_a_changed_branch_each_have_their_own_witness() -> None:
    def animals(sounds: list[str], *names: str) -> dict[str, Any]:
        cat = CLOSED_CAT | {"properties": {"purrs": {"enum": sounds}}}
        union = at({"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]})
        path = {"/": {"get": {"responses": {"200": json_response(union)}}}}
        return openapi(path, schemas={"Cat": cat, "Dog": CLOSED_DOG})

    found = compared(animals(["soft"], "Cat"), animals(["soft", "loud"], "Cat", "Dog")).changes
    assert {(each.rule, each.what, each.witness and json.dumps(each.witness.value)) for each in found} == {
        ("response-property-one-of-added", "Dog", '{"at": {"barks": true}}'),
        ("response-property-enum-value-added", '"loud"', '{"at": {"purrs": "loud"}}'),
    }


def test_a_witness_has_no_optional_properties_except_the_changed_one() -> None:
    def order(kind: Any) -> dict[str, Any]:
        return {"type": "object", "properties": {"note": TEXT, "kind": kind, "more": INTEGER}}

    change = only(of_responses(order(TEXT), order(INTEGER)))
    assert change.witness is not None
    assert change.witness.value.keys() == {"kind"}


@pytest.mark.parametrize("case", WIDER, ids=[case.name for case in WIDER])
@pytest.mark.parametrize(
    ("was", "now", "required"),
    [
        (TEXT, TEXT, ["at"]),
        (TEXT, {"type": ["string", "null"]}, ["at", "other"]),
        ({"enum": ["a"]}, {"enum": ["b", "a"]}, ["at", "other"]),
    ],
    ids=["optional", "nullable", "new value"],
)
def test_a_changes_witness_contains_no_other_change(
    case: Case, was: Any, now: Any, required: list[str]
) -> None:
    old, new = (
        {"type": "object", "properties": {"at": at, "other": other}, "required": needed}
        for at, other, needed in ((case.old, was, ["at", "other"]), (case.new, now, required))
    )
    (change,) = (each for each in of_responses(old, new).changes if "/properties/at" in each.location)
    assert change.witness is not None
    unchanged = {"properties": {"other": was}, "required": ["other"]}
    assert jsonschema_rs.is_valid(unchanged, change.witness.value)


def test_a_change_inside_array_items_is_reported_as_a_property_change() -> None:
    def listed(kinds: list[str], details: list[Any]) -> dict[str, Any]:
        properties = {"kind": {"enum": kinds}, "details": {"oneOf": details}}
        return {"type": "array", "items": {"required": list(properties), "properties": properties}}

    found = of_responses(listed(["a"], [CLOSED_CAT]), listed(["a", "b"], [CLOSED_CAT, CLOSED_DOG]))
    assert [each.rule for each in found.changes] == [
        "response-property-enum-value-added",
        "response-property-one-of-added",
    ]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (TEXT | {"enum": ["a"]}, INTEGER, "response-body-type-changed"),
        ({"oneOf": [CLOSED_CAT]}, {"oneOf": [CLOSED_DOG, CLOSED_CAT]}, "response-body-one-of-added"),
        ({"type": "array", "items": TEXT}, {"properties": {"a": TEXT}}, "response-body-type-generalized"),
        ({"enum": [{"a": 1, "b": 2}]}, {"enum": [{"b": 2, "a": 1}, 3]}, "response-body-enum-value-added"),
    ],
    ids=[
        "a type with an enum",
        "a branch inserted before others",
        "a list that becomes an object",
        "an enum whose objects have another order of properties",
    ],
)
def test_one_edit_is_reported_as_one_change(old: Any, new: Any, rule: str) -> None:
    assert only(of_responses(old, new)).rule == rule


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"multipleOf": 0.01}, {"multipleOf": 0.05}),
        ({"multipleOf": 1e-7}, {"multipleOf": 0.3}),
        ({"type": ["integer", "null"], "format": "int64"}, {"type": ["integer", "null"], "format": "int32"}),
    ],
    ids=str,
)
def test_a_response_with_fewer_possible_numbers_is_not_a_change(old: Any, new: Any) -> None:
    assert of_responses(old, new).changes == ()


def test_a_circular_schema_is_compared() -> None:
    def tree(name: Any) -> dict[str, Any]:
        children = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
        return {"Tree": {"type": "object", "properties": {"name": name, "children": children}}}

    reference = {"$ref": "#/components/schemas/Tree"}
    old, new = (_many(2, reference, schemas=tree(each)) for each in (TEXT, INTEGER))
    assert only(compared(old, new)).location == "/components/schemas/Tree/properties/name"
    assert compared(old, json.loads(json.dumps(old))).changes == ()


def test_a_schema_that_refers_only_to_itself_is_skipped() -> None:
    loop = {"$ref": "#/components/schemas/Loop"}
    paths = {
        f"/{index}": {"get": {"responses": {"200": json_response(each)}}}
        for index, each in enumerate([STATUS, loop])
    }
    old, new = (
        openapi(paths, schemas={"Loop": loop, "Status": {"enum": each}}) for each in (["a"], ["a", "b"])
    )
    found = compared(old, new)
    assert only(found).what == '"b"'
    assert len(found.skipped) == 1


def test_the_uses_of_a_changed_schema_are_counted_even_if_it_was_renamed() -> None:
    old = _many(3, {"$ref": "#/components/schemas/A"}, schemas={"A": {"enum": ["a"]}})
    renamed = _many(3, {"$ref": "#/components/schemas/B"}, schemas={"B": {"enum": ["a"]}})
    assert compared(old, renamed).changes == ()
    new = _many(3, {"$ref": "#/components/schemas/B"}, schemas={"B": {"enum": ["a", "b"]}})
    others = {f"/others/{at}": {"get": {"responses": {"200": json_response(TEXT)}}} for at in range(3)}
    new["paths"] = others | new["paths"]
    assert [each.uses for each in compared(old, new).listed(OnPaper.BREAKING)] == [3]


def test_a_renamed_path_parameter_is_not_a_change() -> None:
    def document(name: str, kind: dict[str, str]) -> dict[str, Any]:
        parameter = {"name": name, "in": "path", "required": True, "schema": kind}
        return openapi({f"/things/{{{name}}}": {"get": {"parameters": [parameter], "responses": PLAIN}}})

    assert compared(document("id", TEXT), document("thingId", TEXT)).changes == ()
    assert rules(compared(document("id", TEXT), document("thingId", INTEGER))) == {
        "request-parameter-type-changed"
    }


def test_a_response_that_cannot_be_built_is_listed_as_not_covered() -> None:
    impossible = {"required": ["no"], "properties": {"no": {"allOf": [TEXT, INTEGER]}}}
    found = of_responses(at(TEXT), {"allOf": [at(INTEGER), impossible]})
    assert [each.on_paper for each in found.changes] == [OnPaper.UNPROVEN]
    assert len(found.skipped) == 1


def _answered(label: str, response: Any) -> dict[str, Any]:
    return openapi(answering(PLAIN | {label: response}))


def _headed(**headers: bool) -> dict[str, Any]:
    described = {name: {"required": each, "schema": TEXT} for name, each in headers.items()}
    return _answered("200", {"description": "", "headers": described})


ONE = openapi(answering(PLAIN))
TWO, DEPRECATED = (
    openapi(answering(PLAIN) | {"/other": {"get": {"deprecated": deprecated, "responses": PLAIN}}})
    for deprecated in (False, True)
)
TWO_METHODS, DEPRECATED_METHOD = (
    openapi({"/thing": answering(PLAIN)["/thing"] | {"put": {"deprecated": each, "responses": PLAIN}}})
    for each in (False, True)
)
UNDECLARED, DECLARED = (
    openapi({"/{at}": {"get": {"responses": PLAIN, "parameters": parameters}}})
    for parameters in ([], [{"name": "at", "in": "path", "required": True, "schema": TEXT}])
)
OPTIONAL, REQUIRED = (
    openapi(answering(PLAIN, parameters=[{"name": "at", "in": "query", "required": each, "schema": TEXT}]))
    for each in (False, True)
)
XML = {"application/xml": {"schema": TEXT}, "application/json": {"schema": TEXT}}
ANY_BODY = posting(TEXT, content={"application/json": {}})
BODY, OPTIONAL_BODY, BOTH_KINDS = posting(TEXT), posting(TEXT, required=False), posting(TEXT, content=XML)
NO_BODY = openapi({"/thing": {"post": {"responses": BODY["paths"]["/thing"]["post"]["responses"]}}})
FAILED = {"description": "Failed"}
ACCEPTED, NOT_FOUND = _answered("202", FAILED), _answered("404", FAILED)
JSON_ONLY = _answered("200", json_response(TEXT))
ANY_JSON = _answered("200", {"description": "", "content": {"application/json": {}}})
JSON_AND_XML = _answered("200", {"description": "", "content": XML})
EXISTENCE = [
    (TWO, ONE, "api-path-removed-without-deprecation", OnPaper.BREAKING),
    (DEPRECATED, ONE, "api-path-removed-with-deprecation", OnPaper.HARMLESS),
    (TWO_METHODS, ONE, "api-removed-without-deprecation", OnPaper.BREAKING),
    (DEPRECATED_METHOD, ONE, "api-removed-with-deprecation", OnPaper.HARMLESS),
    (ONE, TWO, "endpoint-added", OnPaper.HARMLESS),
    (ONE, REQUIRED, "new-required-request-parameter", OnPaper.BREAKING),
    (ONE, OPTIONAL, "new-optional-request-parameter", OnPaper.HARMLESS),
    (OPTIONAL, REQUIRED, "request-parameter-became-required", OnPaper.BREAKING),
    (REQUIRED, OPTIONAL, "request-parameter-became-optional", OnPaper.HARMLESS),
    (REQUIRED, ONE, "request-parameter-removed", OnPaper.UNPROVEN),
    (UNDECLARED, DECLARED, "new-request-path-parameter", OnPaper.BREAKING),
    (NO_BODY, BODY, "request-body-added-required", OnPaper.BREAKING),
    (NO_BODY, OPTIONAL_BODY, "request-body-added-optional", OnPaper.HARMLESS),
    (ANY_BODY, BODY, "request-body-media-type-schema-added", OnPaper.UNPROVEN),
    (BODY, ANY_BODY, "request-body-media-type-schema-removed", OnPaper.HARMLESS),
    (BODY, NO_BODY, "request-body-removed", OnPaper.BREAKING),
    (OPTIONAL_BODY, BODY, "request-body-became-required", OnPaper.BREAKING),
    (BODY, OPTIONAL_BODY, "request-body-became-optional", OnPaper.HARMLESS),
    (BOTH_KINDS, BODY, "request-body-media-type-removed", OnPaper.BREAKING),
    (BODY, BOTH_KINDS, "request-body-media-type-added", OnPaper.HARMLESS),
    (ACCEPTED, ONE, "response-success-status-removed", OnPaper.BREAKING),
    (ONE, ACCEPTED, "response-success-status-added", OnPaper.HARMLESS),
    (NOT_FOUND, ONE, "response-non-success-status-removed", OnPaper.HARMLESS),
    (ONE, NOT_FOUND, "response-non-success-status-added", OnPaper.HARMLESS),
    (JSON_AND_XML, JSON_ONLY, "response-media-type-removed", OnPaper.BREAKING),
    (JSON_ONLY, JSON_AND_XML, "response-media-type-added", OnPaper.HARMLESS),
    (ANY_JSON, JSON_ONLY, "response-body-media-type-schema-added", OnPaper.HARMLESS),
    (_headed(etag=True), _headed(), "required-response-header-removed", OnPaper.BREAKING),
    (_headed(etag=False), _headed(), "optional-response-header-removed", OnPaper.UNPROVEN),
    (_headed(etag=True), _headed(etag=False), "response-header-became-optional", OnPaper.BREAKING),
    (_headed(), _headed(etag=True), "response-header-added", OnPaper.HARMLESS),
]


@pytest.mark.parametrize(("old", "new", "rule", "on_paper"), EXISTENCE, ids=[each[2] for each in EXISTENCE])
def test_an_added_or_removed_part_is_reported_without_a_witness(
    old: dict[str, Any], new: dict[str, Any], rule: str, on_paper: OnPaper
) -> None:
    (change,) = compared(old, new).changes
    assert (change.rule, change.on_paper, change.witness) == (rule, on_paper, None)


@pytest.mark.parametrize(
    ("where", "default"),
    [
        ("query", {"style": "form", "explode": True}),
        ("cookie", {"style": "form", "explode": True}),
        ("path", {"style": "simple", "explode": False}),
        ("header", {"style": "simple", "explode": False}),
    ],
)
def test_writing_out_a_parameters_default_style_is_not_a_change(where: str, default: dict[str, Any]) -> None:
    parameter = {"name": "at", "in": where, "required": True, "schema": {"type": "array", "items": TEXT}}
    versions = (
        openapi({"/{at}": {"get": {"responses": PLAIN, "parameters": [each]}}})
        for each in (parameter, parameter | default)
    )
    assert compared(*versions).changes == ()


def test_an_operation_counts_as_removed_if_only_another_method_has_a_matching_path() -> None:
    old, new = (
        openapi({path: {method: {"responses": PLAIN}}})
        for path, method in (("/{kind}/list", "get"), ("/dogs/list", "post"))
    )
    assert rules(compared(old, new)) == {"api-path-removed-without-deprecation"}


def test_changing_the_case_of_a_response_headers_name_is_not_a_change() -> None:
    assert compared(_headed(ETag=True), _headed(etag=True)).changes == ()


def test_changing_the_case_of_a_header_parameters_name_is_not_a_change() -> None:
    def sent(name: str) -> dict[str, Any]:
        parameter = {"name": name, "in": "header", "required": True, "schema": TEXT}
        return openapi(answering(PLAIN, parameters=[parameter]))

    assert compared(sent("X-Key"), sent("x-key")).changes == ()


def test_a_documented_response_header_named_content_type_is_ignored() -> None:
    assert compared(_headed(**{"Content-Type": True}), _headed()).changes == ()


def test_removing_a_status_from_many_operations_is_listed_as_one_change() -> None:
    old, new = (
        openapi({f"/{at}": {"get": {"responses": each}} for at in range(9)})
        for each in (PLAIN | {"202": FAILED}, PLAIN)
    )
    change = only(compared(old, new))
    assert (change.what, change.uses) == ("202", 9)


def _reordered(value: Any) -> Any:
    """Return an equivalent document in reverse order, with different descriptions and examples."""
    if isinstance(value, list):
        return [_reordered(each) for each in reversed(value)]
    if not isinstance(value, dict):
        return value
    told = {"description": "Told", "examples": [7]} if {"type", "enum", "anyOf"} & value.keys() else {}
    return told | {key: _reordered(inner) for key, inner in reversed(value.items())}


def test_documents_that_differ_only_in_order_and_descriptions_have_no_changes() -> None:
    every = {"anyOf": [each for case in WIDER for each in (case.old, case.new)]}
    old = posting(at(every))
    old["paths"]["/thing"]["post"]["responses"] |= {"200": json_response(at(every) | {"oneOf": [{}, CAT]})}
    with patch.object(Search, "found", side_effect=AssertionError("equal schemas were searched")):
        assert compared(old, _reordered(old)).changes == ()
