"""The command `gate`: its exit codes, its output and bad input."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run
from bluejay_results.cli.app import load
from bluejay_results.gate.options_and_toml import SETTINGS

from .command import Bad, Command, InProcess

SETTLED, PASSED = SCENARIOS["settled"].run_id, SCENARIOS["all_passed"].run_id


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("arguments", "code", "first"),
    [
        (PASSED, 0, "ship: min-pass-rate 80 %: 6 of 6 judged conversations passed, 100.0 %"),
        (f"{PASSED} --max-latency-p95 100", 1, "don't ship: max-latency-p95 100 ms: "),
        (SETTLED, 6, "inconclusive: max-void 20 %: 53.3 % void or missing; 2 void without any recorded"),
        (f"{SCENARIOS['under_way'].run_id} --timeout 60", 4, "not settled: RUNNING, "),
        ("all_passed.json", 0, "ship: "),
        ("-", 0, "ship: "),
        (f"all_passed.json --baseline {SETTLED}", 6, "inconclusive: baseline: 53.3 % of the baseline"),
    ],
)  # fmt: skip
def test_the_first_line_and_the_exit_code_state_the_verdict(
    command: InProcess, folder: Path, arguments: str, code: int, first: str
) -> None:
    ended = command("gate", *arguments.split(), cwd=folder, stdin=SCENARIOS["all_passed"].bodies[0])
    assert ended.code == code
    assert ended.lines[0][: len(first)] == first


def test_a_baseline_from_the_service_is_completed_with_fetches_by_id(
    command: InProcess, stub: Stub, folder: Path
) -> None:
    """The list of this run leaves out the tool calls of 49 conversations."""
    ended = command("gate", "all_passed.json", "--baseline", SCENARIOS["gaps"].run_id, cwd=folder)
    assert ended.code in {0, 6}, ended.err
    lacking = json.loads(SCENARIOS["gaps"].bodies[0])["simulation_results"][-49:]
    assert {str(each["id"]) for each in lacking} <= {each.path.rpartition("/")[2] for each in stub.requests}


COLOUR = re.compile(r"\x1b\[[\d;]*3\dm")
STYLE = re.compile(r"\x1b\[[\d;]*m")


def test_a_terminal_gets_the_table_in_colour_and_within_its_width(process: Command, folder: Path) -> None:
    shown = process.on_a_terminal("gate", "settled.json", cwd=folder, environment={"COLUMNS": "60"})
    lines = [STYLE.sub("", line) for line in shown.splitlines()]
    assert COLOUR.search(shown)
    assert max(map(len, lines)) <= 60
    rows = [line.split() for line in lines]
    assert ["rule", "wanted", "measured", "verdict"] in rows
    [row] = [line for line in lines if line.startswith("  min-conversations")]
    [title] = [line for line in lines if line.startswith("  rule")]
    assert row.index("kept") == title.index("verdict")


def test_a_log_gets_the_whole_table_without_colour(command: InProcess, folder: Path) -> None:
    name = "a" * 200
    arguments = ("settled.json", "--metric", f"{name} >= 4")
    ended = command("gate", *arguments, cwd=folder, environment={"COLUMNS": "60", "FORCE_COLOR": "1"})
    assert f"  metric {name}  >= 4 " in ended.out.decode()
    assert b"\x1b" not in ended.out
    assert ended.err == ""  # annotations are only for GitHub


def test_gate_waits_until_the_run_is_settled(command: InProcess, stub: Stub, folder: Path) -> None:
    stub.serve("48300", Answer.json(run(under_way=1)), Answer.json(run(passed=5)))
    assert command("gate", "48300", "--poll-interval", "0.1", cwd=folder).code == 0


def test_a_baseline_that_breaks_the_contract_makes_the_baseline_rule_inconclusive(
    command: InProcess, folder: Path
) -> None:
    broken = json.loads((folder / "all_passed.json").read_bytes())
    broken["simulation_run"] |= {"id": "48100", "total_tests": "six"}
    (folder / "broken.json").write_text(json.dumps(broken))
    ended = command("gate", "all_passed.json", "--baseline", "broken.json", cwd=folder)
    assert ended.code == 6
    assert "baseline: the baseline breaks the contract" in ended.lines[0]


def test_a_baseline_that_settles_during_the_wait_is_read_again(command: InProcess, stub: Stub) -> None:
    same = {"digital_human_id": 7}
    stub.serve(
        "48392", Answer.json(run(under_way=1, id="48392")), Answer.json(run(passed=[same] * 3, id="48392"))
    )
    stub.serve("48393", Answer.json(run(passed=[same] * 3, id="48393")))
    ended = command("gate", "48393", "--baseline", "48392", "--poll-interval", "0.01")
    assert ended.code == 0
    assert ended.lines[0].partition(":")[0] == "ship"


def test_options_override_pyproject_and_explain_names_both_sources(command: InProcess, folder: Path) -> None:
    rules = "[tool.bluejay-results.gate]\nmax-latency-p95 = 100\nmax-void = 5\n"
    (folder / "pyproject.toml").write_text(rules)
    assert command("gate", "all_passed.json", cwd=folder).code == 1
    ended = command("gate", "all_passed.json", "--max-latency-p95", "9000", "--explain", cwd=folder)
    text = ended.out.decode()
    assert ended.code == 0
    assert "--max-latency-p95" in text
    assert str(folder / "pyproject.toml") in text
    assert (
        "5 % of the turns of 6 conversations took longer than the measured value; latencies received in ms"
        in text
    )


def test_all_reports_contain_the_same_verdict(command: InProcess, folder: Path) -> None:
    arguments = ("gate", "settled.json", "--junit", "gate.xml", "--comment", "gate.md", "--json")
    ended = command(*arguments, cwd=folder, environment={"GITHUB_STEP_SUMMARY": str(folder / "sum.md")})
    document = json.loads(ended.out)
    assert document["format"] == "bluejay-results/gate"
    assert document["exit_code"] == 6
    assert ended.code == 6
    root = ElementTree.parse(folder / "gate.xml").getroot()  # noqa: S314 - our own
    assert root.findall(".//failure") + root.findall(".//error") != []
    assert document["reason"].partition(":")[0] in (folder / "gate.md").read_text()
    assert "inconclusive" in (folder / "sum.md").read_text()


@pytest.mark.parametrize(
    "bad",
    [
        # Rules are checked before the request, which would get a 404.
        Bad("99999 --min-pass-rate 80%", 2, "got '80%'. Leave the % out."),
        Bad("settled.json --metric call_reason>=1 --max-void 60", 2, "has the type enum, which has no order"),
        Bad("all_passed.json --baseline all_passed.json", 2, "itself. Give an earlier run."),
        Bad("all_passed.json --baseline missing.json", 2, "missing.json: No such file"),
        Bad("all_passed.json --baseline settled.json --strict", 2, "The baseline belongs to simulation 731"),
        Bad("- --baseline -", 2, "Only one run can come from standard input."),
        Bad("all_passed.json --config none.toml", 2, "none.toml: No such file or directory. Name a"),
        Bad("https://example.com/a", 2, "is not the URL of a run in the app."),
        Bad("--min-pass-rate 80", 2, "Missing argument 'RUN|FILE|-', or --queue SIMULATION. See: "),
        Bad("all_passed.json --queue 731", 2, "all_passed.json and --queue can't be combined."),
        Bad("all_passed.json --prompt 7 --sip-uri x", 2, "--prompt and --sip-uri can't be used without"),
        Bad("99999", 3, "404: There is no such run for this key."),
        Bad("pyproject.toml", 5, "pyproject.toml is empty. Save a run with"),
    ],
    ids=lambda bad: bad.arguments,
)  # fmt: skip
def test_bad_input_prints_one_line_and_exits_with_the_documented_code(
    command: InProcess, folder: Path, bad: Bad
) -> None:
    bad.check(command("gate", *bad.arguments.split(), cwd=folder))


def test_each_rule_has_the_option_that_it_declares() -> None:
    options = {each.opts[0]: each for each in load("gate").params}
    declared = {f"--{name}": each for name, each in SETTINGS.items()}
    found = {name: (options[name].metavar or "", options[name].help) for name in declared}
    assert found == {name: (each.metavar, each.help) for name, each in declared.items()}
    assert {name for name in declared if options[name].is_flag} == {
        name for name, each in declared.items() if not each.metavar
    }
