"""Every report warns of references whose target doesn't exist in the files, and `test` and `diff` fail."""

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
import yaml

from .command import DOCUMENT, NAIVE, RIGHT, Run, run_pytest
from .documents import answering, catalogue, gaps, json_response, openapi
from .tables import table

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
    return lambda *arguments: kit("test", *arguments, "--sample", "5")


def written(name: str = "orders.yaml", **options: Any) -> None:
    Path(name).write_text(json.dumps(document(**options)))


NO = {"$ref": "#/no"}
MAPPING = {"discriminator": {"propertyName": "a", "mapping": {"b": "#/no"}}}


@table(
    "paths",
    [
        {"/thing": NO},
        answering({"200": json_response({})}, parameters=[NO]),
        answering({"200": json_response({})}, requestBody=NO),
        answering({"200": NO}),
        answering({"200": json_response({}) | {"headers": {"X": NO}}}),
        answering({"200": json_response({"items": NO})}),
        answering({"200": json_response(MAPPING)}),
        answering({"200": json_response({}, examples={"a": NO})}),
    ],
)
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
    [line] = ended.err.splitlines()
    assert (MISSING in line, "--allow-uncovered" in line) == (True, True)
    tested(*RIGHT, "--json", "a.json", "--junit", "a.xml", "--allow-uncovered")
    assert json.loads(Path("a.json").read_text())["passed"]
    assert fromstring(Path("a.xml").read_bytes()).get("errors") == "0"  # noqa: S314 - ours


@table("client, code, allowed", [(RIGHT, 2, 0), (NAIVE, 1, 1), (PICKY, 2, 4)])
def test_a_fault_takes_precedence_over_a_broken_reference_in_the_exit_code(
    tested: Run, client: tuple[str, ...], code: int, allowed: int
) -> None:
    ended = [tested(*client, *options) for options in ((), ("--allow-uncovered",))]
    assert [each.code for each in ended] == [code, allowed]
    assert all(MISSING in each.out for each in ended)


def test_a_reference_to_a_url_causes_only_a_note(tested: Run) -> None:
    written(reference=URL)
    ended = tested(*RIGHT)
    assert (ended.code, URL in ended.out.partition("Not covered")[2]) == (0, True)


def test_the_other_commands_and_pytest_warn_of_a_broken_reference(kit: Run, folder: Path) -> None:
    written()
    assert MISSING in "".join(kit("mutants", "orders.yaml").out.splitlines()[:2])
    skipped = json.loads(kit("mutants", "orders.yaml", "--jsonl").out.splitlines()[-1])
    assert (skipped["skipped"], skipped["broken"]) == ("getOrder 404", True)
    ended = kit("export", "orders.yaml", "--to", "msw", "-o", "new")
    assert (ended.code, MISSING in ended.err) == (0, True)
    suite = """if True:
        import contract_kit
        @contract_kit.each_mutant("orders.yaml", sample=2)
        def test_client(mutant):
            pass
    """
    assert MISSING in run_pytest(folder, suite, "test_client.py").stdout


@table(
    "old, new, options, code",
    [
        ({"reference": "#/info"}, {}, (), 2),
        ({}, {"maxLength": 9}, (), 2),
        ({}, {"maxLength": 9}, ("--allow-uncovered",), 0),
        ({}, {"reference": "#/info", "maxLength": 9}, (), 0),
        ({}, {"maxLength": 11}, (), 1),
    ],
)
def test_diff_fails_if_a_reference_in_the_new_version_is_broken(
    kit: Run, old: dict[str, Any], new: dict[str, Any], options: tuple[str, ...], code: int
) -> None:
    written("old.json", **old)
    written("new.json", **new)
    ended = kit("diff", "old.json", "new.json", "--operation", "getOrder", *options)
    assert (ended.code, ended.out.count(MISSING)) == (code, 1)
