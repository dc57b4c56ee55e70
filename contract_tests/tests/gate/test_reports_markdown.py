"""The step summary and the comment: what they say, in which order, and that no text breaks out of them."""

import re
from typing import Any

import pytest
from bluejay_results.gate import Rules
from bluejay_results.gate.reports import comment, summary
from bluejay_results.gate.verdict import Verdict
from bluejay_results.gate.words import headline
from bluejay_results.results.status import NOT_CONNECTED, VOID
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .. import builders
from .runs import FAILED, PASSED, conversations, run_of
from .verdicts import BY_CAUSE, DONT_SHIP, SHIP, UNDER_WAY, saying, texts, view_of

GITHUB = MarkdownIt("gfm-like")
PAGE = "https://app.getbluejay.ai/simulations/731/runs/48213"


def tokens(markdown: str) -> list[Token]:
    return [each for token in GITHUB.parse(markdown) for each in (token, *(token.children or ()))]


def shape(markdown: str) -> list[tuple[str, str]]:
    return [(each.type, each.tag) for each in tokens(markdown) if not each.type.startswith("text")]


def rendered(markdown: str) -> str:
    return "".join(each.content for each in tokens(markdown) if each.type.startswith("text"))


def slow(p95: float) -> dict[str, Any]:
    return {
        "evaluations": [builders.evaluation(goal_success=False, latency={"p95_agent_latency": p95})],
    }


@pytest.mark.parametrize("verdict", BY_CAUSE)
@pytest.mark.parametrize("report", [summary, comment])
def test_the_decision_and_its_reason_come_first(report: Any, verdict: Verdict) -> None:
    read = rendered("\n".join(report(verdict).splitlines()[:2]))
    assert read.startswith(headline(verdict))


@pytest.mark.parametrize("report", [summary, comment])
def test_the_report_of_a_run_that_is_not_settled_says_what_is_missing(report: Any) -> None:
    assert "1 of 3 conversations under way, 2 missing" in rendered(report(UNDER_WAY))


@pytest.mark.parametrize("report", [summary, comment])
def test_the_pass_rate_has_its_bounds_and_its_interval(report: Any) -> None:
    read = rendered(report(SHIP))
    assert (
        "Pass rate: 9 of 10 passed, 90.0 %; 81.8 to 90.9 % with 1 unknown or missing; 95 % interval" in read
    )


def test_the_summary_lists_rules_then_failed_then_unknown_conversations() -> None:
    verdict = view_of(run_of({"status": "NO_ANSWER", "evaluations": None}, slow(900), slow(1900)))
    read = GITHUB.render(summary(verdict))
    said = (
        "max-void",
        "2 failed; the agent has to act",
        "<tr>\n<td>3</td>",
        "<tr>\n<td>2</td>",
        "1 unknown; the agent or its line has to act</h3>",
        "<tr>\n<td>1</td>",
    )
    places = [read.index(each) for each in said]
    assert places == sorted(places)
    assert f'href="{PAGE}"' in read


def test_a_summary_that_fits_is_not_cut() -> None:
    whole = summary(DONT_SHIP)
    assert "left out" not in whole
    assert summary(DONT_SHIP, len(whole.encode()) + 101) == whole
    assert "left out: 1." in summary(DONT_SHIP, len(whole.encode()) + 100)


@pytest.mark.parametrize("limit", [200, 1_000, 2_000, 5_000])
def test_a_summary_over_its_limit_is_cut_and_says_how_much_is_left_out(limit: int) -> None:
    failed = builders.evaluation(goal_success=False, goal_reasoning="é|" * 99)
    verdict = view_of(run_of(*[{"evaluations": [failed]}] * 50))
    cut = summary(verdict, limit)
    listed = len(re.findall(r"^\| \d", cut, re.MULTILINE))
    assert len(cut.encode()) < limit
    assert cut.splitlines()[-1] == f"Cut to stay under {limit} bytes; conversations left out: {50 - listed}."
    assert (listed > 0) == (limit > 1_000)


def test_a_comment_is_short_whatever_the_run() -> None:
    figures: Any = [f'mean("{f"{name}@" * 999}") > 4' for name in range(20)]
    void = [{"status": status, "evaluations": None} for status in VOID | NOT_CONNECTED] * 3
    many = view_of(run_of(*[PASSED] * 99, *void, FAILED), Rules(require=figures))
    for verdict in (saying("🎈|" * 9_999), many, view_of(conversations(99, 99))):
        assert len(comment(verdict).split("\n", 1)[1].encode()) < 10_000
        assert len(comment(verdict)) < 65_536


def test_a_comment_is_a_marker_and_the_summary() -> None:
    assert comment(DONT_SHIP) == f"<!-- bluejay-results gate 731 -->\n{summary(DONT_SHIP)}"


def test_a_comment_lists_failures_only_if_there_are_any() -> None:
    assert "failed" not in rendered(comment(view_of(conversations(3))))
    assert "1 failed" in rendered(comment(SHIP))


@pytest.mark.parametrize("report", [summary, comment])
@given(text=texts)
def test_no_received_text_changes_the_markdown_or_mentions_anybody(report: Any, text: str) -> None:
    markdown = report(saying(text, text + "\udcff"))
    assert shape(markdown) == shape(report(saying("word", "other")))
    assert not re.search(r"@\w|#\d", rendered(markdown))
    links = [each.attrs["href"] for each in tokens(markdown) if each.type == "link_open"]
    assert [str(each).startswith("https://app.getbluejay.ai/simulations/") for each in links] == [True]


@given(text=texts)
def test_no_id_can_end_the_html_comment_that_marks_a_comment(text: str) -> None:
    marker = comment(saying(text)).split("\n")[0]
    assert re.fullmatch(r"<!-- bluejay-results gate (?:(?!--)[\w.~%-])+ -->", marker, re.ASCII)


@pytest.mark.parametrize("other", ["73-1", "73--1", "731 ", "73/1", "é", "--731", "-->"])
def test_another_simulation_has_another_marker(other: str) -> None:
    ids = ("731", "7-31", other) if other != "731 " else ("731", "7-31")
    markers = {comment(view_of(run_of({}, simulation_id=each))).split("\n")[0] for each in ids}
    assert len(markers) == len(ids)
