"""Every report shows the same verdict. Received text can't change its structure or make it too long."""

import json
import re
from collections.abc import Callable
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
import yaml
from bluejay_results._secrets import Secret
from bluejay_results.cli.gate_text import gate_lines
from bluejay_results.gate import Aggregate, FigureRule, Operator, Rules, gate
from bluejay_results.gate.reports import annotations, comment, github_output, junit, summary
from bluejay_results.gate.verdict import NoVerdict, Verdict
from bluejay_results.gate.verdict_text import headline
from bluejay_results.json_output import to_json
from bluejay_results.report.page import page
from contract_kit.tests.hostile import markdown_shape, texts
from contract_kit.tests.tables import table
from hypothesis import given
from rich.console import Console

from .. import builders
from ..golden.situations import SITUATIONS, judged
from ..report import pages
from .runs import PASSED, conversations, run_of

COMMAND = re.compile(r"::(error|warning|notice) title=([^:,]+)::(.+)")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e]|##\w*\[")
APP = "https://app.getbluejay.ai/simulations/"
SCHEMA: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("junit.yaml").read_text())
"""Jenkins' schema of a JUnit report."""
KEYS = ("required", "optional", "children")


def saying(text: str, rule: str | None = None, **fields: Any) -> Verdict:
    """A verdict with this text everywhere: as reasons, a tool's name, a status, a note and a metric."""
    name = text if rule is None else rule
    figures = (FigureRule(Aggregate.MEAN, name, True, Operator.AT_LEAST, 4, None),)
    return gate(pages.saying(text, **fields), Rules(max_void=100, require=figures))


def terminal(verdict: Verdict) -> list[str]:
    """Return the lines that the gate prints to a log, without colours."""
    return [line.plain for line in gate_lines(verdict, Console(width=9999))]


def parts(line: str) -> list[str]:
    """Return the level, the title and the message of an annotation, as GitHub's runner reads them."""
    command = COMMAND.fullmatch(line)
    assert command, line
    values = list(command.groups())
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        values = [each.replace(written, meant) for each in values]
    return values


def read(verdict: Verdict) -> Element:
    return fromstring(junit(verdict))  # noqa: S314 - ours


@table("name", SITUATIONS)
def test_every_report_shows_the_same_decision_with_the_same_reason(name: str) -> None:
    verdict = judged(name)
    first, ids = headline(verdict), " ".join(verdict.run_ids)
    assert terminal(verdict)[0] == first
    assert verdict.ships or first in unescape(junit(verdict).decode())
    for markdown in (summary(verdict), comment(verdict)):
        assert f"## gate: {first}\n" in markdown.replace("\\", "")
    assert verdict.ships or parts(annotations(verdict)[0])[2] == first
    assert github_output(verdict) == f"decision={verdict.decision.name.lower()}\nrun-id={ids}\n"
    title = f"<title>{verdict.decision.capitalize()}: run {', '.join(verdict.run_ids)}</title>"
    assert title in unescape(page(verdict).decode())
    assert json.loads(to_json(verdict))["exit_code"] == verdict.exit_code


@table("name", SITUATIONS)
def test_a_verdicts_junit_report_conforms_to_the_junit_schema(name: str) -> None:
    verdict = judged(name)
    root = read(verdict)
    assert bool({each.tag for each in root.iter()} & {"failure", "error"}) == bool(verdict.exit_code)
    for each in root.iter():
        required, allowed, children = ({*SCHEMA[each.tag].get(key, "").split()} for key in KEYS)
        assert required <= set(each.keys()) <= required | allowed
        assert {child.tag for child in each} <= children
    for suite in root:
        listed = suite.findall("testcase")
        assert len({case.get("name") for case in listed}) == len(listed)
        tags = {"tests": "testcase", "failures": "*/failure", "errors": "*/error", "skipped": "*/skipped"}
        assert {each: int(suite.get(each, -1)) for each in tags} == {
            each: len(suite.findall(tag)) for each, tag in tags.items()
        }
    for total in ("tests", "failures", "errors"):
        assert int(root.get(total, -1)) == sum(int(suite.get(total, -1)) for suite in root)


