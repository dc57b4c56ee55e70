"""Documents of every shape: what references, unions, patterns and broken parts mean for the mutants."""

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from contract_kit.derive.catalogue import Catalogue
from contract_kit.errors import KitError

from .documents import (
    REFERENCES,
    answering,
    body,
    broken,
    catalogue,
    catalogue_in,
    catalogue_of,
    gaps,
    json_response,
    mutants_of,
    of_schema,
    openapi,
    pets,
    reason_for_no_mutants,
)

SELF = {"allOf": [{"$ref": "#/components/schemas/Self"}]}
"""A schema that is only a reference to itself."""


def test_a_schema_that_contains_itself_is_covered_to_its_second_level() -> None:
    reference = {"$ref": "#/components/schemas/Tree"}
    tree = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "below": {"type": "array", "items": reference}},
    }
    assert ("type", "/below/0/name") in broken(catalogue_of(reference, Tree=tree))


def test_a_reference_leads_into_another_file_and_back(tmp_path: Path) -> None:
    document = of_schema({"$ref": "./shapes.json#/$defs/Box"}, Name={"type": "string", "minLength": 2})
    box = {"type": "object", "properties": {"name": {"$ref": "openapi.json#/components/schemas/Name"}}}
    found = catalogue_in(tmp_path, document, shapes={"$defs": {"Box": box}})
    assert {("type", ""), ("minLength", "/name")} <= broken(found)


def test_a_schema_location_in_another_file_names_the_file(tmp_path: Path) -> None:
    document = of_schema({"$ref": "shapes.json#/$defs/Name"})
    found = catalogue_in(tmp_path, document, shapes={"$defs": {"Name": {"type": "string"}}})
    locations = {each.schema_location for each in found.mutants() if each.keyword}
    assert locations == {"shapes.json#/$defs/Name/type"}


@pytest.mark.parametrize(
    ("name", "escaped"), [("a/b", "a~1b"), ("a~b", "a~0b"), ("a~1b", "a~01b"), ("a~0b", "a~00b")]
)
def test_a_reference_leads_to_a_name_with_a_slash_or_a_tilde(name: str, escaped: str) -> None:
    named: dict[str, Any] = {name: {"type": "string", "minLength": 2}}
    assert ("minLength", "") in broken(catalogue_of({"$ref": f"#/components/schemas/{escaped}"}, **named))


def test_a_reference_leads_to_an_anchor() -> None:
    named = {"$anchor": "name", "type": "string", "minLength": 2}
    assert ("minLength", "") in broken(catalogue_of({"$ref": "#name"}, Name=named))


def test_a_discriminator_is_never_asserted() -> None:
    """The implicit names of the branches match no value of the schemas, but both branches give mutants."""
    union = {"oneOf": REFERENCES, "discriminator": {"propertyName": "kind"}}
    found = broken(catalogue_of(union, "3.0.3", **pets()))
    assert {("type", "/lives"), ("type", "/tricks"), ("required", "")} <= found


def test_branches_that_differ_only_in_optional_properties_are_distinguished() -> None:
    """A body of one branch is also valid for the other, unless it has a property that the other forbids."""
    branches = [{"type": "object", "properties": {name: {"type": "integer"}}} for name in "ab"]
    found = catalogue_of({"oneOf": branches})
    assert {("type", "/a"), ("type", "/b")} <= broken(found)


