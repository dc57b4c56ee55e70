"""The reports as text and annotations; and no format shows a credential."""

import re
from typing import Any

import pytest
from bluejay_results._secrets import Secret
from bluejay_results.cli.gate_outputs import gate_lines
from bluejay_results.gate.reports import annotations, comment, github_output, junit, summary
from bluejay_results.gate.verdict import Verdict
from bluejay_results.gate.words import headline
from bluejay_results.writing.run_view import RunFacts
from hypothesis import given
from rich.console import Console

from .. import builders
from .runs import FAILED, conversations, run_of
from .verdicts import BY_CAUSE, INCONCLUSIVE, SHIP, UNDER_WAY, saying, texts, view_of

COMMAND = re.compile(r"::(error|warning|notice) title=([^:,]+)::(.+)")
ONE_MISSING = [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]
MISSES_ONE = FAILED | {"tool_calls": ONE_MISSING}
NOT_REACHED = ["1 failed; the agent has to act", "  1: goal not reached"]
PAGE = "https://app.getbluejay.ai/simulations/731/runs/48213"


def text(view: Verdict) -> list[str]:
    """Return the lines for a log."""
    return [line.plain for line in gate_lines(view, Console(width=9999))]


def unescaped(value: str) -> str:
    """Return a value as GitHub's runner reads it."""
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(written, meant)
    return value


@pytest.mark.parametrize("verdict", BY_CAUSE)
def test_the_report_starts_with_the_decision_and_its_reason_and_ends_with_the_page(verdict: Verdict) -> None:
    lines = text(verdict)
    assert lines[0] == headline(verdict)
    assert lines[-1] == f"App: {PAGE}"


def test_the_report_has_the_pass_rate_the_rules_and_the_conversations_by_outcome_and_owner() -> None:
    assert text(INCONCLUSIVE) == [
        "inconclusive: 15 to 16 of 19 passed, 78.9 to 84.2 % (at least 80 %): 1 unknown, open 19",
        "Run 48213: 15 passed, 3 failed, 1 unknown",
        "Pass rate: 15 of 18 passed, 83.3 %; 78.9 to 84.2 % with 1 unknown or missing; 95 % interval 60.8 to "
        "99.2 %",
        "verdict         rule",
        "met             min-conversations 1: 18",
        "met             max-void 20: 0.0 %",
        "met             total-tests: 19",
        "met             counters",
        "inconclusive    min-pass-rate 80: 78.9 to 84.2 %; 1 unknown, open 19",
        "not applicable  max-always-failing 0: no caller has 5 conversations",
        "1 unknown; the agent or its line has to act",
        "  19: status NO_ANSWER",
        "3 failed; the agent has to act",
        "  16, 17, 18: goal not reached",
        "Note: 1 conversation is unknown: status NO_ANSWER (1)",
        f"App: {PAGE}",
    ]


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({"evaluations": None}, ["1 unknown", "  1: status COMPLETED, without a verdict"]),
        ({"tool_calls": ONE_MISSING}, [NOT_REACHED[0], "  1: goal reached without calling book"]),
        (MISSES_ONE, [NOT_REACHED[0], f"{NOT_REACHED[1]}; tools not called: book"]),
        (
            FAILED | {"status": "CALL_DROPPED"},
            ["1 failed; the agent or its line has to act", NOT_REACHED[1]],
        ),
    ],
)
def test_a_conversation_has_an_owner_and_a_reason(result: dict[str, Any], said: list[str]) -> None:
    assert people(view_of(run_of(result))) == said


def people(verdict: Verdict) -> list[str]:
    """The lines about conversations."""
    lines = text(verdict)
    first = next(place for place, line in enumerate(lines) if re.match(r"\d+ (failed|unknown|void)", line))
    return [each for each in lines[first:] if not each.startswith(("Note: ", "App: "))]


def judged(reasoning: str) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning=reasoning)]}


def test_a_shared_reason_is_printed_once_and_each_different_reason_separately() -> None:
    lines = people(view_of(run_of(judged("No slot."), judged("Wrong fee."), judged("Wrong fee."))))
    assert lines == [
        "3 failed; the agent has to act",
        "  1: No slot.",
        "  2, 3: Wrong fee.",
    ]


def test_the_reason_of_the_first_conversation_comes_first_and_then_the_most_frequent_one() -> None:
    run = run_of(judged("No slot."), judged("Rude."), judged("Wrong fee."), judged("Wrong fee."))
    assert [each.split(": ")[1] for each in people(view_of(run))[1:]] == ["No slot.", "Wrong fee.", "Rude."]


def test_a_log_counts_the_reasons_after_the_twentieth() -> None:
    lines = people(
        view_of(run_of(*[judged("First.")] * 2, *(judged(f"Reason {each}.") for each in range(23))))
    )
    assert lines[-1] == "  … and 4 other reasons"


@pytest.mark.parametrize("verdict", [each for each in BY_CAUSE if each.exit_code in {4, 5}])
def test_the_report_of_an_unjudged_run_has_no_rules_and_no_pass_rate(verdict: Verdict) -> None:
    for report in ("\n".join(text(verdict)), comment(verdict), summary(verdict)):
        assert "min-pass-rate" not in report
        assert "Pass rate" not in report


def test_the_report_of_a_run_that_is_not_settled_says_what_is_missing() -> None:
    assert text(UNDER_WAY)[:2] == [
        "inconclusive: not settled: status RUNNING, 1 of 3 conversations under way, 2 missing",
        "Run 48213: 1 passed, 1 void, 1 under way, 2 missing",
    ]
    assert "1 of 3 conversations under way, 2 missing" in annotations(UNDER_WAY)[0]


