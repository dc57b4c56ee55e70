"""Every report shows the same verdict. Received text can't change its structure or make it too long."""

import re
from collections.abc import Callable
from functools import cache
from html import unescape
from typing import Any

import pytest
from bluejay_results._secrets import Secret
from bluejay_results.cli.gate_text import gate_lines
from bluejay_results.gate import Rules, gate
from bluejay_results.gate.reports import annotations, comment, github_output, junit, summary
from bluejay_results.gate.verdict import NoVerdict, Verdict
from bluejay_results.gate.verdict_text import headline
from bluejay_results.report.page import page
from bluejay_results.results import outcome
from bluejay_results.writing.words import groups
from contract_kit.tests.hostile import markdown_shape, texts
from hypothesis import given
from rich.console import Console

from .. import builders
from .runs import FAILED, PASSED, conversations, run_of
from .runs import judged as judged_
from .test_reports_junit import shape
from .verdicts import BY_CAUSE, INCONCLUSIVE, SHIP, saying, view_of

COMMAND = re.compile(r"::(error|warning|notice) title=([^:,]+)::(.+)")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e]|##\w*\[")
APP = "https://app.getbluejay.ai/simulations/"


def terminal(verdict: Verdict) -> list[str]:
    """Return the lines that the gate prints to a log, without colours."""
    return [line.plain for line in gate_lines(verdict, Console(width=9999))]


def unescaped(value: str) -> str:
    """Return a value as GitHub's runner reads it."""
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(written, meant)
    return value


def parts(line: str) -> list[str]:
    """Return the level, the title and the message of an annotation."""
    command = COMMAND.fullmatch(line)
    assert command, line
    return [unescaped(each) for each in command.groups()]


def judged(reasoning: str) -> dict[str, Any]:
    """A failed conversation with the judge's reasoning."""
    return {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning=reasoning)]}


@pytest.mark.parametrize("verdict", BY_CAUSE)
def test_every_report_shows_the_same_decision_with_the_same_reason(verdict: Verdict) -> None:
    first = headline(verdict)
    assert terminal(verdict)[0] == first
    assert verdict.ships or first in unescape(junit(verdict).decode())
    for markdown in (summary(verdict), comment(verdict)):
        assert f"## gate: {first}\n" in markdown.replace("\\", "")
    assert verdict.ships or parts(annotations(verdict)[0])[2] == first
    assert github_output(verdict) == f"decision={verdict.decision.name.lower()}\nrun-id=48213\n"
    assert f"<title>{verdict.decision.capitalize()}: run 48213</title>" in unescape(page(verdict).decode())


def terminal_shape(verdict: Verdict) -> list[bool]:
    return [bool(CONTROL.search(line.encode().decode())) for line in terminal(verdict)]


def annotations_shape(verdict: Verdict) -> list[bool]:
    return [bool(re.search(r"[\r\n]", "".join(parts(line)))) for line in annotations(verdict)]


SHAPES: dict[str, Callable[[Verdict], object]] = {
    "terminal": terminal_shape,
    "junit": lambda verdict: shape(junit(verdict)),
    "summary": lambda verdict: markdown_shape(summary(verdict), APP),
    "comment": lambda verdict: markdown_shape(comment(verdict), APP),
    "annotations": annotations_shape,
}


@cache
def harmless(name: str) -> object:
    return SHAPES[name](saying("word", "other"))


@pytest.mark.parametrize("name", SHAPES)
@given(text=texts)
def test_no_received_text_changes_the_structure_of_a_report(name: str, text: str) -> None:
    """A rule's name comes from the command line, which can contain a lone surrogate."""
    assert SHAPES[name](saying(text, f"{text}\udcff")) == harmless(name)


def test_a_report_of_plain_text_contains_no_control_characters() -> None:
    assert not any(terminal_shape(SHIP))
    assert not any(annotations_shape(SHIP))
    assert markdown_shape(summary(SHIP))[-2:] == [[True], []]


