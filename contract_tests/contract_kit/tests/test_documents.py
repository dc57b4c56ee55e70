"""Mutants for documents that contain references, unions, patterns or broken parts."""

import copy
import functools
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import LEGAL
from contract_kit.errors import KitError

from .documents import (
    REFERENCES,
    answering,
    body,
    broken,
    catalogue,
    catalogue_of,
    gaps,
    json_response,
    of_schema,
    openapi,
    pets,
    reason_for_no_mutants,
)

ROOT = Path(__file__).parents[3]
SELF = {"allOf": [{"$ref": "#/components/schemas/Self"}]}
"""A schema that only refers to itself."""
TREE = {"$ref": "#/components/schemas/Tree"}
BRANCHES = {"properties": {"name": {"type": "string"}, "below": {"type": "array", "items": TREE}}}


def _tree(below: dict[str, Any]) -> dict[str, Any]:
    """Return a tree's schema, in which `below` has a discriminator that refers to the tree again."""
    discriminator = {"propertyName": "name", "mapping": {"tree": "#/components/schemas/Tree"}}
    properties = {"name": {"type": "string"}, "below": below | {"discriminator": discriminator}}
    return {"type": "object", "required": ["name"], "properties": properties}


UNION = {"oneOf": REFERENCES, "discriminator": {"propertyName": "kind"}}
SHORT = {"type": "string", "minLength": 2}
SCHEMAS: dict[str, tuple[Any, dict[str, Any], set[tuple[str, str]]]] = {
    "a schema that contains itself, to its second level": (
        TREE,
        {"Tree": BRANCHES},
        {("type", "/below/0/name")},
    ),
    "an anchor": ({"$ref": "#name"}, {"Name": SHORT | {"$anchor": "name"}}, {("minLength", "")}),
    "a name with a slash and tildes": (
        {"$ref": "#/components/schemas/a~1b~01c"},
        {"a/b~1c": SHORT},
        {("minLength", "")},
    ),
    "a discriminator of schemas that contain it, as a union": (
        TREE,
        {"Tree": _tree({"oneOf": [TREE]})},
        {("type", "/below/name")},
    ),
    "a discriminator of schemas that contain it, as a parent": (
        TREE,
        {"Tree": _tree({"type": "object"})},
        {("type", "/below")},
    ),
    "keywords that are false": ({"not": False, "if": False, "else": SHORT}, {}, {("minLength", "")}),
    "a condition without then": ({"if": {}} | SHORT | {"examples": ["abc"]}, {}, {("minLength", "")}),
    "multipleOf beside a boolean": ({"type": "boolean", "multipleOf": 2}, {}, {("type", "")}),
    "a discriminator whose names match no value of the schemas": (
        UNION,
        pets(),
        {("type", "/lives"), ("type", "/tricks"), ("required", "")},
    ),
}


@pytest.mark.parametrize(("schema", "schemas", "expected"), SCHEMAS.values(), ids=SCHEMAS)
def test_each_part_of_a_schema_has_a_mutant_that_breaks_it(
    schema: Any, schemas: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert expected <= broken(catalogue_of(schema, **schemas))


@pytest.mark.parametrize("pattern", ["^[a-z]+(-[a-z]+)*$", r"^\d{3}$", r"^[^\s@]+@[^\s@]+$"])
def test_mutants_break_a_pattern_that_the_validators_can_check(pattern: str) -> None:
    assert ("pattern", "") in broken(catalogue_of({"type": "string", "pattern": pattern}))


def test_a_reference_may_lead_into_another_file_and_back(tmp_path: Path) -> None:
    document = of_schema({"$ref": "./shapes.json#/$defs/Box"}, Name={"type": "string", "minLength": 2})
    box = {"type": "object", "properties": {"name": {"$ref": "openapi.json#/components/schemas/Name"}}}
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "shapes.json").write_text(json.dumps({"$defs": {"Box": box}}))
    found = Catalogue.load(tmp_path / "openapi.json")
    locations = {each.schema_location for each in found.mutants() if each.keyword}
    assert {"shapes.json#/$defs/Box/type", "/components/schemas/Name/minLength"} <= locations