def test_the_report_says_that_a_run_has_no_conversations() -> None:
    assert text(view_of(run_of()))[1] == "Run 48213: no conversations"


def test_long_texts_are_cut_and_overlong_urls_are_left_out() -> None:
    lines = text(saying("x" * 3000))
    assert max(map(len, lines)) < 1000
    assert not any(each.startswith("App: ") for each in lines)


def test_notes_are_printed() -> None:
    lines = text(view_of(run_of({"status": "COMPLETED_WELL"})))
    assert [each for each in lines if each.startswith("Note: ") and "COMPLETED_WELL" in each]


@given(said=texts)
def test_no_text_becomes_a_ci_command_or_moves_the_cursor(said: str) -> None:
    lines = text(saying(said, f"{said}\udcff"))
    assert len(lines) == len(text(saying("word", "other")))
    for line in lines:
        assert line.encode()
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e]|##\w*\[", line), line


def problems(verdict: Verdict) -> list[str]:
    """The annotations without the notices, which contain the notes."""
    return [each for each in annotations(verdict) if not each.startswith("::notice ")]


def test_failures_are_warnings_if_the_run_ships_and_otherwise_errors() -> None:
    assert [each.split(" ")[0] for each in problems(SHIP)] == ["::warning"] * 3
    assert problems(view_of(conversations(3))) == []
    said = annotations(view_of(conversations(1, 2)))
    assert said[0] == (
        "::error title=Gate of run 48213::don't ship: 1 of 3 passed, 33.3 %25 (at least 80 %25)"
    )
    assert said[1] == f"::error title=Conversation 2%3A failed::goal not reached {PAGE}"
    unknown = annotations(view_of(conversations(unknown=2)))[1]
    assert unknown.startswith("::warning title=Conversation 1%3A unknown::")


def test_the_title_of_an_annotation_is_short_enough_for_github() -> None:
    command = COMMAND.fullmatch(annotations(saying("x" * 300))[0])
    assert command
    assert len(command[2]) < 255


@pytest.mark.parametrize(
    ("failed", "last"),
    [
        (8, "Conversation 9%3A failed"),
        (9, "Conversation 10%3A failed"),
        (10, "Conversation 10%3A failed"),
    ],
)
def test_there_are_at_most_ten_annotations_and_the_last_counts_the_rest(failed: int, last: str) -> None:
    said = problems(view_of(conversations(1, failed)))
    assert len(said) == min(failed + 1, 10)
    assert last in said[-1]


@given(said=texts)
def test_no_text_ends_an_annotation_early(said: str) -> None:
    lines = annotations(saying(said, f"{said}\udcff"))
    assert len(lines) == len(annotations(saying("word")))
    for line in lines:
        command = COMMAND.fullmatch(line)
        assert command, line
        assert not re.search(r"[\r\n]", unescaped(command[2] + command[3]))


def test_an_unescaped_annotation_is_the_original_text() -> None:
    failed = builders.evaluation(goal_success=False, goal_reasoning="50 %0A, a::b")
    said = annotations(view_of(run_of({"evaluations": [failed]})))[1]
    command = COMMAND.fullmatch(said)
    assert command
    assert unescaped(command[2]) == "Conversation 1: failed"
    assert unescaped(command[3]) == f"50 %0A, a::b {PAGE}"


@pytest.mark.parametrize("report", [Verdict.to_json, junit, summary, comment, annotations, text])
def test_no_format_shows_a_key_or_the_signature_of_a_url(
    report: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, url = "bj-1234567890abcdef", "https://files.example/a.wav?signature=5ec2e7"
    monkeypatch.setattr("bluejay_results.writing.safe_text._never_shown", [Secret(key)])
    written = report(saying(f"{key} {url}", id_=key))
    said = written.decode() if isinstance(written, bytes) else f"{written}"
    assert "5ec2e7" not in said
    assert "1234567890" not in said
    assert "files.example" in said.replace("\\", "")  # the rest of the text is shown


def failed(code: int, message: str, run: RunFacts | None = None) -> Verdict:
    return Verdict.failed(code, message, run or RunFacts(""))


def test_each_report_says_why_there_is_no_verdict() -> None:
    failure, unknown = failed(3, "404: gone", RunFacts("48213" * 30, "731", PAGE)), failed(3, "404: gone")
    said, escaped = "failed: 404: gone (exit code 3)", r"## failed\: 404\: gone \(exit code 3\)"
    assert annotations(failure) == [f"::error title=Gate of run {'48213' * 20}…::{said}"]
    assert annotations(unknown) == [f"::error title=Gate::{said}"]
    assert summary(failure) == f"{escaped}\n\n[Run {'48213' * 30}]({PAGE})\n"
    assert summary(unknown) == f"{escaped}\n"
    assert re.findall(r'name="([a-z-]+)" value="([^"]*)"', junit(failure).decode()) == [
        ("decision", "failed"),
        ("simulation-id", "731"),
        ("run-id", "48213" * 30),
        ("report-url", PAGE),
    ]


def test_a_long_message_is_cut_in_the_headline() -> None:
    line = annotations(failed(4, "x" * 9999))[0]
    assert line.startswith(f"::error title=Gate::inconclusive: {'x' * 700}")
    assert len(line) < 1_000


@pytest.mark.parametrize(
    ("code", "decision"), [(4, "inconclusive"), (5, "inconclusive"), (2, "failed"), (3, "failed")]
)
def test_a_failure_has_a_decision_only_if_the_run_is_known(code: int, decision: str) -> None:
    assert github_output(failed(code, "")) == f"decision={decision}\nrun-id=\n"
