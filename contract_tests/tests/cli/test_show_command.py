"""The command `show`: the sources that it reads, and the forms that it writes."""

import json
import re
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub

from .. import builders
from ..gate.test_view import strings
from .command import Command, Ended, broken_pipe

SETTLED = SCENARIOS["settled"].bodies[-1]
VERDICT = "Run 48213 is settled (COMPLETED): 3 of 7 passed, 42.9 %; 5 unknown; 3 void"
ESCAPE = b"\x1b"


@pytest.fixture(scope="module")
def settled(process: Command) -> Ended:
    """What `show` prints about the settled run, in a process of its own."""
    return process("show", "48213")


def test_a_run_is_shown_as_plain_lines_with_its_verdict_first(settled: Ended) -> None:
    """URLs of transcripts are not shown: they are signed, so whoever has one can read the conversation."""
    assert settled.code == 0
    assert settled.err == ""
    assert settled.lines[0] == VERDICT
    assert [line for line in settled.lines if line != line.rstrip()] == []
    assert b"transcript" in SETTLED
    assert [word for word in (b"transcript", ESCAPE) if word in settled.out] == []


def test_a_saved_run_is_shown_like_a_retrieved_run_without_a_key(
    command: Command, saved: Path, settled: Ended
) -> None:
    no_key = {"BLUEJAY_API_KEY": ""}
    assert command("show", saved, environment=no_key).out == settled.out
    assert command("show", "-", stdin=SETTLED, environment=no_key).out == settled.out


def test_a_file_that_is_named_like_a_run_id_is_read(command: Command, tmp_path: Path) -> None:
    (tmp_path / "48214").write_bytes(SETTLED)
    assert command("show", "48214", cwd=tmp_path).lines[0] == VERDICT


@pytest.mark.parametrize("name", ["48213.json", "./48213"])
def test_an_argument_that_looks_like_a_path_is_never_sent_to_the_service(
    command: Command, stub: Stub, name: str
) -> None:
    before = len(stub.requests)
    command("show", name)
    assert len(stub.requests) == before


def test_the_url_of_a_run_is_accepted_as_a_run_id(command: Command, settled: Ended) -> None:
    assert command("show", settled.lines[-1].split()[-1]).out == settled.out


def test_the_option_base_url_overrides_the_environment(command: Command, stub: Stub) -> None:
    elsewhere = {"BLUEJAY_API_URL": "ftp://unused"}
    assert command("show", "48213", "--base-url", f"{stub.url}/v1", environment=elsewhere).code == 0


@pytest.mark.parametrize("arguments", [("show", "other"), ("wait", "other", "--timeout", "1")])
def test_a_run_other_than_the_requested_one_exits_with_5(
    command: Command, stub: Stub, arguments: tuple[str, ...]
) -> None:
    stub.serve("other", Answer(SETTLED))
    ended = command(*arguments)
    assert ended.code == 5
    assert ended.out == b""
    assert "The service sent run 48213, but other was requested." in ended.errors[-1]


def test_json_is_the_documented_view(command: Command) -> None:
    ended = command("show", "-", "--json", stdin=SETTLED)
    document = json.loads(ended.out)
    run, results = document["run"], document["results"]
    counts = {"passed": 3, "failed": 4, "unknown": 5, "void": 3, "under_way": 0}
    assert document["format"] == "bluejay-results/run"
    assert document["version"] == 1
    assert run["id"] == "48213"
    assert run["is_settled"] is True
    assert run["pass_rate"] == 0.2
    assert run["pass_rate_bounds"] == [3 / 12, 8 / 12]
    assert run["outcomes"] == counts
    figures = {"average": 1037.5, "maximum": 1310, "p50": 940, "p90": 1310, "p95": 1310, "p99": 1310}
    result = results[3]
    assert (result["id"], result["digital_human_id"], result["status"]) == (482130004, 58, "COMPLETED")
    assert (result["outcome"], result["owner"]) == ("failed", "agent")
    assert result["reason"]["why"] == "tools_not_called"
    assert result["reason"]["tools"] == result["missing_tools"] == ["cancel_appointment"]
    assert (result["start_time"], result["duration_seconds"]) == ("2026-11-19T16:04:31.481337+00:00", 64.0)
    assert result["latency"] == result["latency_ms"] == {**figures, "unit": "ms"}
    assert result["answers"][0] == {
        "question": "goal",
        "metric": None,
        "answer": True,
        "explanation": "The caller was told that the appointment is cancelled.",
        "evaluated_at": None,
        "is_current": True,
    }
    assert result["tool_calls"][1]["name"] == "cancel_appointment"
    assert result["tool_calls"][1]["actual"] == []
    assert "?<redacted>" in result["transcript_url"]


def test_the_view_contains_no_sentence_of_ours(command: Command) -> None:
    """Every text of several words is one that the service sent."""
    document = json.loads(command("show", "-", "--json", stdin=SETTLED).out)
    received = SETTLED.decode()
    found = [each for each in strings(document) if " " in each]
    assert [each for each in found if json.dumps(each)[1:-1] not in received] == []


