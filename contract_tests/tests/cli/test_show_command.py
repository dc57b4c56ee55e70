"""The `show` command: the sources that it reads and the formats that it writes."""

import json
import re
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Stub

from ..gate.runs import evaluated
from .command import Command, Ended, broken_pipe

SETTLED = SCENARIOS["settled"].bodies[-1]
STYLE = re.compile(r"\x1b\[[\d;]*m")


@pytest.fixture(scope="module")
def settled(stub: Stub) -> Ended:
    """The output of `show`, run in a separate process, for the settled run."""
    return Command(stub.url)("show", "48213")


def test_output_to_a_pipe_contains_no_signed_url_and_no_colour_code(settled: Ended) -> None:
    """Anybody with a transcript's signed URL can read the conversation."""
    assert settled.code == 0
    assert settled.err == ""
    assert [line for line in settled.lines if line != line.rstrip()] == []
    assert b"transcript" in SETTLED
    assert [word for word in (b"transcript", b"\x1b") if word in settled.out] == []


def test_a_saved_run_and_a_runs_url_produce_the_same_output_as_a_run_id(
    command: Command, saved: Path, settled: Ended
) -> None:
    no_key = {"BLUEJAY_API_KEY": ""}
    assert command("show", saved, environment=no_key).out == settled.out
    assert command("show", "-", stdin=SETTLED, environment=no_key).out == settled.out
    assert command("show", settled.lines[-1].split()[-1]).out == settled.out


def test_an_argument_is_read_as_a_file_if_a_file_with_that_name_exists(
    command: Command, tmp_path: Path, settled: Ended
) -> None:
    (tmp_path / "48214").write_bytes(SETTLED)
    assert command("show", "48214", cwd=tmp_path).out == settled.out


def test_the_json_option_writes_the_documented_values(command: Command) -> None:
    document = json.loads(command("show", "-", "--json", stdin=SETTLED).out)
    run, result = document["run"], document["results"][3]
    assert (document["format"], document["version"]) == ("bluejay-results/run", 2)
    assert (run["id"], run["is_settled"], run["service_pass_rate"]) == ("48213", True, 20)
    rates = [run[each] for each in ("pass_rate", "pass_rate_lowest", "pass_rate_highest")]
    assert rates == pytest.approx([300 / 7, 300 / 12, 800 / 12])
    assert run["outcomes"] == {"passed": 3, "failed": 4, "unknown": 5, "void": 3, "under_way": 0}
    assert (result["id"], result["outcome"], result["owner"]) == (482130004, "failed", "agent")
    assert result["reason"]["tools"] == result["missing_tools"] == ["cancel_appointment"]
    assert (result["start_time"], result["duration_seconds"]) == ("2026-11-19T16:04:31.481337+00:00", 64.0)
    assert result["latency"] == result["latency_ms"]
    assert (result["tool_calls"][1]["name"], result["tool_calls"][1]["actual"]) == ("cancel_appointment", [])
    assert "?<redacted>" in result["transcript_url"]
    assert {"id": 58, "passed": 0, "failed": 1, "unknown": 0, "void": 0} in document["callers"]


@pytest.mark.parametrize(("average", "latency_ms"), [(1.5, 1500), (50, None)])
def test_there_is_no_latency_in_milliseconds_if_the_unit_is_unknown(
    average: float, latency_ms: float | None
) -> None:
    found = evaluated({"avg_agent_latency": average}).results[0].latency_ms
    assert (found and found.average) == latency_ms


@pytest.mark.parametrize("source", [["48213"], []], ids=["of a run", "alone"])
def test_a_single_conversation_can_be_written_as_json(
    command: Command, saved: Path, source: list[str]
) -> None:
    expected = json.loads(command("show", saved, "--json").out)["results"][3]
    expected |= {"format": "bluejay-results/result", "version": 2}
    expected["is_incomplete"] = bool(source)  # a conversation that was fetched by id is complete
    assert json.loads(command("show", *source, "--result", "482130004", "--json").out) == expected


@pytest.mark.parametrize(("no_color", "is_coloured"), [("", True), ("1", False)])
def test_the_output_is_not_coloured_if_no_color_is_set(
    command: Command, settled: Ended, no_color: str, is_coloured: bool
) -> None:
    shown = command.on_a_terminal("show", "48213", environment={"COLUMNS": "60", "NO_COLOR": no_color})
    *lines, url = STYLE.sub("", shown).splitlines()
    assert ("\x1b[3" in shown) == is_coloured
    assert max(map(len, lines)) <= 60
    assert url == settled.lines[-1]


def test_output_that_cannot_be_encoded_is_escaped(process: Command) -> None:
    body = SETTLED.replace(b"twice", "zweimal: \u00fcbel".encode())
    ended = process("show", "-", stdin=body, environment={"PYTHONIOENCODING": "ascii"})
    assert b"zweimal: \\xfcbel" in ended.out


def test_no_message_is_printed_if_stdout_is_a_closed_pipe(process: Command) -> None:
    with broken_pipe() as ours:
        ended = process("show", "48213", stdout=ours)
    assert (ended.code, ended.err) == (141, "")


def test_the_exit_code_is_141_if_the_pipe_is_closed_before_the_output_ends(
    process: Command, tmp_path: Path
) -> None:
    """With unbuffered output, Python itself would write some of the bytes and ignore the rest."""
    (tmp_path / "large.json").write_bytes(SCENARIOS["paged"].bodies[-1])
    arguments = ("show", tmp_path / "large.json", "--json")
    with process.start(*arguments, environment={"PYTHONUNBUFFERED": "1"}) as started:
        assert started.stdout
        started.stdout.read(1)
        started.stdout.close()
    assert started.returncode == 141


def test_one_line_is_printed_to_stderr_if_stdout_cannot_be_written(process: Command) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = process("show", "48213", stdout=full, environment={"PYTHONUNBUFFERED": ""})
    [line] = ended.errors
    assert ended.code == 2
    assert "No space left on device" in line