def test_a_whole_path_and_a_response_may_be_references() -> None:
    path = {"get": {"operationId": "getThing", "responses": {"200": {"$ref": "#/components/responses/Ok"}}}}
    document = openapi(
        {"/thing": {"$ref": "#/components/pathItems/Thing"}},
        responses={"Ok": json_response({"type": "integer"})},
        pathItems={"Thing": path},
    )
    assert ("type", "") in broken(catalogue(document))


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": "#/components/schemas/Missing"}, "leads nowhere"),
        ({"$ref": "https://example.com/schema.json"}, "never fetched"),
        ({"$ref": "missing.json"}, "Name a file that exists"),
        ({"$ref": "#/components/schemas/Self"}, "refers to itself endlessly"),
        ({"$dynamicRef": "#node"}, "uses $dynamicRef"),
        ({"type": "integer", "minimum": 5, "maximum": 3}, "No number"),
        ({"type": "string", "enum": [1]}, "No valid body"),
        ({"not": {}}, "No valid body"),
        ({"type": "string", "pattern": r"^\p{Lu}{9}x$"}, r"No string was found that matches ^\p{Lu}{9}x$."),
        ({"type": "string", "format": "uri", "maxLength": 3}, "No value of the format uri has the required"),
        ("a string", "neither an object nor a boolean"),
        (json.loads('{"items": ' * 200 + "{}" + "}" * 200), "nested too deeply"),
    ],
)
def test_a_response_that_cannot_be_covered_is_listed_with_its_reason(schema: Any, reason: str) -> None:
    assert reason in reason_for_no_mutants(json_response(schema), Self=SELF)


@pytest.mark.parametrize("inner", [{"$ref": "#/components/schemas/Self"}, {"$ref": "#/nowhere"}])
def test_each_response_that_uses_an_unreadable_schema_is_listed(inner: Any) -> None:
    shared = {"$ref": "#/components/schemas/Shared"}
    components = {"Shared": {"properties": {"inner": inner, "again": shared}}, "Self": SELF}
    responses = {"200": json_response(shared), "400": json_response(shared), "404": json_response({})}
    found = catalogue(openapi(answering(responses), schemas=components))
    assert [each.where for each in gaps(found)] == ["getThing 200", "getThing 400"]


def _write(text: str | bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (Path.exists, "Name a file that exists"),
        (Path.mkdir, "is a folder"),
        (_write(" "), "is empty"),
        (_write(b"\xff\xfe"), "is not UTF-8"),
        (_write("a: [1"), "line 2: did not find .* Correct the YAML"),
        (_write("&a [*a]"), "contains itself"),
        (_write("[" * 20_000), "nested too deeply"),
        (_write('{"openapi": "3.1.0", "x": "\\ud83d"}'), "half of a surrogate pair"),
        (_write("hello"), "not an OpenAPI document"),
        (_write("swagger: '2.0'"), "Convert it to OpenAPI 3.0"),
        (_write("openapi: 3.2.0"), "reads 3.0 and 3.1"),
        (_write("openapi: 3.1.0\npaths: {}"), "its `paths` is empty"),
        (_write("openapi: 3.1.0"), "it has no `paths`"),
        (_write('{"a": [1'), "Correct the JSON"),
        (_write("openapi: 3.1.0\npaths: {}\npaths: {}"), "line 3: the key 'paths' occurs twice"),
        (
            _write('{"a": {"b":\n"a"},\t"c": ["b"],\n"a" :1}'),
            "line 3: the key 'a' occurs twice. Correct the JSON",
        ),
        (_write("openapi: 3.1.0\npaths: {/a: {}}"), "has no operation"),
    ],
)
def test_a_document_that_cannot_be_read_is_explained_in_one_line(
    tmp_path: Path, make: Callable[[Path], object], message: str
) -> None:
    make(tmp_path / "openapi.yaml")
    with pytest.raises(KitError, match=message) as caught:
        Catalogue.load(tmp_path / "openapi.yaml")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("wrong", [None, 1, "x", [], {"a": 1}, {"$ref": 1}, {"$ref": "#/nowhere"}], ids=str)
