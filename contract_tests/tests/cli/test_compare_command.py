"""The command `compare`: its output and its exit codes."""

import json
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Stub

from .. import builders
from ..compare.sides import both, side
from .command import Bad, InProcess

BASE, WORSE = both((15, "P", "P"), (5, "P", "F"))
HOSTILE = builders.evaluation(goal_success=False, goal_reasoning="no \x1b[2J\n::error::x")
SAVED = {
    "base": BASE,
    "worse": WORSE,
    "same": side(dict.fromkeys(range(100, 120), "P"), id="3"),
    "unsure": both((14, "P", "P"), (4, "P", "F"), (2, "P", "U"))[1],
    "few": side(dict.fromkeys(range(100, 104), "F") | {7: "P"}, id="5"),
    "void": side({100: "P", 101: "V"}, id="6"),
    "running": side({100: "P"}, id="7", status="RUNNING"),
    "elsewhere": side(dict.fromkeys(range(100, 120), "P"), id="8", simulation_id="732"),
    "hostile": builders.saved_run(
        builders.result(1, digital_human_id=100, evaluations=[HOSTILE]), id="9", total_tests=1
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file for each of the runs, and one that breaks the contract."""
    folder = tmp_path_factory.mktemp("runs")
    for name, run in SAVED.items():
        (folder / f"{name}.json").write_bytes(run.responses[0].body)
    (folder / "broken.json").write_bytes(BASE.responses[0].body.replace(b"[", b"{", 1))
    return folder


@pytest.mark.parametrize(
    ("name", "code", "first"),
    [
        ("same", 0, "can't tell: 20 callers, 0.0 points (-14.4 to +14.4): the interval contains 0;"),
        ("worse", 1, "worse: 20 callers, -25.0 points (-49.6 to -0.4)"),
        ("running", 4, "can't tell: run 7: not settled: "),
        ("unsure", 6, "can't tell: 20 callers, -30.0 to -20.0 points (-55.6 to +3.3): 2 unknown, open 19"),
        ("few", 6, "can't tell: 4 callers, -100.0 points ("),
        ("void", 6, "can't tell: run 6 is not a measurement: 1 of 2 conversations void"),
    ],
)
def test_only_with_fail_if_worse_the_exit_code_is_that_of_the_verdict(
    command: InProcess, folder: Path, name: str, code: int, first: str
) -> None:
    for option, expected in (([], 0), (["--fail-if-worse"], code)):
        ended = command("compare", "base.json", f"{name}.json", *option, cwd=folder)
        assert ended.code == expected
        assert ended.lines[0].startswith(first)
        assert ended.err == ""


def test_better_exits_with_0(command: InProcess, folder: Path) -> None:
    ended = command("compare", "worse.json", "base.json", "--fail-if-worse", cwd=folder)
    assert ended.code == 0
    assert ended.lines[0] == "better: 20 callers, +25.0 points (+0.4 to +49.6)"


def test_at_most_20_callers_are_listed(command: InProcess, tmp_path: Path) -> None:
    base, run = both((21, "P", "F"), (1, "F", "P"))
    for name, each in (("base", base), ("run", run)):
        (tmp_path / f"{name}.json").write_bytes(each.responses[0].body)
    lines = command("compare", "base.json", "run.json", cwd=tmp_path).lines
    assert "22 callers changed, the worst first; the first 20 are listed, --json lists all:" in lines
    assert sum("No slot was offered." in each for each in lines) == 20


def test_left_out_callers_and_another_simulation_are_named(command: InProcess, folder: Path) -> None:
    out = command("compare", "elsewhere.json", "few.json", cwd=folder).out.decode()
    named = ", ".join(str(each) for each in range(104, 114))
    assert f"\nLeft out  callers {named} and 7 more\n" in out
    assert "\nNote      the base run belongs to simulation 732, the run to simulation 731\n" in out


def test_received_text_can_not_control_the_terminal(command: InProcess, folder: Path) -> None:
    out = command("compare", "base.json", "hostile.json", cwd=folder).out.decode()
    assert "\x1b" not in out
    assert "no \\x1b[2J" in out


def test_the_json_is_the_view_of_the_comparison(command: InProcess, folder: Path) -> None:
    body = WORSE.responses[0].body
    ended = command("compare", "base.json", "-", "--json", "--fail-if-worse", cwd=folder, stdin=body)
    document = json.loads(ended.out)
    assert ended.code == document["exit_code"] == 1
    assert document["change"] == "worse"


def test_a_run_in_the_app_is_compared_and_its_conversations_are_fetched_by_id(
    command: InProcess, stub: Stub
) -> None:
    """The list of the run lacks tool calls of some conversations."""
    before = len(stub.requests)
    url = f"https://app.getbluejay.ai/simulations/733/runs/{SCENARIOS['gaps'].run_id}"
    ended = command("compare", url, SCENARIOS["no_calls"].run_id)
    assert ended.lines[0].startswith("worse: 50 callers, -36.0 to -16.0 points (")
    assert len(stub.requests) - before > 4


BAD = {
    "one run": Bad("compare base.json", 2, "Missing argument 'RUN'."),
    "three runs": Bad("compare base.json worse.json same.json", 2, "unexpected extra argument"),
    "the same run": Bad("compare base.json base.json", 2, "Both runs are run 1. Give two different runs."),
    "two from stdin": Bad("compare - -", 2, "Only one run can come from standard input."),
    "no file": Bad("compare base.json none.json", 2, "none.json: No such file or directory."),
    "another URL": Bad("compare base.json https://example.com/1", 2, "is not the URL of a run in the app"),
    "no such run": Bad("compare base.json 99", 3, "99"),
    "broken": Bad("compare base.json broken.json", 5, "broken.json"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
def test_bad_input_prints_one_line(command: InProcess, folder: Path, bad: Bad) -> None:
    bad.check(command(*bad.arguments.split(), cwd=folder))