WRITTEN_OTHERWISE = {
    "properties": {
        "forbidden": False,
        "null": {"type": "string", "enum": ["one"], "nullable": True},
        "null_reference": {"allOf": [{"$ref": "#/components/schemas/Count"}], "nullable": True},
        "a/b~c": {"type": "integer", "minimum": 1, "exclusiveMinimum": True},
    },
    "type": "object",
}
"""A schema in which normalization rewrites keywords."""
OWN = {
    str(path.relative_to(ROOT)): path
    for path in (*ROOT.glob("examples/*/openapi.yaml"), ROOT / "openapi.yaml")
}


@pytest.mark.parametrize("name", [*OWN, "written otherwise"])
def test_every_schema_location_exists_in_the_document(name: str) -> None:
    written = of_schema(WRITTEN_OTHERWISE, "3.0.3", Count={"type": "integer", "format": "int32"})
    found, document = (
        (Catalogue.load(OWN[name]), yaml.safe_load(OWN[name].read_bytes()))
        if name in OWN
        else (catalogue(written), written)
    )
    locations = {each.schema_location for each in found.mutants() if each.keyword}
    assert locations
    assert [each for each in sorted(locations) if not _exists(document, each)] == []


def _exists(document: Any, location: str) -> bool:
    for step in location.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(key) if isinstance(document, list) else key]
        except (LookupError, TypeError):
            return False
    return location.startswith("/")


def test_an_entire_path_and_a_response_may_be_references() -> None:
    path = {"get": {"operationId": "getThing", "responses": {"200": {"$ref": "#/components/responses/Ok"}}}}
    document = openapi(
        {"/thing": {"$ref": "#/components/pathItems/Thing"}},
        responses={"Ok": json_response({"type": "integer"})},
        pathItems={"Thing": path},
    )
    assert ("type", "") in broken(catalogue(document))


@pytest.mark.parametrize(
    ("schema", "datum"),
    [
        ({"$ref": "#/components/schemas/Missing"}, "#/components/schemas/Missing"),
        ({"$ref": "https://example.com/schema.json"}, "never fetched"),
        ({"$ref": "#/components/schemas/Self"}, "itself"),
        ({"$dynamicRef": "#node"}, "$dynamicRef"),
        ({"type": "integer", "minimum": 5, "maximum": 3}, "No number"),
        ({"not": {}}, "No valid body"),
        ({"type": "string", "pattern": r"^\p{Lu}{9}x$"}, r"^\p{Lu}{9}x$"),
        ("a string", "boolean"),
        (json.loads('{"items": ' * 200 + "{}" + "}" * 200), "deep"),
    ],
)
def test_a_response_whose_schema_yields_no_mutants_is_listed_with_the_reason(schema: Any, datum: str) -> None:
    assert datum in reason_for_no_mutants(json_response(schema), Self=SELF)


def test_each_response_that_uses_an_unreadable_schema_is_listed() -> None:
    shared = {"$ref": "#/components/schemas/Shared"}
    components = {"Shared": {"properties": {"inner": {"$ref": "#/nowhere"}, "again": shared}}}
    responses = {"200": json_response(shared), "400": json_response(shared), "404": json_response({})}
    found = catalogue(openapi(answering(responses), schemas=components))
    assert [each.where for each in gaps(found)] == ["getThing 200", "getThing 400"]


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        (b"\xff\xfe", "UTF-8"),
        ("a: [1", "line 2"),
        ("&a [*a]", "itself"),
        ("[" * 20_000, "deep"),
        ('{"openapi": "3.1.0", "x": "\\ud83d"}', "surrogate"),
        ("openapi: 3.1.0\npaths: {}", "`paths`"),
        ('{"openapi": "3.1.0", "x": [1.5, 1e400]}', "1e400, which is not finite"),
        ('{"openapi": "3.1.0", "x": -Infinity}', "-Infinity, which is not finite"),
        ("openapi: 3.1.0\nx: 1e400", "not finite"),
        ("openapi: 3.1.0\npaths: {}\npaths: {}", "line 3: duplicate key 'paths'"),
        ('{"a": {"b":\n"a"},\t"c": ["b"],\n"a" :1}', "line 3: duplicate key 'a'"),
    ],
)
def test_an_unreadable_document_is_explained_in_one_line(
    tmp_path: Path, text: str | bytes, datum: str
) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(KitError) as caught:
        Catalogue.load(file)
    assert datum in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("wrong", [None, 1, "x", [], {"a": 1}, {"$ref": 1}, {"$ref": "#/nowhere"}], ids=str)