@pytest.mark.parametrize(
    "steps",
    [
        ("paths", "/other"),
        ("paths", "/thing", "parameters"),
        ("paths", "/thing", "get", "operationId"),
        ("paths", "/thing", "get", "parameters"),
        ("paths", "/thing", "get", "requestBody"),
        ("paths", "/thing", "get", "responses", "404"),
        ("paths", "/thing", "get", "responses", "200", "headers"),
        ("paths", "/thing", "get", "responses", "200", "content", "application/json", "examples"),
        ("components", "schemas"),
    ],
    ids="/".join,
)
def test_a_part_of_the_wrong_type_does_not_affect_other_parts(steps: tuple[str, ...], wrong: Any) -> None:
    paths = answering({"200": json_response({"type": "integer"})}) | {
        "/good": {"get": {"operationId": "good", "responses": {"200": json_response({"type": "integer"})}}}
    }
    document: Any = openapi(paths)
    functools.reduce(lambda part, step: part[step], steps[:-1], document)[steps[-1]] = wrong
    assert "good" in {each.operation.id for each in catalogue(document).mutants()}


def test_yaml_is_read_with_json_types_only(tmp_path: Path) -> None:
    text = """
openapi: 3.0.3
paths:
  /thing:
    get:
      responses:
        200:
          content:
            application/json:
              schema: {enum: [18:00, 2026-11-19, yes, 1_0]}
"""
    (tmp_path / "openapi.yaml").write_text(text)
    found = mutants_of(Catalogue.load(tmp_path / "openapi.yaml"), "legal")
    assert [body(each) for each in found] == ["18:00", "2026-11-19", "yes", "1_0"]


def test_a_mapping_may_override_a_merged_key(tmp_path: Path) -> None:
    text = """
openapi: 3.0.3
x-inner: {deep: {deeper: &both {<<: &one {type: string}, type: integer}}}
x-outer: {<<: *both, type: boolean}
paths:
  /thing: {get: {responses: {200: {content: {application/json: {schema: *both}}}}}}
"""
    (tmp_path / "openapi.yaml").write_text(text)
    assert ("type", "") in broken(Catalogue.load(tmp_path / "openapi.yaml"))


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(a|a)*b"])
def test_a_pattern_that_backtracks_for_too_long_is_not_asserted(pattern: str) -> None:
    found = catalogue_of({"type": "string", "pattern": pattern})
    assert "pattern" not in {each.keyword for each in found.mutants()}
    assert "backtracks" in gaps(found)[0].reason


@pytest.mark.parametrize("pattern", [r"\S{1,8192}", r"^[^\ud800-\udfff]*$"])
def test_a_pattern_that_a_validator_cannot_compile_is_listed(pattern: str) -> None:
    found = catalogue_of({"type": "string", "pattern": pattern})
    assert [each.reason for each in gaps(found)] == [
        f"the pattern {pattern} is not asserted: a validator can't compile it"
    ]


def test_an_object_is_not_closed_if_a_pattern_of_its_properties_is_not_asserted() -> None:
    schema = {"type": "object", "patternProperties": {r"\S{1,8192}": {}}, "additionalProperties": False}
    found = catalogue_of(schema)
    assert "additionalProperties" not in {keyword for keyword, _ in broken(found)}
    assert "a validator can't compile it" in found.gaps()[0].reason


@pytest.mark.parametrize("pattern", [r"^[a-z]+(-[a-z]+)*$", r"^\d{3}$", "^(?:a|b)c?$", r"^[^\s@]+@[^\s@]+$"])
def test_an_ordinary_pattern_is_asserted(pattern: str) -> None:
    assert ("pattern", "") in broken(catalogue_of({"type": "string", "pattern": pattern}))


@pytest.mark.parametrize(
    ("servers", "paths"),
    [
        (
            [{"url": "https://api.example.com/v2/"}, {"url": "/v3"}, {"url": "http://a"}],
            ["/v2", "/v3"],
        ),
        ([1, {}, {"url": 7}], []),
        (None, []),
        (7, []),
    ],
)
def test_the_base_paths_come_from_the_servers_of_the_document(servers: Any, paths: list[str]) -> None:
    found = catalogue(of_schema({"type": "integer"}) | {"servers": servers})
    assert found.base_paths == paths
