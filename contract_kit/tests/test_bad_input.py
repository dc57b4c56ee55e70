"""If a document can't be used, each command prints one line, exits with 2, and writes no file."""

import json
from pathlib import Path
from typing import Any

import pytest

from .command import Run
from .documents import answering, json_response, of_schema, openapi

COMMANDS = {
    "mutants": "mutants bad.json",
    "serve": "serve bad.json",
    "test": "test bad.json --exec true --json new.json --junit new.xml --markdown new.md",
    "export": "export bad.json --to msw -o new",
    "diff, old": "diff bad.json orders.yaml",
    "diff, new": "diff orders.yaml bad.json",
}
SELF = {"$ref": "#/components/schemas/Self"}
NOTHING_LEFT: dict[str, tuple[Any, str]] = {
    "a path": (openapi({"/a": {"$ref": "#/paths/~1b"}}), "can't be resolved"),
    "a path to itself": (openapi({"/a": {"$ref": "#/paths/~1a"}}), "circular"),
    "a response": (openapi(answering({"200": {"$ref": "#/components/responses/No"}})), "can't be resolved"),
    "a schema": (of_schema({"$ref": "#/components/schemas/No"}), "can't be resolved"),
    "a schema to itself": (of_schema(SELF, Self=SELF), "infinitely"),
    "a file": (of_schema({"$ref": "other.json"}), "other.json"),
}


def refused(kit: Run, command: str) -> str:
    """Run a command whose document can't be used. Return the line that the command prints."""
    before = sorted(Path().iterdir())
    ended = kit(*command.split())
    [line] = ended.err.splitlines()
    assert (ended.code, ended.out, sorted(Path().iterdir())) == (2, "", before)
    return line


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_file_larger_than_100_mb_is_refused(kit: Run, command: str) -> None:
    with Path("bad.json").open("wb") as file:
        file.truncate(100_000_001)
    assert "100 MB" in refused(kit, command)


@pytest.mark.parametrize(("document", "datum"), NOTHING_LEFT.values(), ids=NOTHING_LEFT)
def test_a_document_without_testable_parts_still_gets_every_report(
    kit: Run, document: Any, datum: str
) -> None:
    Path("bad.json").write_text(json.dumps(document))
    ended = kit(*COMMANDS["test"].split())
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert all(datum in each for each in (ended.out, ended.err))
    written = [Path(f"new.{each}").read_text().replace("\\", "") for each in ("json", "xml", "md")]
    assert all(datum in each for each in written)


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
    assert "404" in changed.out


def test_reports_are_written_together_or_not_at_all(kit: Run) -> None:
    Path("m.json").write_text("earlier")
    reports = ("--json", "m.json", "--markdown", "m.md", "--junit", "/dev/full")
    before = sorted(Path().iterdir())
    ended = kit("test", "orders.yaml", "--exec", "true", "--sample", "1", *reports)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert sorted(Path().iterdir()) == before
    assert Path("m.json").read_text() == "earlier"


DEEP = json.loads("[" * 300 + "]" * 300)
HUGE = 10**400
HOSTILE: dict[str, Any] = {
    **{
        f"{keyword} {bound:.0e}": of_schema({"type": kind, keyword: bound, "contains": {"type": "string"}})
        for bound in (1e308, 1e-320, -1e308)
        for keyword, kind in (
            *((each, "number") for each in ("minimum", "maximum", "exclusiveMaximum", "multipleOf")),
            *(("minLength", "string"), ("maxLength", "string"), ("minItems", "array"), ("maxItems", "array")),
            *(("minContains", "array"), ("maxContains", "array"), ("minProperties", "object")),
        )
    },
    **{
        f"{keyword} of 400 digits": of_schema({"type": "number", keyword: HUGE})
        for keyword in ("minimum", "maximum", "multipleOf", "const", "example")
    },
    "values of 300 levels": of_schema({"enum": [DEEP], "const": DEEP, "examples": [DEEP]}),
    "an example of 300 levels": openapi(answering({"200": json_response({"items": {}}, example=DEEP)})),
    "a reference with a bad host": of_schema({"properties": {"a": {"$ref": "http://["}}}),
    "servers and security": openapi(answering({"200": json_response({})}, servers=True, security=1)),
    "a scope": openapi(answering({"200": json_response({})}, security=[{"key": 1}, {"key": [1, "a"]}])),
    "a schema that applies itself": of_schema(SELF, Self={"dependentSchemas": {"a": SELF}}),
}
"""Documents with values that no sensible document contains."""
IN_YAML = {
    "an exponent": "{type: number, multipleOf: 1e400}",
    "not a number": "{type: number, minimum: !!float .nan}",
    "a million digits": f"{{minimum: 1{'0' * 1_000_000}}}",
    "keys that are not strings": "{properties: {1: {}, null: {}, [a]: {}, {a: b}: {}}}",
    "a circular anchor": "&a {properties: {x: *a}}",
    "3,000 levels": "{a: " * 3000 + "1" + "}" * 3000,
    "a tag": "!!python/object:os.system x",
    "a boolean that is none": "!!bool maybe",
    "an integer that is none": "!!int ''",
    "a time that is none": "!!timestamp 2020",
    "half of a surrogate pair": '{enum: ["\\ud800"]}',
    "a NUL": '{enum: ["\\0"], properties: {"\\0": {}}, required: ["\\0"]}',
}


