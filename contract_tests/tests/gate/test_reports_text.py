"""The reports as text and annotations; and no format shows a credential."""

import json
import re
from typing import Any

import pytest
from bluejay_results._secrets import Secret
from bluejay_results.gate import (
    MetricRule,
    Rules,
    Verdict,
    gate,
)
from bluejay_results.gate.reports import (
    Failure,
    annotations,
    comment,
    failure_annotations,
    failure_junit,
    failure_summary,
    junit,
    report_json,
    summary,
    text,
)
from bluejay_results.gate.reports.content import LONGEST
from hypothesis import given

from .. import builders
from .runs import FAILED, conversations, run_of
from .verdicts import BY_DECISION, SHIP, saying, texts

COMMAND = re.compile(r"::(error|warning|notice) title=([^:,]+)::(.+)")
ONE_MISSING = [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]
MISSES_ONE = FAILED | {"tool_calls": ONE_MISSING}
NOT_REACHED = ["Agent to fix: 1 failed", "  1: goal not reached: no reason given"]
PAGE = "https://app.getbluejay.ai/simulations/731/runs/48213"


def unescaped(value: str) -> str:
    """Return a value as GitHub's runner reads it."""
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(written, meant)
    return value


@pytest.mark.parametrize("verdict", BY_DECISION)
def test_the_report_starts_with_the_decision_and_its_reason_and_ends_with_the_page(verdict: Verdict) -> None:
    lines = text(verdict)
    assert lines[0] == f"{'violation: ' if verdict.exit_code == 5 else ''}{verdict.reason}"
    assert lines[-1] == f"App: {PAGE}"


def test_the_report_has_a_row_for_each_rule_and_groups_reasons_by_owner() -> None:
    assert text(gate(conversations(1, 4, 1)))[1:] == [
        "Run 48213: 1 passed, 4 failed, 1 void; no rules set: using the defaults",
        "  rule                wanted      measured                                    verdict",
        "  min-conversations   1           5 judged                                    kept",
        "  max-void            20 %        16.7 % void or missing                      kept",
        "  total-tests         above 0     run reports its total: 6                    kept",
        "  counters            must match  counters match the conversations            kept",
        "  min-pass-rate       80 %        1 of 5 judged conversations passed, 20.0 %  broken",
        "  max-always-failing  0           -                                           not applicable",
        "    needs at least 3 judged conversations per caller",
        "Agent to fix: 4 failed",
        "  2, 3, 4 and 1 more: goal not reached: no reason given",
        "Agent or its line to fix: 1 void",
        "  6: status NO_ANSWER",
        "Note: few conversations: with 5 judged, an agent with a pass rate of 60 % would ship in 34 % of "
        "runs (with 20 judged: 5 %)",
        f"App: {PAGE}",
    ]


def test_the_option_explain_adds_the_source_and_the_computation_of_each_rule() -> None:
    rules = Rules(metrics=(MetricRule.parse("politeness >= 4"),))
    sources = {"metric": "--metric", "min-pass-rate": "pyproject.toml"}
    lines = [each.strip() for each in text(gate(conversations(9, 1), rules), explain=True, sources=sources)]
    assert "no judged conversation has this metric; set by --metric; sample size 0" in lines
    assert any(each.startswith("set by pyproject.toml; sample size 10; passed / judged; ") for each in lines)
    assert "set by default; sample size 10; conversations that passed or failed" in lines


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({"status": "ERROR", "evaluations": None}, ["Owner unknown: 1 void", "  1: status ERROR"]),
        ({"evaluations": None}, ["Owner unknown: 1 void", "  1: status COMPLETED, without a goal verdict"]),
        ({"tool_calls": ONE_MISSING}, [NOT_REACHED[0], "  1: goal reached without calling book"]),
        (MISSES_ONE, [NOT_REACHED[0], f"{NOT_REACHED[1]}; missing tools: book"]),
        (FAILED | {"status": "CALL_DROPPED"}, NOT_REACHED),
    ],
)
def test_a_conversation_has_an_owner_and_a_reason(result: dict[str, Any], said: list[str]) -> None:
    assert people(gate(run_of(result))) == said


def people(verdict: Verdict) -> list[str]:
    """The lines about who has to act."""
    rows = {"rule", *(each.rule for each in (*verdict.validity, *verdict.quality))}
    lines = [each for each in text(verdict)[2:] if not each.startswith(("Note: ", "App: ", "    "))]
    return [each for each in lines if each.split()[0] not in rows]


def judged(reasoning: str) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning=reasoning)]}


def test_a_shared_reason_is_printed_once_and_each_different_reason_separately() -> None:
    lines = people(gate(run_of(judged("No slot."), judged("Wrong fee."), judged("Wrong fee."))))
    assert lines == ["Agent to fix: 3 failed, goal not reached", "  2, 3: Wrong fee.", "  1: No slot."]


def test_a_log_counts_the_reasons_after_the_twentieth() -> None:
    lines = people(gate(run_of(*[judged("First.")] * 2, *(judged(f"Reason {each}.") for each in range(23)))))
    assert lines[-1] == "  … and 4 more for 4 other reasons"