@pytest.mark.parametrize(("average", "unit", "latency_ms"), [(1.5, "s", 1500), (50, None, None)])
def test_json_has_latencies_in_milliseconds_only_if_their_unit_is_known(
    command: Command, average: float, unit: str | None, latency_ms: float | None
) -> None:
    body = builders.response(builders.result(evaluations=[builders.evaluation(avg_agent_latency=average)]))
    [result] = json.loads(command("show", "-", "--json", stdin=builders.encoded(body)).out)["results"]
    assert result["latency"]["unit"] == unit
    assert (result["latency_ms"] and result["latency_ms"]["average"]) == latency_ms


def test_json_has_the_callers_and_the_incomplete_conversations(command: Command) -> None:
    document = json.loads(command("show", "48231", "--json").out)
    callers = {each["id"]: each for each in document["callers"]}
    assert callers[102] == {"id": 102, "passed": 2, "failed": 1, "unknown": 0, "void": 0}
    lacking = json.loads(command("show", "48230", "--json").out)
    assert [each["id"] for each in lacking["results"] if each["is_incomplete"]] == [482300006]


def test_a_single_conversation_is_shown_with_or_without_its_run(command: Command) -> None:
    """Only the run's list may lack a tool call."""
    of_run = command("show", "48213", "--result", "482130005")
    alone = command("show", "--result", "482130005")
    assert of_run.code == 0
    assert alone.code == 0
    of_both = set(of_run.lines) & set(alone.lines)
    assert {*of_run.lines} - of_both == {
        "Note           a verdict or tool calls may be missing; to fetch the conversation by id: "
        "bluejay-results show --result 482130005"
    }
    assert {*alone.lines} == of_both


@pytest.mark.parametrize("source", [["48213"], []], ids=["of a run", "alone"])
def test_a_single_conversation_can_be_written_as_json(
    command: Command, saved: Path, source: list[str]
) -> None:
    asked = ["show", *source, "--result", "482130004"]
    expected = json.loads(command("show", saved, "--json").out)["results"][3]
    expected |= {"format": "bluejay-results/result", "version": 1}
    expected["is_incomplete"] = bool(source)  # a conversation that was fetched by id lacks nothing
    assert json.loads(command(*asked, "--json").out) == expected


def test_json_masks_signatures_and_escapes_control_characters(command: Command) -> None:
    summary = rb'"summary":"See https://x.example/a?signature=s \u009b2J"'
    body = SETTLED.replace(b'"summary":"3 of 15 callers reached their goal."', summary)
    ended = command("show", "-", "--json", stdin=body)
    assert json.loads(ended.out)["run"]["summary"] == "See https://x.example/a?<redacted> \x9b2J"
    assert ended.out.isascii()


def test_the_output_of_json_is_refused_as_a_saved_run(command: Command, saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "view.json"
    path.write_bytes(command("show", saved, "--json").out)
    said = f"{path}: This is the output of --json, not a saved run. Save a run with --har."
    shown = command("show", path)
    assert shown.code == 2
    assert shown.err == f"bluejay-results: {said}\n"


def test_a_terminal_limits_the_width_of_all_lines_except_the_url(command: Command, settled: Ended) -> None:
    shown = command.on_a_terminal("show", "48213", environment={"COLUMNS": "60", "NO_COLOR": "1"})
    *lines, url = re.sub(r"\x1b\[\d*m", "", shown).splitlines()
    assert max(map(len, lines)) <= 60
    assert url == settled.lines[-1]


@pytest.mark.parametrize(("no_color", "is_coloured"), [("", True), ("1", False)])
def test_output_to_a_terminal_has_colour_unless_no_color_is_set(
    command: Command, no_color: str, is_coloured: bool
) -> None:
    shown = command.on_a_terminal("show", "48213", environment={"NO_COLOR": no_color})
    assert ("\x1b[31mfailed" in shown) == is_coloured
    assert ("\x1b[3" in shown) == is_coloured


def test_output_that_cannot_be_encoded_is_escaped(process: Command) -> None:
    body = SETTLED.replace(b"twice", "zweimal: \u00fcbel".encode())
    ended = process("show", "-", stdin=body, environment={"PYTHONIOENCODING": "ascii"})
    assert b"zweimal: \\xfcbel" in ended.out


@pytest.mark.parametrize("arguments", [["48213"], ["48221", "--json"]], ids=["report", "json"])
def test_a_closed_pipe_ends_show_without_a_message(process: Command, arguments: list[str]) -> None:
    with broken_pipe() as ours:
        ended = process("show", *arguments, stdout=ours)
    assert ended.code == 141
    assert ended.err == ""


def test_show_exits_with_141_if_its_pipe_is_closed_half_way(process: Command) -> None:
    """With unbuffered output, Python itself would write a part of the bytes without an error."""
    with process.start("show", "48221", "--json", environment={"PYTHONUNBUFFERED": "1"}) as started:
        assert started.stdout
        started.stdout.read(1)
        started.stdout.close()
    assert started.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["show", "48213"], ["--version"]], ids=["report", "version"])
def test_output_that_cannot_be_written_prints_one_line(process: Command, arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = process(*arguments, stdout=full, environment={"PYTHONUNBUFFERED": ""})
    said = "bluejay-results: The output can't be written: No space left on device. Write it elsewhere.\n"
    assert ended.code == 2
    assert ended.err == said