def check_ending(kit: Run, *arguments: str) -> None:
    """Assert that a command either uses the document, or prints one line and exits with 2."""
    ended = kit(*arguments)
    assert "Unexpected" not in ended.err
    assert (ended.code, ended.err.count("\n")) in ((0, 0), (1, 0), (2, 1))


@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE)
def test_a_document_with_absurd_values_yields_mutants_or_a_one_line_error(kit: Run, document: Any) -> None:
    Path("bad.json").write_text(json.dumps(document))
    for command in ("mutants bad.json", "diff bad.json orders.yaml", "diff orders.yaml bad.json"):
        check_ending(kit, *command.split())
    Path("other.json").write_text(json.dumps(of_schema({"type": ["number", "string", "array"]})))
    check_ending(kit, "diff", "bad.json", "other.json")


@pytest.mark.parametrize("schema", IN_YAML.values(), ids=IN_YAML)
def test_a_document_with_absurd_yaml_yields_mutants_or_a_one_line_error(kit: Run, schema: str) -> None:
    content = "{application/json: {schema: SCHEMA}}"
    text = json.dumps(openapi(answering({"200": {"description": "", "content": "CONTENT"}})))
    Path("bad.yaml").write_text(text.replace('"CONTENT"', content).replace("SCHEMA", schema))
    check_ending(kit, "mutants", "bad.yaml")


def test_an_operation_id_with_a_nul_character_is_refused_only_for_a_command(kit: Run) -> None:
    document = openapi(answering({"200": json_response({})}, operationId="a\0b"))
    Path("nul.json").write_text(json.dumps(document))
    line = refused(kit, "test nul.json --exec true")
    assert "a\\x00b" in line
    Path("any.py").write_text(
        "import urllib.request\ndef call(url, *_): urllib.request.urlopen(url + '/thing')"
    )
    assert kit("test", "nul.json", "--client", "any:call").code == 1


@pytest.mark.parametrize("error", [ZeroDivisionError, RecursionError, BaseException])
@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("mutants orders.yaml", "contract_kit.cli.mutants.list_mutants"),
        ("serve orders.yaml", "contract_kit.cli.serve.serve"),
        ("test orders.yaml --exec true", "contract_kit.cli.test.run_test"),
        ("export orders.yaml --to msw -o new", "contract_kit.cli.export.export"),
        ("diff orders.yaml client.py", "contract_kit.cli.diff.show_diff"),
        ("shim node", "contract_kit.serve.shims.Shim.path"),
    ],
)
def test_an_unexpected_error_prints_one_line_and_exits_with_2_unless_debug_is_set(
    kit: Run, monkeypatch: pytest.MonkeyPatch, command: str, name: str, error: type[BaseException]
) -> None:
    """A panic in jsonschema-rs isn't an `Exception`."""

    def fail(*_: object, **__: object) -> None:
        raise error("##[x]")

    monkeypatch.setattr(name, property(fail) if name.endswith("path") else fail)
    ended = [kit(*command.split(), *options) for options in ((), ("--debug",))]
    assert [each.code for each in ended] == [2, 2]
    assert [(each.err.count("\n") == 1, "Traceback" in each.err) for each in ended] == [
        (True, False),
        (False, True),
    ]
    assert error.__name__ in ended[0].err
    assert all("##[" not in each.err for each in ended)
