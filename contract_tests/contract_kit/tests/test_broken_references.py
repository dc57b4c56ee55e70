"""Every report warns of references whose target doesn't exist in the files, and `test` and `diff` fail."""

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
import yaml

from .command import DOCUMENT, NAIVE, RIGHT, Run, run_pytest
from .documents import answering, catalogue, gaps, json_response, openapi

MISSING = "#/components/schemas/Mony"
URL = "https://example.com/schema.json"
PICKY = ("orders.yaml", "--client", "client:picky", "--refuses", "client:RefusedError")


def document(reference: Any = MISSING, **changes: Any) -> dict[str, Any]:
    """Return the document for the clients in `client.py`, plus a 404 whose schema has this reference."""
    found: dict[str, Any] = yaml.safe_load(DOCUMENT)
    refers = {"properties": {"price": {"$ref": reference}}}
    found["paths"]["/orders/{id}"]["get"]["responses"]["404"] = json_response(refers)
    found["components"]["schemas"]["Order"]["properties"]["note"] |= changes
    return found


@pytest.fixture
def tested(kit: Run) -> Run:
    """Return a function that tests a client with a few of `document`'s mutants."""
    written()
    return lambda *arguments: kit("test", *arguments, "--sample", "20")


def written(name: str = "orders.yaml", **options: Any) -> None:
    Path(name).write_text(json.dumps(document(**options)))


REFERENCES = {
    "a missing component": (MISSING, True),
    "a pointer into a text": ("#/info/title/0", True),
    "a missing anchor": ("#price", True),
    "a missing file": ("no.json", True),
    "a file that isn't JSON": ("broken.json", True),
    "a number": (7, True),
    "a URL": (URL, False),
}


@pytest.mark.parametrize(("reference", "is_broken"), REFERENCES.values(), ids=REFERENCES)
def test_a_reference_is_broken_if_its_target_is_not_in_the_documents_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: Any, is_broken: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken.json").write_text("{")
    [gap] = gaps(catalogue(document(reference)))
    assert (gap.where, gap.is_broken) == ("getOrder 404", is_broken)


NO = {"$ref": "#/no"}
PLACES: dict[str, dict[str, Any]] = {
    "a path": {"/thing": NO},
    "a parameter": answering({"200": json_response({})}, parameters=[NO]),
    "a request body": answering({"200": json_response({})}, requestBody=NO),
    "a response": answering({"200": NO}),
    "a header": answering({"200": json_response({}) | {"headers": {"X": NO}}}),
    "a schema in a schema": answering({"200": json_response({"items": NO})}),
    "a discriminator": answering(
        {"200": json_response({"discriminator": {"propertyName": "a", "mapping": {"b": "#/no"}}})}
    ),
    "an example": answering({"200": json_response({}, examples={"a": NO})}),
}


@pytest.mark.parametrize("paths", PLACES.values(), ids=PLACES)
def test_each_kind_of_reference_can_be_reported_as_broken(paths: dict[str, Any]) -> None:
    other = {"/other": {"get": {"operationId": "other", "responses": {"200": json_response({})}}}}
    assert any(each.is_broken for each in gaps(catalogue(openapi(paths | other))))


def test_each_report_starts_with_a_warning_about_a_broken_reference(tested: Run) -> None:
    ended = tested(*RIGHT, "--json", "a.json", "--junit", "a.xml", "--markdown", "a.md")
    for report in (ended.out, Path("a.md").read_text().replace("\\", "")):
        assert MISSING[1:] in "".join(report.splitlines()[:3])
        assert report.count(MISSING[1:]) == 1
    found = json.loads(Path("a.json").read_text())
    assert (found["passed"], [each["broken"] for each in found["skipped"]]) == (False, [True])
    [case] = fromstring(Path("a.xml").read_bytes()).findall("*/testcase/error/..")  # noqa: S314 - ours
    assert case.get("name") == "getOrder 404"


def test_one_line_on_stderr_names_the_broken_reference_and_the_option(tested: Run) -> None:
    [line] = tested(*RIGHT).err.splitlines()
    assert MISSING in line
    assert "--allow-uncovered" in line


@pytest.mark.parametrize(
    ("client", "code", "allowed"),
    [(RIGHT, 2, 0), (NAIVE, 1, 1), (PICKY, 2, 4)],
    ids=["right", "naive", "picky"],
)
def test_a_fault_takes_precedence_over_a_broken_reference_in_the_exit_code(
    tested: Run, client: tuple[str, ...], code: int, allowed: int
) -> None:
    ended = [tested(*client, *options) for options in ((), ("--allow-uncovered",))]
    assert [each.code for each in ended] == [code, allowed]
    assert all(MISSING in each.out for each in ended)


def test_no_report_fails_if_broken_references_are_allowed(tested: Run) -> None:
    tested(*RIGHT, "--json", "a.json", "--junit", "a.xml", "--allow-uncovered")
    assert json.loads(Path("a.json").read_text())["passed"]
    assert fromstring(Path("a.xml").read_bytes()).get("errors") == "0"  # noqa: S314 - ours


def test_a_reference_to_a_url_causes_only_a_note(tested: Run) -> None:
    written(reference=URL)
    ended = tested(*RIGHT)
    assert ended.code == 0
    assert URL in ended.out.partition("Not covered")[2]


def test_the_mutants_command_warns_of_a_broken_reference_in_both_formats(kit: Run) -> None:
    written()
    assert MISSING in "".join(kit("mutants", "orders.yaml").out.splitlines()[:2])
    skipped = json.loads(kit("mutants", "orders.yaml", "--jsonl").out.splitlines()[-1])
    assert (skipped["skipped"], skipped["broken"]) == ("getOrder 404", True)


def test_the_export_command_warns_of_a_broken_reference_on_stderr(kit: Run) -> None:
    written()
    ended = kit("export", "orders.yaml", "--to", "msw", "-o", "new")
    assert (ended.code, MISSING in ended.err) == (0, True)


def test_pytest_warns_of_a_broken_reference(folder: Path) -> None:
    written()
    suite = """if True:
        import contract_kit
        @contract_kit.each_mutant("orders.yaml", sample=2)
        def test_client(mutant):
            pass
    """
    assert MISSING in run_pytest(folder, suite).stdout


@pytest.mark.parametrize(
    ("old", "new", "options", "code"),
    [
        ({"reference": "#/info"}, {}, (), 2),
        ({}, {"maxLength": 9}, (), 2),
        ({}, {"maxLength": 9}, ("--allow-uncovered",), 0),
        ({}, {"reference": "#/info", "maxLength": 9}, (), 0),
        ({}, {"maxLength": 11}, (), 1),
    ],
    ids=["in NEW", "in both", "allowed", "corrected in NEW", "beside a breaking change"],
)
def test_diff_fails_if_a_reference_in_the_new_version_is_broken(
    kit: Run, old: dict[str, Any], new: dict[str, Any], options: tuple[str, ...], code: int
) -> None:
    written("old.json", **old)
    written("new.json", **new)
    ended = kit("diff", "old.json", "new.json", "--operation", "getOrder", *options)
    assert ended.code == code
    assert ended.out.count(MISSING) == 1