@pytest.mark.parametrize("report", [Verdict.to_json, junit, summary, comment, annotations, terminal])
def test_no_report_shows_an_api_key_or_a_url_signature(report: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    key, url = "bj-1234567890abcdef", "https://files.example/a.wav?signature=5ec2e7"
    monkeypatch.setattr("bluejay_results._secrets._never_shown", [Secret(key)])
    written = report(saying(f"{key} {url}", id_=key))
    said = written.decode() if isinstance(written, bytes) else f"{written}"
    assert "5ec2e7" not in said
    assert "1234567890" not in said
    assert "files.example" in said.replace("\\", "")  # only the secret parts are masked


def test_long_text_is_truncated_and_overlong_urls_are_left_out() -> None:
    verdict = saying("x" * 3000)
    assert max(map(len, terminal(verdict))) < 1000
    assert len(parts(annotations(verdict)[0])[1]) < 255  # GitHub's maximum for a title
    failure = Verdict(failures=(NoVerdict(4, "x" * 9999),))
    assert 700 < len(annotations(failure)[0]) < 1_000


def test_the_first_conversations_reason_is_listed_before_more_frequent_reasons() -> None:
    run = run_of(judged("No slot."), judged("Rude."), judged("Wrong fee."), judged("Wrong fee."))
    [group] = groups(judged_(run).not_passed)
    assert group.reasons == ["1: No slot.", "3, 4: Wrong fee.", "2: Rude."]


def test_a_log_lists_at_most_twenty_reasons_and_counts_the_others() -> None:
    run = run_of(*[judged("First.")] * 2, *(judged(f"Reason {each}.") for each in range(23)))
    lines = terminal(view_of(run))
    assert sum("Reason " in each for each in lines) == 19
    assert any("… and 4 " in each for each in lines)


def problems(verdict: Verdict) -> list[list[str]]:
    """The annotations, except notices, which only repeat the verdict's notes."""
    return [each for each in map(parts, annotations(verdict)) if each[0] != "notice"]


@pytest.mark.parametrize(
    ("verdict", "levels"),
    [
        (SHIP, ["warning"] * 3),
        (view_of(conversations(3)), []),
        (view_of(conversations(1, 2)), ["error"] * 3),  # the first annotation has the decision
        (view_of(conversations(unknown=2)), ["error", "warning", "warning"]),
        (view_of(conversations(1, 10)), ["error"] * 10),
        (gate([conversations(9, 1), run_of(FAILED, id="48214")]), ["error"] * 3),
    ],
    ids=[
        *("failures of a run that ships", "nothing failed", "failures", "unknown conversations", "too many"),
        "a failure in a run that ships, beside a run that doesn't",
    ],
)
def test_github_gets_at_most_ten_annotations(verdict: Verdict, levels: list[str]) -> None:
    assert [each[0] for each in problems(verdict)] == levels


@pytest.mark.parametrize("limit", [200, 1_000, 2_000, 5_000])
def test_a_truncated_summary_states_how_many_conversations_are_omitted(limit: int) -> None:
    verdict = view_of(run_of(*[judged("é|" * 99)] * 50))
    cut, whole = summary(verdict, limit=limit), summary(verdict)
    assert summary(verdict, limit=len(whole.encode()) + 101) == whole
    listed = len(re.findall(r"^\| \d", cut, re.MULTILINE))
    assert len(cut.encode()) < limit
    assert re.findall(r"\d+", cut.splitlines()[-1]) == [f"{limit}", f"{50 - listed}"]
    assert (listed > 0) == (limit > 1_000)


def test_every_comment_consists_of_a_marker_and_a_short_summary() -> None:
    figures: Any = [f'mean("{f"{name}@" * 999}") > 4' for name in range(20)]
    void = [{"status": each, "evaluations": None} for each in outcome.VOID | outcome.INCONCLUSIVE] * 3
    many = view_of(run_of(*[PASSED] * 99, *void, FAILED), Rules(require=figures))
    for verdict in (saying("🎈|" * 9_999), many, view_of(conversations(99, 99))):
        assert len(comment(verdict).split("\n", 1)[1].encode()) < 10_000
        assert len(comment(verdict)) < 65_536
    assert (
        comment(INCONCLUSIVE, "a-1") == f"<!-- bluejay-results gate a-1 -->\n{summary(INCONCLUSIVE, 'a-1')}"
    )
