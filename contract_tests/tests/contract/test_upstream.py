"""`make upstream` lists changes to upstream's document; `make upstream-accept` commits a new version."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
from contract_kit.tests.tables import table
from upstream import __main__ as upstream

from .conftest import git

ROOT = Path(__file__).parents[3]
ACCEPTED: dict[str, Any] = json.loads(upstream.ACCEPTED.read_text())
RESULTS = "/v1/retrieve-simulation-results/{simulation_run_id}"
RESULT = "/v1/retrieve-simulation-result/{test_result_id}"
QUEUE = "/v1/queue-simulation-run"
PARAMETERS = ("paths", RESULTS, "get", "parameters")
SCHEMAS = ("components", "schemas")
EVENT = (*SCHEMAS, "Event", "properties")
VALUES = (*SCHEMAS, "SimulationRunStatus", "enum")
RUN_STATUSES = ACCEPTED["components"]["schemas"]["SimulationRunStatus"]["enum"]
CURSOR = {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}}
REMOVED = object()


class Ended(NamedTuple):
    """The command's exit code, the changed facts that it lists, its error message, and its entire output."""

    code: int
    listed: list[str]
    error: str
    out: str


Run: TypeAlias = Callable[[str, object], Ended]


@pytest.fixture
def run(repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command on a document, which is an object to write as JSON or the text of the file."""

    def give(action: str, document: object) -> Ended:
        file = repository / "published.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document))
        monkeypatch.setattr(sys, "argv", ["upstream", action, str(file)])
        code = upstream.main()
        out, error = capsys.readouterr()
        facts = out.partition("\nChanged facts (")[2]
        return Ended(code, re.findall(r"^  (.*?)(?: = | from )", facts, re.MULTILINE), error, out)

    return give


def changed(path: tuple[str, ...] = (), value: Any = REMOVED) -> dict[str, Any]:
    """Return upstream's document with the value at a path replaced."""
    document = published()
    part: Any = document
    for step in path[:-1]:
        part = part[step]
    if value is not REMOVED:
        part[path[-1]] = value
    elif path:
        del part[path[-1]]
    return document


def published() -> dict[str, Any]:
    """Return a document as upstream publishes it: the accepted facts, and other parts, which we ignore."""
    document = copy.deepcopy(ACCEPTED)
    document["info"] = {"title": "Bluejay", "version": "2.7.1", "contact": {"email": "api@example.com"}}
    document["servers"] = [{"url": "https://api.example.com"}]
    document["paths"]["/v1/agents"] = {"get": {"responses": {"200": {"description": "The agents"}}}}
    document["components"]["schemas"]["Agent"] = {"type": "object"}
    for number, item in enumerate(document["paths"].values()):
        for operation in item.values():
            operation |= {"operationId": f"operation_{number}", "summary": "A summary", "tags": ["runs"]}
            operation |= {"security": [{"HTTPBearer": []}], "x-hidden": True}
    results = document["paths"][RESULTS]["get"]
    prose = {"required": False, "description": "Prose"}
    results["parameters"] = [prose | each for each in reversed(results["parameters"])]
    for name, schema in document["components"]["schemas"].items():
        schema |= {"title": name, "description": "Prose", "examples": [{}]}
    event = document["components"]["schemas"]["Event"]
    event["properties"]["description"] = {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Text"}
    event["required"].reverse()
    return document


PUBLISHED = published()["paths"][RESULTS]["get"]["parameters"]
CHANGES: dict[str, tuple[tuple[str, ...], Any, list[str]]] = {
    "operation ids, prose and order": ((), REMOVED, []),
    "the order of an enum": (VALUES, list(reversed(RUN_STATUSES)), []),
    "a new field": ((*EVENT, "new"), {"type": "string"}, ["added: schemas > Event > properties > new"]),
    "a removed field": ((*EVENT, "tags"), REMOVED, ["removed: schemas > Event > properties > tags"]),
    "the end of a deprecation": (
        (*SCHEMAS, "QueueSimulationRunRequest", "properties", "prompt_id", "deprecated"),
        REMOVED,
        ["removed: schemas > QueueSimulationRunRequest > properties > prompt_id > deprecated"],
    ),
    "a new component": (
        (*EVENT, "title"),
        {"$ref": "#/components/schemas/Agent"},
        [
            "added: schemas > Agent",
            "added: schemas > Event > properties > title > $ref",
            "removed: schemas > Event > properties > title > type",
        ],
    ),
    "parameters": (
        PARAMETERS,
        [each for each in PUBLISHED if each["name"] != "offset"] + [CURSOR],
        [
            f"added: GET {RESULTS} > parameters > query cursor",
            f"removed: GET {RESULTS} > parameters > query offset",
        ],
    ),
    "a removed operation": (
        ("paths", QUEUE),
        REMOVED,
        [
            f"removed: POST {QUEUE}",
            "removed: schemas > QueueSimulationRunRequest",
            "removed: schemas > SimulationRunResponse",
        ],
    ),
}


@table("path, value, listed", CHANGES.values())
def test_a_change_of_notation_is_not_listed_if_no_fact_has_changed(
    run: Run, path: tuple[str, ...], value: Any, listed: list[str]
) -> None:
    assert run("check", changed(path, value))[:3] == (bool(listed), listed, "")


def test_the_changes_that_break_clients_are_listed_first(run: Run) -> None:
    out = run("check", changed(("paths", QUEUE))).out
    assert out.index("api-path-removed-without-deprecation") < out.index("Changed facts")


def test_the_accept_command_commits_only_facts_about_our_operations(run: Run, repository: Path) -> None:
    (repository / "staged.txt").write_text("Not part of the commit")
    git(repository, "add", "staged.txt")
    assert run("accept", changed(PARAMETERS, [*PUBLISHED, CURSOR])).code == 0
    assert git(repository, "show", "--format=", "--name-only") == "accepted.json\n"
    assert f"GET {RESULTS} > parameters > query cursor" in git(repository, "log", "-1", "--format=%b")
    expected = copy.deepcopy(ACCEPTED)
    added = {key: value for key, value in CURSOR.items() if key != "required"}
    expected["paths"][RESULTS]["get"]["parameters"].insert(3, added)
    assert json.loads(upstream.ACCEPTED.read_text()) == expected


def test_the_accepted_version_stays_unchanged_if_git_cannot_commit(run: Run, repository: Path) -> None:
    (repository / ".git" / "index.lock").touch()
    ended = run("accept", changed((*EVENT, "tags")))
    assert ended.code == 2
    assert "accepted.json" in ended.error
    assert json.loads(upstream.ACCEPTED.read_text()) == ACCEPTED


@table(
    "action, document, datum",
    [
        ("accept", changed(("paths", QUEUE)), f"POST {QUEUE}"),
        ("check", "<html></html>", "OpenAPI"),
        ("check", {"openapi": "3.1.0", "paths": {"/v1/agents": {"get": {}}}}, f"GET {RESULTS}"),
        ("check", changed(("paths", RESULT, "get", "responses"), {"$ref": "#/nowhere"}), "#/nowhere"),
        ("check", changed(("paths", RESULT, "get", "parameters"), [{"name": "limit"}]), "/get/parameters/0"),
    ],
)
def test_an_unusable_document_is_refused_with_a_one_line_message(
    run: Run, action: str, document: object, datum: str
) -> None:
    ended = run(action, document)
    assert (ended.code, ended.error.count("\n")) == (2, 1)
    assert datum in ended.error


@table("file, code", [([f"FILE={upstream.ACCEPTED}"], 0), ([], 2)])
def test_a_missing_file_argument_is_refused_by_make_upstream(file: list[str], code: int) -> None:
    command = ["make", "-o", ".venv/.ready", "upstream", *file]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == code