SHAPES: dict[str, Callable[[Verdict], object]] = {
    "terminal": lambda verdict: [bool(CONTROL.search(line)) for line in terminal(verdict)],
    "junit": lambda verdict: [(each.tag, sorted(each.keys()), len(each)) for each in read(verdict).iter()],
    "summary": lambda verdict: markdown_shape(summary(verdict), APP),
    "comment": lambda verdict: markdown_shape(comment(verdict), APP),
    "annotations": lambda verdict: [
        bool(re.search(r"[\r\n]", "".join(parts(each)))) for each in annotations(verdict)
    ],
}


@cache
def harmless(name: str) -> object:
    return SHAPES[name](saying("word", "other"))


@given(text=texts)
def test_no_received_text_changes_the_structure_of_a_report(text: str) -> None:
    """A rule's name comes from the command line, which can contain a lone surrogate."""
    verdict = saying(text, f"{text}\udcff")
    assert {name: shape(verdict) for name, shape in SHAPES.items()} == {
        name: harmless(name) for name in SHAPES
    }
    assert not any(SHAPES["terminal"](verdict))  # type: ignore[arg-type] # a list
    written = to_json(verdict)
    assert written.isascii()
    assert not re.search(rb"##\w*\[|^\s*::", written, re.MULTILINE)


@table("report", [to_json, junit, summary, comment, annotations, terminal])
def test_no_report_shows_an_api_key_or_a_url_signature(report: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    key, url = "bj-1234567890abcdef", "https://files.example/a.wav?signature=5ec2e7"
    monkeypatch.setattr("bluejay_results._secrets._never_shown", [Secret(key)])
    written = report(saying(f"{key} {url}", id=key, simulation_id=key))
    said = written.decode() if isinstance(written, bytes) else f"{written}"
    assert "5ec2e7" not in said
    assert "1234567890" not in said
    assert "files.example" in said.replace("\\", "")  # only the secret parts are masked


def judged_with(reasoning: str) -> dict[str, Any]:
    """A failed conversation with the judge's reasoning."""
    return {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning=reasoning)]}


@table("limit", [200, 1_000, 2_000, 5_000])
def test_a_truncated_summary_states_how_many_conversations_are_omitted(limit: int) -> None:
    verdict = gate(run_of(*[judged_with("é|" * 99)] * 50))
    cut, whole = summary(verdict, limit=limit), summary(verdict)
    assert summary(verdict, limit=len(whole.encode()) + 101) == whole
    listed = len(re.findall(r"^\| \d", cut, re.MULTILINE))
    assert len(cut.encode()) < limit
    assert re.findall(r"\d+", cut.splitlines()[-1]) == [f"{limit}", f"{50 - listed}"]
    assert (listed > 0) == (limit > 1_000)


def test_the_length_of_every_report_is_limited() -> None:
    figures: Any = [f'mean("{f"{name}@" * 999}") > 4' for name in range(20)]
    many = gate(
        run_of(*[PASSED] * 99, *[judged_with(f"{each}") for each in range(99)]), Rules(require=figures)
    )
    for verdict in (saying("🎈|" * 9_999), many, conversations_fail(99)):
        assert len(comment(verdict).split("\n", 1)[1].encode()) < 10_000
        assert len(comment(verdict)) < 65_536
        assert max(map(len, terminal(verdict))) < 1000
        errors = [each for each in map(parts, annotations(verdict)) if each[0] != "notice"]
        assert len(errors) <= 10
        assert max(len(title) for _, title, _ in errors) < 255  # GitHub's maximum
    assert len([each for each in annotations(conversations_fail(99)) if "::error" in each]) == 10
    failure = Verdict(failures=(NoVerdict(4, "x" * 9999),))
    assert 700 < len(annotations(failure)[0]) < 1_000


def conversations_fail(count: int) -> Verdict:
    return gate(conversations(1, count))