@pytest.mark.parametrize("verdict", [each for each in BY_DECISION if each.exit_code in {4, 5}])
def test_the_report_of_an_unjudged_run_says_that_no_rule_was_evaluated(verdict: Verdict) -> None:
    assert text(verdict)[1].endswith("; rules not evaluated")
    assert "measured" not in "".join(text(verdict))
    assert "rules not evaluated" in comment(verdict)


def test_the_report_says_that_a_run_has_no_conversations() -> None:
    assert text(gate(run_of()))[1].startswith("Run 48213: no conversations; ")


def test_long_texts_are_cut_and_overlong_urls_are_left_out() -> None:
    lines = text(saying("x" * 3000), explain=True)
    assert max(map(len, lines)) < 1000
    assert not any(each.startswith("App: ") for each in lines)


def test_notes_are_printed() -> None:
    lines = text(gate(run_of({"status": "COMPLETED_WELL"})))
    assert [each for each in lines if each.startswith("Note: ") and "COMPLETED_WELL" in each]


@given(said=texts)
def test_no_text_becomes_a_ci_command_or_moves_the_cursor(said: str) -> None:
    lines = text(saying(said, f"{said}\udcff"), explain=True, sources={"metric": said})
    assert len(lines) == len(text(saying("word"), explain=True))
    for line in lines:
        assert line.encode()
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e]|##\w*\[", line), line


def problems(verdict: Verdict) -> list[str]:
    """The annotations without the notices, which contain the notes."""
    return [each for each in annotations(verdict) if not each.startswith("::notice ")]


def test_failures_are_warnings_if_the_run_ships_and_otherwise_errors() -> None:
    assert [each.split(" ")[0] for each in problems(SHIP)] == ["::warning", "::warning"]
    assert problems(gate(conversations(3))) == []
    said = annotations(gate(conversations(1, 2, 0)))
    assert said[0] == (
        "::error title=Gate of run 48213::don't ship: min-pass-rate 80 %25: "
        "1 of 3 judged conversations passed, 33.3 %25"
    )
    assert said[1] == f"::error title=Conversation 2%3A failed::goal not reached: no reason given {PAGE}"
    assert annotations(gate(conversations(0, 0, 2)))[1].startswith("::warning title=Conversation 1%3A void::")


def test_the_title_of_an_annotation_is_short_enough_for_github() -> None:
    command = COMMAND.fullmatch(annotations(saying("x" * 300))[0])
    assert command
    assert len(command[2]) < 255


@pytest.mark.parametrize(
    ("failed", "last"),
    [
        (8, "Conversation 9%3A failed"),
        (9, "Conversation 10%3A failed"),
        (10, "2 more conversations did not pass"),
    ],
)
def test_there_are_at_most_ten_annotations_and_the_last_counts_the_rest(failed: int, last: str) -> None:
    said = problems(gate(conversations(1, failed)))
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
    said = annotations(gate(run_of({"evaluations": [failed]})))[1]
    command = COMMAND.fullmatch(said)
    assert command
    assert unescaped(command[2]) == "Conversation 1: failed"
    assert unescaped(command[3]) == f"goal not reached: 50 %0A, a::b {PAGE}"


def test_a_passed_but_doubtful_conversation_is_in_every_report_with_the_reason() -> None:
    untimed = [builders.evaluation(goal_success=each) for each in (False, True)]
    verdict = gate(run_of(*[{}] * 4, {"evaluations": untimed}), Rules(min_pass_rate=100))
    doubt = "its evaluations disagree, and their times don't show which one is the latest"
    assert verdict.exit_code == 6
    assert people(verdict) == ["May have failed: 1 passed", f"  5: {doubt}"]
    reports = [summary(verdict), comment(verdict), junit(verdict).decode(), report_json(verdict).decode()]
    assert [doubt in each.replace("\\", "") for each in reports] == [True] * 4
    document = json.loads(report_json(verdict))
    assert {each["rule"]: each["doubtful"] for each in document["rules"]}["min-pass-rate"] == [5]


@pytest.mark.parametrize("report", [report_json, junit, summary, comment, annotations, text])
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


def test_each_report_says_why_there_is_no_verdict() -> None:
    failure = Failure(3, "404: gone", "731", "r" * 101, PAGE)
    said, escaped = "failed: 404: gone (exit code 3)", r"## failed\: 404\: gone \(exit code 3\)"
    assert failure_annotations(failure) == [f"::error title=Gate of run {'r' * 100}…::{said}"]
    assert failure_annotations(Failure(3, "404: gone")) == [f"::error title=Gate::{said}"]
    assert failure_summary(failure) == f"{escaped}\n\n[Run {'r' * 101}]({PAGE})\n"
    assert failure_summary(Failure(3, "404: gone")) == f"{escaped}\n"
    document = failure_junit(failure).decode()
    assert re.findall(r'name="([a-z-]+)" value="([^"]*)"', document) == [
        ("simulation-id", "731"),
        ("run-id", "r" * 101),
        ("report-url", PAGE),
    ]


def test_a_long_message_is_cut_in_the_headline() -> None:
    assert Failure(4, "x" * 9999).headline == f"not settled: {'x' * 2 * LONGEST}… (exit code 4)"