@pytest.mark.parametrize(
    "place",
    [
        "paths /other",
        "paths /thing get parameters",
        "paths /thing get requestBody",
        "paths /thing get responses 404",
        "paths /thing get responses 200 headers",
        "paths /thing get responses 200 content application/json examples",
        "components schemas",
    ],
)
def test_an_invalid_part_of_a_document_does_not_affect_other_parts(place: str, wrong: Any) -> None:
    responses = {"200": json_response({"type": "integer"})}
    good = {"/good": {"get": {"operationId": "good", "responses": responses}}}
    document: Any = copy.deepcopy(openapi(answering(responses) | good))
    *steps, last = place.split()
    functools.reduce(lambda part, step: part[step], steps, document)[last] = wrong
    assert "good" in {each.operation.id for each in catalogue(document).mutants()}


def _yaml(folder: Path, schema: str, more: str = "") -> Catalogue:
    """Return the mutants for a YAML document whose only response has this schema."""
    content = f"{{application/json: {{schema: {schema}}}}}"
    paths = f"{{/thing: {{get: {{responses: {{200: {{content: {content}}}}}}}}}}}"
    (folder / "openapi.yaml").write_text(f"openapi: 3.0.3\n{more}\npaths: {paths}\n")
    return Catalogue.load(folder / "openapi.yaml")


def test_yaml_dates_and_times_and_the_word_yes_are_read_as_strings(tmp_path: Path) -> None:
    found = list(_yaml(tmp_path, "{enum: [18:00, 2026-11-19, yes, 1_0]}").mutants())
    assert {body(each) for each in found if each.group == LEGAL} == {"18:00", "2026-11-19", "yes", "1_0"}


def test_a_yaml_mapping_may_override_a_merged_key(tmp_path: Path) -> None:
    inner = "x-inner: {deep: {deeper: &both {<<: &one {type: string}, type: integer}}}"
    found = _yaml(tmp_path, "*both", f"{inner}\nx-outer: {{<<: *both, type: boolean}}")
    assert b"true" in {each.response.body for each in found.mutants() if each.keyword == "type"}


@pytest.mark.parametrize(
    ("pattern", "datum"),
    [
        ("^(a+)+$", "backtracks"),
        ("^x(a|a)*y$", "backtracks"),
        (r"\S{1,8192}", "compile"),
        (r"^[^\ud800-\udfff]*$", "compile"),
    ],
)
def test_no_mutant_breaks_a_pattern_that_a_validator_cannot_check(pattern: str, datum: str) -> None:
    found = catalogue_of({"type": "string", "pattern": pattern})
    assert "pattern" not in {keyword for keyword, _ in broken(found)}
    [gap] = gaps(found)
    assert pattern in gap.reason
    assert datum in gap.reason


@pytest.mark.parametrize(
    "nothing",
    [
        False,
        {"type": "string", "minLength": 3, "maxLength": 2},
        {"type": ["integer", "number"], "minimum": 3, "maximum": 2},
        {"type": "string", "enum": [1, None]},
    ],
    ids=str,
)
def test_a_property_is_listed_as_skipped_if_no_value_is_valid(nothing: Any) -> None:
    properties = {"a": nothing, "b": {"type": ["string", "null"], "minLength": 3, "maxLength": 2}}
    found = catalogue_of({"type": "object", "properties": properties | {"c": {"type": "string"}}})
    assert ("type", "/c") in broken(found)
    assert [each.where.rpartition("/")[2] for each in found.gaps() if "no value" in each.reason] == ["a"]


def test_no_mutant_adds_an_unknown_property_if_a_property_pattern_cannot_be_checked() -> None:
    schema = {"type": "object", "patternProperties": {r"\S{1,8192}": {}}, "additionalProperties": False}
    found = catalogue_of(schema)
    assert "additionalProperties" not in {keyword for keyword, _ in broken(found)}
    assert len(found.gaps()) == 1


def test_the_base_paths_come_from_the_documents_servers() -> None:
    servers = [{"url": "https://api.example.com/v2/"}, {"url": "/v3"}, {"url": "http://a"}, 1, {}, {"url": 7}]
    assert catalogue(of_schema({}) | {"servers": servers}).base_paths == ["/v2", "/v3"]
