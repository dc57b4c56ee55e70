"""The league's public documents: how they are sampled and reduced."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.corpus.documents import Document
from benchmarks.league.choosing import Stratum, draw, load_chosen
from benchmarks.league.cutting import cut, qualifying


def _operation(schema: str, **fields: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": schema}}}
    response = {"description": "", "content": content, "links": {"next": {"operationId": "b"}}}
    return {"responses": {"200": response}} | fields


DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://api.example.com"}],
    "security": [{"key": []}],
    "paths": {
        "/a": {"servers": [], "parameters": [], "get": _operation("#/components/schemas/A", callbacks={})},
        "/b": {"get": _operation("#/components/schemas/B", security=[], servers=[])},
        "/outside": {"get": _operation("#/components/schemas/Outside")},
        "/body": {"post": _operation("#/components/schemas/A", requestBody={})},
        "/text": {"get": {"responses": {"200": {"content": {"text/plain": {"schema": {}}}}}}},
    },
    "components": {
        "schemas": {
            "A": {"discriminator": {"propertyName": "kind", "mapping": {"c": "C"}}},
            "B": {"properties": {"links": {"type": "string"}, "self": {"$ref": "#/components/schemas/B"}}},
            "C": {"type": "object"},
            "Outside": {"$ref": "#/paths/~1a"},
            "Unused": {},
        }
    },
}


def test_a_trimmed_document_keeps_only_qualifying_operations_and_their_schemas() -> None:
    assert qualifying(DOCUMENT) == [("/a", "get"), ("/b", "get")]
    found = cut(DOCUMENT, 10, "seed")
    assert [item["get"]["operationId"] for item in found["paths"].values()] == ["operation1", "operation2"]
    assert list(found["components"]["schemas"]) == ["A", "B", "C"]


def test_the_keywords_servers_and_security_are_removed_from_a_trimmed_document() -> None:
    found = cut(DOCUMENT, 10, "seed")
    responses = [item["get"]["responses"]["200"] for item in found["paths"].values()]
    parts = [found, *found["paths"].values(), *(item["get"] for item in found["paths"].values()), *responses]
    assert not {"servers", "security", "callbacks", "links"} & {key for part in parts for key in part}
    assert "links" in found["components"]["schemas"]["B"]["properties"]


def test_the_seed_determines_which_operations_a_trimmed_document_keeps() -> None:
    drawn = {seed: list(cut(DOCUMENT, 1, str(seed))["paths"]) for seed in range(20)}
    assert {path for paths in drawn.values() for path in paths} == {"/a", "/b"}
    assert drawn == {seed: list(cut(DOCUMENT, 1, str(seed))["paths"]) for seed in range(20)}


def test_each_draw_picks_at_most_one_document_per_provider() -> None:
    def group(*names: str) -> list[Document]:
        return [Document(name, Path(name)) for name in names]

    few, many = Stratum("3.1", "small", True), Stratum("3.0", "small", True)
    groups = {many: group("a/1", "b/1", "github.com/1"), few: group("a/2", "a/3")}
    for seed in range(20):
        drawn = draw(groups, seed, "github.com")
        assert drawn[few].provider == "a"
        assert drawn[many].name == "b/1"
        assert drawn == draw(groups, seed, "github.com")


def test_the_twelve_chosen_documents_come_from_twelve_providers() -> None:
    chosen = load_chosen()
    assert len({each.name for each in chosen}) == len(chosen) == 12
