"""`make upstream` lists the changes of upstream's document; `make upstream-accept` commits a new version."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

ROOT = Path(__file__).parents[3]
UPSTREAM = Path("contract_tests", "upstream")
ACCEPTED: dict[str, Any] = json.loads((ROOT / UPSTREAM / "accepted.json").read_text())
RESULTS = "/v1/retrieve-simulation-results/{simulation_run_id}"
RESULT = "/v1/retrieve-simulation-result/{test_result_id}"
QUEUE = "/v1/queue-simulation-run"
CURSOR = {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}}
Ended: TypeAlias = "subprocess.CompletedProcess[str]"


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "core.hooksPath=/dev/null", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with openapi.yaml, the command, and the last accepted version."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)  # git sets some of them while it runs a hook
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Test")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "test@example.com")
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / UPSTREAM, folder / UPSTREAM, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "openapi.yaml", folder)
    git(folder, "init", "--quiet")
    git(folder, "add", "openapi.yaml", str(UPSTREAM))
    git(folder, "commit", "--quiet", "--message", "Start")
    return folder


def run(repository: Path, action: str, document: object) -> Ended:
    """Give the command a document: what the file should contain, or its text."""
    file = repository / "published.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return run_with(repository, action, file.name)


def run_with(repository: Path, action: str, file: str) -> Ended:
    command = [sys.executable, "-m", "contract_tests.upstream", action, file]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)


def published() -> dict[str, Any]:
    """Return upstream's document with the accepted facts, and all else that such a document contains."""
    document = copy.deepcopy(ACCEPTED)
    document["openapi"] = "3.1.1"
    document["info"] = {"title": "Bluejay", "version": "2.7.1", "contact": {"email": "api@example.com"}}
    document["servers"] = [{"url": "https://api.example.com"}]
    document["paths"]["/v1/agents"] = {"get": {"responses": {"200": {"description": "The agents"}}}}
    document["components"]["schemas"]["Agent"] = {"type": "object"}
    for number, item in enumerate(document["paths"].values()):
        for operation in item.values():
            operation |= {"operationId": f"operation_{number}_v1", "summary": "A summary", "tags": ["runs"]}
            operation |= {"security": [{"HTTPBearer": []}], "x-hidden": True}
    results = document["paths"][RESULTS]["get"]
    results["parameters"] = [
        {"required": False, "description": "Prose"} | each for each in reversed(results["parameters"])
    ]
    for name, schema in document["components"]["schemas"].items():
        schema |= {"title": name, "description": "Prose", "examples": [{}]}
    event = document["components"]["schemas"]["Event"]
    event["properties"]["description"] = {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Text"}
    event["required"].reverse()
    return document


def schema(document: dict[str, Any], name: str) -> Any:
    return document["components"]["schemas"][name]


def test_a_document_with_other_operation_ids_and_prose_has_no_change(repository: Path) -> None:
    ended = run(repository, "check", published())
    assert ended.stdout == "Nothing changed in our operations since the last accepted version.\n"
    assert (ended.returncode, ended.stderr) == (0, "")


def _reorder_values(document: dict[str, Any]) -> None:
    schema(document, "SimulationRunStatus")["enum"].reverse()


def _write_null_as_type(document: dict[str, Any]) -> None:
    schema(document, "Event")["properties"]["description"] = {"type": ["string", "null"]}


@pytest.mark.parametrize("change", [_reorder_values, _write_null_as_type])
def test_another_notation_of_the_same_facts_is_no_change(
    repository: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    document = published()
    change(document)
    assert run(repository, "check", document).returncode == 0


def test_a_change_at_the_end_of_a_long_value_is_found(repository: Path) -> None:
    document = published()
    status = schema(document, "SimulationRunStatus")
    status["enum"] = [f"STATUS_{number:03}" for number in range(100)]
    assert run(repository, "accept", document).returncode == 0
    status["enum"][-1] = "STATUS_100"
    ended = run(repository, "check", document)
    assert ended.returncode == 1
    assert "\nChanged facts (1)\n  changed: schemas > SimulationRunStatus > enum from " in ended.stdout


def test_added_and_removed_parameters_and_a_nullable_field_are_all_listed(repository: Path) -> None:
    document = published()
    parameters = document["paths"][RESULTS]["get"]["parameters"]
    parameters[:] = [each for each in parameters if each["name"] != "offset"] + [CURSOR]
    schema(document, "Event")["properties"]["title"]["type"] = ["string", "null"]
    ended = run(repository, "check", document)
    assert ended.returncode == 1
    report, _, facts = ended.stdout.partition("\nChanged facts (3)\n")
    rows = {line.split()[0] for line in report.splitlines() if line.strip()}
    assert {
        "response-property-became-nullable",
        "new-optional-request-parameter",
        "request-parameter-removed",
    } <= rows
    assert facts.splitlines()[:3] == [
        f'  added: GET {RESULTS} > parameters > query cursor = {{"in": "query", "name": "cursor", '
        '"schema": {"type": "string"}}',
        f'  removed: GET {RESULTS} > parameters > query offset = {{"in": "query", "name": "offset", '
        '"schema": {"default": 0, "minimum": 0, "type": "integer"}}',
        '  changed: schemas > Event > properties > title > type from "string" to ["null", "string"]',
    ]


def _add_optional_field(document: dict[str, Any]) -> None:
    schema(document, "Event")["properties"]["summary"] = {"type": "string"}


def _remove_optional_field(document: dict[str, Any]) -> None:
    del schema(document, "Event")["properties"]["tags"]


def _change_default(document: dict[str, Any]) -> None:
    schema(document, "SimulationRunResponse")["properties"]["status"]["default"] = "queued"


def _end_deprecation(document: dict[str, Any]) -> None:
    del schema(document, "QueueSimulationRunRequest")["properties"]["prompt_id"]["deprecated"]


def _refer_to_new_component(document: dict[str, Any]) -> None:
    schema(document, "Event")["properties"]["title"] = {"$ref": "#/components/schemas/Agent"}


def _remove_operation(document: dict[str, Any]) -> None:
    del document["paths"][QUEUE]


@pytest.mark.parametrize(
    ("change", "listed"),
    [
        (_add_optional_field, ['added: schemas > Event > properties > summary = {"type": "string"}']),
        (
            _remove_optional_field,
            [
                'removed: schemas > Event > properties > tags = {"items": {"type": "string"}, '
                '"type": ["array", "null"]}'
            ],
        ),
        (
            _change_default,
            [
                "changed: schemas > SimulationRunResponse > properties > status > default "
                'from "success" to "queued"'
            ],
        ),
        (
            _end_deprecation,
            ["removed: schemas > QueueSimulationRunRequest > properties > prompt_id > deprecated = true"],
        ),
        (
            _refer_to_new_component,
            [
                'added: schemas > Agent = {"type": "object"}',
                'added: schemas > Event > properties > title > $ref = "#/components/schemas/Agent"',
                'removed: schemas > Event > properties > title > type = "string"',
            ],
        ),
    ],
)
def test_a_change_of_any_fact_fails_even_if_it_breaks_no_client(
    repository: Path, change: Callable[[dict[str, Any]], None], listed: list[str]
) -> None:
    document = published()
    change(document)
    ended = run(repository, "check", document)
    assert ended.returncode == 1
    _, _, facts = ended.stdout.partition(f"\nChanged facts ({len(listed)})\n")
    assert facts.splitlines()[: len(listed)] == [f"  {each}" for each in listed]


def test_a_missing_operation_is_listed_as_a_change(repository: Path) -> None:
    document = published()
    _remove_operation(document)
    ended = run(repository, "check", document)
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[1].startswith(f"api-path-removed-without-deprecation  POST {QUEUE}")
    assert f"  removed: POST {QUEUE} = " in ended.stdout


def test_after_accepting_a_document_nothing_is_listed(repository: Path) -> None:
    document = published()
    document["paths"][RESULTS]["get"]["parameters"].append(CURSOR)
    assert run(repository, "check", document).returncode == 1
    assert run(repository, "accept", document).returncode == 0
    ended = run(repository, "check", document)
    assert ended.returncode == 0
    assert ended.stdout.startswith("Nothing changed")


def test_accepting_commits_only_the_accepted_version(repository: Path) -> None:
    staged = repository / "staged.txt"
    staged.write_text("Not part of the commit")
    git(repository, "add", staged.name)
    document = published()
    document["paths"][RESULTS]["get"]["parameters"].append(CURSOR)
    assert run(repository, "accept", document).returncode == 0
    assert git(repository, "show", "--format=", "--name-only") == f"{UPSTREAM / 'accepted.json'}\n"
    subject, _, body = git(repository, "log", "-1", "--format=%B").partition("\n\n")
    assert subject == "Accept the new version of upstream's document"
    assert body.startswith(f"added: GET {RESULTS} > parameters > query cursor = ")


def test_an_accepted_version_contains_no_prose_and_no_other_operation(repository: Path) -> None:
    document = published()
    document["paths"][RESULTS]["get"]["parameters"].append(CURSOR)
    assert run(repository, "accept", document).returncode == 0
    accepted = json.loads((repository / UPSTREAM / "accepted.json").read_text())
    added = {key: value for key, value in CURSOR.items() if key != "required"}
    expected = copy.deepcopy(ACCEPTED)
    expected["paths"][RESULTS]["get"]["parameters"].insert(3, added)
    assert accepted == expected


def test_accepting_a_document_without_a_change_commits_nothing(repository: Path) -> None:
    ended = run(repository, "accept", published())
    assert (ended.returncode, ended.stdout) == (0, "Nothing changed, so there is nothing to commit.\n")
    assert git(repository, "log", "--format=%s") == "Start\n"


def test_if_git_cannot_commit_the_accepted_version_stays_unchanged(repository: Path) -> None:
    (repository / ".git" / "index.lock").touch()
    document = published()
    _end_deprecation(document)
    ended = run(repository, "accept", document)
    assert ended.returncode == 2
    assert ended.stderr.endswith("upstream: git could not commit accepted.json, so it is unchanged.\n")
    assert json.loads((repository / UPSTREAM / "accepted.json").read_text()) == ACCEPTED


def test_a_document_without_one_of_our_operations_cannot_be_accepted(repository: Path) -> None:
    document = published()
    _remove_operation(document)
    ended = run(repository, "accept", document)
    assert ended.returncode == 2
    assert ended.stderr == (
        f"upstream: published.json lacks POST {QUEUE}. Remove it from openapi.yaml first.\n"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "<html></html>",
            "published.json is not an OpenAPI document: it has no `openapi` version at its top.",
        ),
        (
            '{"openapi": "3.1.0", "paths": {"/v1/agents": {"get": {}}}}',
            f"published.json has none of our operations, such as GET {RESULTS}.",
        ),
        (
            json.dumps(
                {"openapi": "3.1.0", "paths": {RESULT: {"get": {"responses": {"$ref": "#/nowhere"}}}}}
            ),
            "published.json: The reference #/nowhere doesn't lead to a component of the document.",
        ),
        (
            json.dumps({"openapi": "3.1.0", "paths": {RESULT: {"get": {"parameters": [{"name": "limit"}]}}}}),
            "published.json: The parameter at /paths/~1v1~1retrieve-simulation-result~1{test_result_id}/get/"
            "parameters/0 has no `name` or no `in`.",
        ),
    ],
    ids=["not OpenAPI", "no operation of ours", "reference", "parameter"],
)
def test_a_document_that_cannot_be_used_is_refused_in_one_line(
    repository: Path, text: str, says: str
) -> None:
    ended = run(repository, "check", text)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"upstream: {says}\n")


def test_a_file_that_does_not_exist_is_refused_in_one_line(repository: Path) -> None:
    ended = run_with(repository, "check", "missing.json")
    assert ended.returncode == 2
    assert ended.stderr == (
        "upstream: missing.json: No such file or directory. Name a file that exists and can be read.\n"
    )


def make(*arguments: str) -> Ended:
    command = ["make", "-o", ".venv/.ready", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_make_upstream_finds_no_change_in_the_accepted_version_itself() -> None:
    ended = make("upstream", f"FILE={UPSTREAM / 'accepted.json'}")
    assert ended.returncode == 0
    assert ended.stdout == "Nothing changed in our operations since the last accepted version.\n"


@pytest.mark.parametrize("target", ["upstream", "upstream-accept"])
def test_make_without_a_file_says_how_to_name_one(target: str) -> None:
    ended = make(target)
    assert ended.returncode != 0
    assert ended.stderr.splitlines()[0] == f"Name a file: make {target} FILE=openapi.json"
