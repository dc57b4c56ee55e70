"""The command `compare`: its output and its exit codes."""

import json
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Stub
from bluejay_results.compare import compare

from .. import builders
from ..gate.runs import FAILED, PASSED, VOID, callers, run_of
from .command import Bad, InProcess

HOSTILE = {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning="no \x1b[2J\n::error::x")]}
SAVED = {
    "base": callers(*[(1, 0)] * 48, *[(0, 1)] * 2, id="48100"),
    "worse": callers(*[(1, 0)] * 36, *[(0, 1)] * 12, *[(1, 0)] * 2, id="48213"),
    "same": callers(*[(1, 0)] * 48, *[(0, 1)] * 2, id="48214"),
    "elsewhere": callers(*[(1, 0)] * 50, id="48215", simulation_id="732"),
    "small": run_of(*(each | {"digital_human_id": 100} for each in (PASSED, FAILED, VOID)), id="48216"),
    "hostile": run_of(*[HOSTILE | {"digital_human_id": each} for each in (100, 101)], id="48217"),
    "running": run_of(PASSED, status="RUNNING", id="48218"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file for each of the runs."""
    folder = tmp_path_factory.mktemp("runs")
    for name, run in SAVED.items():
        (folder / f"{name}.json").write_bytes(run.responses[0].body)
    return folder


@pytest.mark.parametrize(
    ("arguments", "code", "first"),
    [
        ("base.json worse.json", 0, "Worse: pass rate fell from 96.0 % to 76.0 % (mean over 50 callers)"),
        ("base.json same.json --margin 8", 0, "No meaningful change: "),
        ("base.json same.json --max-drop 8", 0, "max-drop 8: kept, the drop is at most 7.6 points"),
        ("base.json worse.json --max-drop 5", 1, "max-drop 5: broken, the pass rate dropped by 20.0 points"),
        ("base.json same.json --max-drop 5", 6, "max-drop 5: inconclusive, the drop may be anything"),
        ("base.json running.json", 4, "Can't compare: run 48218: not settled: RUNNING"),
        ("--base base.json --base same.json --new worse.json --new hostile.json", 0, "Worse: pass rate fell"),
        ("base.json elsewhere.json --max-drop 30 --plan", 0, "max-drop 30: kept"),
    ],
)
def test_the_first_line_and_the_exit_code_state_the_same_verdict(
    command: InProcess, folder: Path, arguments: str, code: int, first: str
) -> None:
    ended = command("compare", *arguments.split(), cwd=folder)
    assert ended.code == code
    assert ended.lines[0][: len(first)] == first
    assert ended.err == ""


def test_changed_callers_are_listed_with_reasons_and_other_figures(command: InProcess, folder: Path) -> None:
    out = command("compare", "base.json", "worse.json", "--plan", cwd=folder).out.decode()
    for line in (
        "12 callers got worse (before and now: passed of judged conversations):",
        "caller  before  now     reason for the failures",
        "136     1 of 1  0 of 1  no reason given",
        "2 callers got better (before and now: passed of judged conversations):",
        "149     0 of 1  1 of 1  before: no reason given",
        "800 ms  800 ms      +0  latency average",
        "Plan  to detect a change of 5 points in 80 % of comparisons, about 880 callers",
        "App   https://app.getbluejay.ai/simulations/731/runs/48213",
    ):
        assert f"\n{line}" in out


def test_an_inconclusive_drop_prints_how_many_callers_are_needed(command: InProcess, folder: Path) -> None:
    ended = command("compare", "base.json", "worse.json", "--max-drop", "30", cwd=folder)
    said = "to detect a change of 30 points in 80 % of comparisons, about 25 callers"
    assert ended.code == 6
    assert said in ended.out.decode()


def test_callers_that_are_on_one_side_or_not_judged_are_named(command: InProcess, folder: Path) -> None:
    out = command("compare", "base.json", "small.json", cwd=folder).out.decode()
    named = ", ".join(str(each) for each in range(101, 111))
    assert f"Only before  callers {named} and 39 more\n" in out
    assert "Note         run 48216: 1 of 3 conversations are void" in out


def test_the_json_contains_the_whole_comparison(command: InProcess, folder: Path) -> None:
    ended = command("compare", "base.json", "-", "--json", cwd=folder, stdin=SAVED["worse"].responses[0].body)
    document, comparison = json.loads(ended.out), compare(SAVED["base"], SAVED["worse"])
    assert document["format"] == "bluejay-results/comparison"
    assert document["version"] == 1
    assert document["conclusion"] == "worse"
    assert document["exit_code"] == 0
    assert document["drop"] is None
    assert document["effect"]["change"] == -20
    assert document["callers_needed"] == 880
    assert [each["digital_human_id"] for each in document["worse"]] == [each.id for each in comparison.worse]
    assert document["better"][0]["before"] == {"passed": 0, "judged": 1}
    assert document["deltas"] == [
        {"name": "latency average", "unit": "ms", "before": 800, "now": 800, "change": 0}
    ]


def test_incomplete_conversations_are_fetched_by_id(command: InProcess, stub: Stub) -> None:
    """The lists of both runs lack tool calls of some conversations."""
    before = len(stub.requests)
    ended = command("compare", SCENARIOS["gaps"].run_id, SCENARIOS["repeats"].run_id, "--json")
    assert json.loads(ended.out)["conclusion"] == "too_small"
    assert len(stub.requests) - before > 2
    assert "run 48229: tool calls" not in ended.out.decode()


def test_a_change_of_over_1_000_is_printed_without_an_exponent(command: InProcess) -> None:
    settled = SCENARIOS["advancing"].bodies[-1]
    ended = command("compare", "-", SCENARIOS["all_passed"].run_id, stdin=settled)
    assert "-1,410  latency p99" in ended.out.decode()


BAD = {
    "one run": Bad("compare base.json", 2, "Give two runs, BASE and NEW, or give --base and --new at"),
    "one side": Bad("compare --base base.json", 2, "Give two runs, BASE and NEW"),
    "both ways": Bad("compare base.json --new worse.json", 2, "can't be combined with --base and --new"),
    "twice": Bad("compare base.json base.json", 2, "Run 48100 is given twice. Compare different runs."),
    "two from stdin": Bad("compare - -", 2, "Only one run can come from standard input."),
    "strict": Bad("compare base.json elsewhere.json --strict", 2, "Run 48100 belongs to simulation 731, run"),
    "both limits": Bad("compare a b --margin 5 --max-drop 5", 2, "--margin and --max-drop can't be combined"),
    "spread alone": Bad("compare a b --plan-spread 5", 2, "--plan-spread can't be used without --plan."),
    "no file": Bad("compare base.json none.json", 2, "none.json: No such file or directory."),
} | {
    option: Bad(f"compare base.json worse.json --plan {option}={value}", 2, f"{option} must be a number")
    for option, value in (("--margin", "80%"), ("--max-drop", ""), ("--plan-spread", "101"))
}


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
def test_bad_input_prints_one_line_and_exits_with_2(command: InProcess, folder: Path, bad: Bad) -> None:
    bad.check(command(*bad.arguments.split(), cwd=folder))
