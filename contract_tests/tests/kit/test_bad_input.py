"""A document that can't be used: each command prints one line, exits with 2, and writes no file."""

import json
from pathlib import Path
from typing import Any

import pytest

from .command import Run
from .documents import answering, json_response, of_schema, openapi

COMMANDS = {
    "mutants": "mutants bad.json",
    "serve": "serve bad.json",
    "prove": "prove bad.json --exec true --json new.json --junit new.xml --markdown new.md",
    "export": "export bad.json --to msw -o new",
    "diff, old": "diff bad.json orders.yaml",
    "diff, new": "diff orders.yaml bad.json",
}
SELF = {"$ref": "#/components/schemas/Self"}
UNUSABLE: dict[str, tuple[Any, str]] = {
    "another kind of document": ({"asyncapi": "3.0.0"}, "not an OpenAPI document"),
    "Swagger 2.0": ({"swagger": "2.0", "paths": {"/a": {}}}, "is Swagger 2.0"),
    "OpenAPI 3.2": (of_schema({}, "3.2.0"), "is OpenAPI 3.2.0"),
    "half of a version": (of_schema({}, "3.1"), "such as 3.0.3"),
}
NOTHING_LEFT: dict[str, tuple[Any, str]] = {
    "a path": (openapi({"/a": {"$ref": "#/paths/~1b"}}), "leads nowhere"),
    "a path to itself": (openapi({"/a": {"$ref": "#/paths/~1a"}}), "circular"),
    "a response": (openapi(answering({"200": {"$ref": "#/components/responses/No"}})), "leads nowhere"),
    "a schema": (of_schema({"$ref": "#/components/schemas/No"}), "leads nowhere"),
    "a schema to itself": (of_schema(SELF, Self=SELF), "endlessly"),
    "a file": (of_schema({"$ref": "other.json"}), "other.json"),
}


def refused(kit: Run, command: str) -> str:
    """Run a command that can't use its document; return the line that it prints."""
    before = sorted(Path().iterdir())
    ended = kit(*command.split())
    [line] = ended.err.splitlines()
    assert (ended.code, ended.out, sorted(Path().iterdir())) == (2, "", before)
    return line


@pytest.mark.parametrize(("document", "datum"), UNUSABLE.values(), ids=UNUSABLE)
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_document_that_the_kit_cannot_use_is_refused(
    kit: Run, command: str, document: Any, datum: str
) -> None:
    Path("bad.json").write_text(json.dumps(document))
    assert datum in refused(kit, command)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_file_of_over_100_mb_is_refused(kit: Run, command: str) -> None:
    with Path("bad.json").open("wb") as file:
        file.truncate(100_000_001)
    assert "100 MB" in refused(kit, command)


@pytest.mark.parametrize(("document", "datum"), NOTHING_LEFT.values(), ids=NOTHING_LEFT)
@pytest.mark.parametrize("command", [COMMANDS[name] for name in ("mutants", "serve", "prove")])
def test_a_document_is_refused_if_bad_references_make_all_responses_unusable(
    kit: Run, command: str, document: Any, datum: str
) -> None:
    Path("bad.json").write_text(json.dumps(document))
    assert datum in refused(kit, command)


@pytest.mark.parametrize("name", ["a schema", "a schema to itself"])
def test_two_documents_are_refused_if_they_have_no_parts_to_compare(kit: Run, name: str) -> None:
    document, datum = NOTHING_LEFT[name]
    Path("bad.json").write_text(json.dumps(document))
    Path("worse.json").write_text(json.dumps(document))
    assert datum in refused(kit, "diff bad.json worse.json")


@pytest.mark.parametrize("reference", ["#/components/schemas/No", "#/components/schemas/Self"])
def test_a_reference_to_a_missing_schema_affects_no_other_response(kit: Run, reference: str) -> None:
    responses = {"200": json_response({"type": "string"}), "404": json_response({"$ref": reference})}
    for name in ("bad.json", "worse.json"):
        Path(name).write_text(json.dumps(openapi(answering(responses), schemas={"Self": SELF})))
        responses["200"] = json_response({"type": ["string", "null"]})
    assert "getThing 404: The " in kit("mutants", "bad.json").out
    changed = kit("diff", "bad.json", "worse.json")
    assert "became-nullable" in changed.out
    assert "404" in changed.out.partition("Not covered")[2]


def test_reports_are_written_together_or_not_at_all(kit: Run) -> None:
    Path("m.json").write_text("earlier")
    reports = ("--json", "m.json", "--markdown", "m.md", "--junit", "/dev/full")
    before = sorted(Path().iterdir())
    ended = kit("prove", "orders.yaml", "--exec", "true", "--sample", "1", *reports)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert sorted(Path().iterdir()) == before
    assert Path("m.json").read_text() == "earlier"
