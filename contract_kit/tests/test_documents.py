"""Documents are read restricted to JSON, and a broken part doesn't affect the others."""

import copy
import functools
import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import LEGAL
from contract_kit.errors import UncoverableError
from contract_kit.read import patterns

from .documents import answering, body, catalogue, gaps, json_response, of_schema, openapi
from .tables import table

ROOT = Path(__file__).parents[2]
OWN = {
    str(path.relative_to(ROOT)): path
    for path in (*ROOT.glob("examples/*/openapi.yaml"), ROOT / "openapi.yaml")
}
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


@table("name", [*OWN, "written otherwise"])
def test_every_schema_location_exists_in_the_document(name: str) -> None:
    written = of_schema(WRITTEN_OTHERWISE, "3.0.3", Count={"type": "integer", "format": "int32"})
    document: Any = yaml.safe_load(OWN[name].read_bytes()) if name in OWN else written
    found = (each for each in catalogue(document).mutants() if each.keyword)
    locations = {each.schema_location for each in itertools.islice(found, 2_000)}
    assert locations
    assert [each for each in sorted(locations) if not exists(document, each)] == []


def exists(document: Any, location: str) -> bool:
    for step in location.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(key) if isinstance(document, list) else key]
        except (LookupError, TypeError):
            return False
    return location.startswith("/")


def test_a_chain_of_references_that_is_too_long_is_listed_with_the_reason() -> None:
    chain = {f"A{at}": {"$ref": f"#/components/schemas/A{at + 1}"} for at in range(2_000)} | {"A2000": {}}
    responses = {"200": json_response({"$ref": "#/components/schemas/A0"}), "404": json_response({})}
    [gap] = gaps(catalogue(openapi(answering(responses), schemas=chain)))
    assert "too many references" in gap.reason


PLACES = (
    "paths /other",
    "paths /thing get parameters",
    "paths /thing get requestBody",
    "paths /thing get responses 404",
    "paths /thing get responses 200 headers",
    "paths /thing get responses 200 content application/json examples",
    "components schemas",
)


@table(
    "place, wrong",
    list(itertools.product(PLACES, (None, 1, "x", [], {"a": 1}, {"$ref": 1}, {"$ref": "#/nowhere"}))),
)
def test_an_invalid_part_of_a_document_does_not_affect_other_parts(place: str, wrong: Any) -> None:
    responses = {"200": json_response({"type": "integer"})}
    good = {"/good": {"get": {"operationId": "good", "responses": responses}}}
    document: Any = copy.deepcopy(openapi(answering(responses) | good))
    *steps, last = place.split()
    functools.reduce(lambda part, step: part[step], steps, document)[last] = wrong
    assert "good" in {each.id for each in catalogue(document).operations}


@table(
    "schema, more, sent",
    [
        ("{enum: [18:00, 2026-11-19, yes, 1_0]}", "", {"18:00", "2026-11-19", "yes", "1_0"}),
        (
            "*both",
            "x-inner: {deep: {deeper: &both {<<: &one {type: string}, enum: [5, 6]}}}\n"
            "x-outer: {<<: *both, type: boolean}",
            set(),
        ),
        ("{<<: {enum: [a]}, enum: [5, 6]}", "", {5, 6}),
    ],
)
def test_yaml_is_read_as_json_types_and_merged_keys_may_be_overridden(
    tmp_path: Path, schema: str, more: str, sent: set[Any]
) -> None:
    content = f"{{application/json: {{schema: {schema}}}}}"
    paths = f"{{/thing: {{get: {{responses: {{200: {{content: {content}}}, 404: {{}}}}}}}}}}"
    (tmp_path / "openapi.yaml").write_text(f"openapi: 3.0.3\n{more}\npaths: {paths}\n")
    found = list(Catalogue.load(tmp_path / "openapi.yaml").mutants())
    assert {
        body(each) for each in found if each.group == LEGAL and each.response.body and not each.base
    } >= sent


@table("pattern", ["a{100000000}", "((a{1000}){1000}){1000}"])
def test_no_string_is_built_for_a_pattern_that_requires_millions_of_characters(
    pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = list[int]()
    monkeypatch.setattr(patterns, "distrust", lambda _: "")
    monkeypatch.setattr(patterns, "matches", lambda _, text: tried.append(len(text)))
    with pytest.raises(UncoverableError):
        patterns.example(pattern)
    assert 0 < max(tried) <= 200_000
