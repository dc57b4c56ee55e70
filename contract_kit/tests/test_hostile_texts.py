"""Text from a document, client or baseline can't control a terminal, a CI system or a GitHub page."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from attrs import evolve
from hypothesis import given

from contract_kit.judge.client_report import ClientReport
from contract_kit.judge.effects import Effect, Finding
from contract_kit.judge.report import markdown_safe
from contract_kit.judge.results import Result, Results
from contract_kit.read.document import Skipped
from contract_kit.serve.clients import Outcome
from contract_kit.terminal import json_safe, terminal_safe

from .command import Run, run_pytest
from .documents import json_response, openapi
from .fakes import GET_ORDER, mutant
from .hostile import COMMANDS, HOSTILE, check, markdown_shape, texts

SPELLINGS = (
    *(
        f"{before}{command}"
        for command in COMMANDS
        for before in ("", " ", "\r", "\t", "\v", "\u2028", "\x85")
    ),
    *("a\r\n::error::x", "###[a]", "##\u200b##[x]", "%0A::error::x", "\u00a0::error::x", "\u3000::error::x"),
)
LONG = "x" * 900 + " ::error::x"
"""A name so long that a table wraps it, so that its end begins a line."""


def report_of(text: str) -> ClientReport:
    """Return a report that contains this text in every field that a document or a client determines."""
    operation = evolve(GET_ORDER, id=text, path=text)
    changes: dict[str, Any] = {"location": text, "schema_location": text, "breaks": text, "source": text}
    given = mutant(text, operation=operation, **changes, operator=text)
    outcomes = (Outcome.CRASHED, Outcome.ACCEPTED, Outcome.NOT_REQUESTED)
    rows = tuple(Result.of(given, outcome, text) for outcome in outcomes)
    name = text.replace("~", "~0").replace("/", "~1")
    ignored = evolve(given, schema_location=f"#/components/schemas/Other/properties/x{name}")
    rows += (Result(ignored, Outcome.ACCEPTED, finding=Finding(Effect.NO_EFFECT)),)
    return ClientReport(Results(rows, (Skipped(text, text),), controls=rows[2:3]))


WRITERS: dict[str, Callable[[ClientReport], str]] = {
    "text": ClientReport.text,
    "Markdown": ClientReport.markdown,
    "JUnit": lambda report: report.junit().decode(),
    "JSON": ClientReport.json,
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("text", [*SPELLINGS, HOSTILE])
def test_no_report_contains_a_ci_command(write: Callable[[ClientReport], str], text: str) -> None:
    check(write(report_of(text)).replace("\u00a0", " ").replace("\u3000", " "))  # JUnit keeps these spaces


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_report_still_contains_the_harmless_part_of_a_text(text: str) -> None:
    assert terminal_safe(text).endswith(text[-1])
    assert json.loads(json_safe(json.dumps(text, ensure_ascii=False))) == text


@given(text=texts)
def test_no_text_changes_the_structure_of_a_markdown_report(text: str) -> None:
    """A report with harmless words has the same elements, and no links, mentions or images."""
    report, harmless = (markdown_shape(report_of(each).markdown()) for each in (text, "word"))
    assert report == harmless
    assert harmless[-2:] == [[], []]


@pytest.mark.parametrize("text", ["GH-1", "gh-1", "@octocat", "@org/team", "user/repo#1", "#1"])
def test_markdown_mentions_no_users_or_issues(text: str) -> None:
    rendered = re.sub(r"\\(.)", r"\1", markdown_safe(text))
    assert not re.search(r"@\w|#\d|GH-\d", rendered, re.IGNORECASE)


def hostile_document(text: str) -> dict[str, Any]:
    """Return a document that contains this text in every name and every value."""
    schema: dict[str, Any] = {
        "type": "object",
        "required": [text],
        "properties": {
            text: {"enum": [text, "b"]},
            "b": {"const": text},
            "c": {"format": text, "pattern": text},
        },
        text: 1,
    }
    response = json_response(schema, examples={text: {"value": {text: text}}})
    response["content"][f"text/{text}"] = {}
    responses = {"200": response, text: {"description": ""}}
    names = {"operationId": text, "parameters": [{"name": text, "in": "query", "schema": {"enum": [text]}}]}
    return openapi({f"/{text}": {"get": names | {"responses": responses}}})


@pytest.mark.parametrize("text", [HOSTILE, LONG, "::error::x"], ids=["hostile", "long", "start"])
@pytest.mark.parametrize(
    "command",
    [
        "mutants hostile.json",
        "mutants hostile.json --jsonl",
        "mutants hostile.json --operation ##vso[x]",
        "test hostile.json --client client:naive --all --sample 50",
        "test hostile.json --client client:naive --json - --sample 50",
        "test hostile.json --client client:naive --junit report.xml --markdown report.md --sample 9",
        "diff hostile.json worse.json",
        "diff worse.json hostile.json --format json",
        "diff hostile.json worse.json --format markdown",
        "diff hostile.json worse.json --format junit",
        "export hostile.json --to msw -o new",
        "mutants ##[x].json",
    ],
)
def test_no_output_of_a_command_contains_a_ci_command(kit: Run, command: str, text: str) -> None:
    Path("hostile.json").write_text(json.dumps(hostile_document(text)))
    worse = json.dumps(hostile_document(text)).replace('"enum"', '"not"').replace("object", "array")
    Path("worse.json").write_text(worse)
    ended = kit(*command.split())
    written = [path.read_text() for path in Path().glob("report.*")]
    check("\n".join([ended.out, ended.err, *written]))


def test_no_output_of_the_pytest_plugin_contains_a_ci_command(tmp_path: Path) -> None:
    """Pytest prints mutant ids as parts of test names."""
    (tmp_path / "hostile.json").write_text(json.dumps(hostile_document("##vso[x]")))
    suite = """if True:
        import contract_kit
        @contract_kit.each_mutant("hostile.json", sample=20)
        def test_client(mutant):
            import urllib.request
            mutant.check(lambda: print(mutant.url), refuses=OSError)
    """
    ended = run_pytest(tmp_path, suite, "--tb=native", "-rA")
    assert ended.returncode == 1
    assert not re.search(r"##\w*\[", ended.stdout)


def test_the_junit_report_preserves_line_breaks() -> None:
    row = Result.of(mutant("id", source="RFC 1", group="protocol"), Outcome.ACCEPTED, "first")
    [failure] = fromstring(ClientReport(Results((row,))).junit()).iter("failure")  # noqa: S314 - ours
    assert (failure.text or "").splitlines() == ["first", "must: RFC 1"]
