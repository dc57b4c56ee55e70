"""The command `gate`: its exit codes, its output and bad input."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run
from bluejay_results.cli.app import load
from bluejay_results.gate.rules import SETTINGS

from .command import Bad, Command, InProcess

SETTLED, PASSED = SCENARIOS["settled"].run_id, SCENARIOS["all_passed"].run_id


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("arguments", "code", "first"),
    [
        (PASSED, 0, "ship: 6 of 6 passed, 100.0 % (at least 80 %)"),
        (f"{PASSED} --require p90(latency.p95)<=100ms", 1, "don't ship: the p90 of latency.p95 is 1480 ms"),
        (f"{SETTLED} --max-void 19", 6, "inconclusive: not a measurement: 3 of 15 conversations void"),
        (f"{PASSED} --confident", 6, "inconclusive: 6 of 6 passed, 100.0 %, interval 57.9 to 100.0 %"),
        (f"{SCENARIOS['under_way'].run_id} --timeout 60", 4, "inconclusive: not settled: status RUNNING, "),
        ("all_passed.json", 0, "ship: "),
        ("-", 0, "ship: "),
    ],
)  # fmt: skip
def test_the_first_line_and_the_exit_code_state_the_verdict(
    command: InProcess, folder: Path, arguments: str, code: int, first: str
) -> None:
    ended = command("gate", *arguments.split(), cwd=folder, stdin=SCENARIOS["all_passed"].bodies[0])
    assert ended.code == code
    assert ended.lines[0][: len(first)] == first


COLOUR = re.compile(r"\x1b\[[\d;]*3\dm")


def test_a_terminal_gets_colour_and_no_line_is_wider(process: Command, folder: Path) -> None:
    shown = process.on_a_terminal("gate", "settled.json", cwd=folder, environment={"COLUMNS": "60"})
    assert COLOUR.search(shown)
    assert max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in shown.splitlines()) <= 60


def test_a_log_gets_the_whole_table_without_colour(command: InProcess, folder: Path) -> None:
    name = "a" * 200
    arguments = ("settled.json", "--require", f"mean({name}) >= 4")
    ended = command("gate", *arguments, cwd=folder, environment={"COLUMNS": "60"})
    assert f"  require mean({name}) >= 4: " in ended.out.decode()
    assert b"\x1b" not in ended.out
    assert ended.err == ""  # annotations are only for GitHub


def test_gate_waits_until_the_run_is_settled(command: InProcess, stub: Stub, folder: Path) -> None:
    stub.serve("48300", Answer.json(run(under_way=1)), Answer.json(run(passed=5)))
    assert command("gate", "48300", "--poll-interval", "0.1", cwd=folder).code == 0


def test_all_reports_contain_the_same_verdict(command: InProcess, folder: Path) -> None:
    arguments = ("gate", "settled.json", "--junit", "gate.xml", "--comment", "gate.md", "--json")
    ended = command(*arguments, cwd=folder, environment={"GITHUB_STEP_SUMMARY": str(folder / "sum.md")})
    document = json.loads(ended.out)
    assert document["format"] == "bluejay-results/gate"
    assert document["exit_code"] == 1
    assert ended.code == 1
    root = ElementTree.parse(folder / "gate.xml").getroot()  # noqa: S314 - our own
    assert root.findall(".//failure") + root.findall(".//error") != []
    assert document["decision"] == "dont_ship"
    assert "## don't ship" in (folder / "gate.md").read_text().replace("\\", "")
    assert "## don't ship" in (folder / "sum.md").read_text().replace("\\", "")


def test_an_option_replaces_the_value_in_pyproject(command: InProcess, folder: Path) -> None:
    (folder / "pyproject.toml").write_text(
        "[tool.bluejay-results.gate]\nrequire = ['p90(latency.p95) <= 100 ms']\nmax-void = 5\n"
    )
    assert command("gate", "all_passed.json", cwd=folder).code == 1
    ended = command("gate", "all_passed.json", "--require", "p90(latency.p95) <= 9 s", cwd=folder)
    assert ended.code == 0
    assert "  max-void 5: " in ended.out.decode()


def test_several_rules_about_figures_are_judged_in_their_order(command: InProcess, folder: Path) -> None:
    rules = ("--require", "max(latency.p95) <= 9 s", "--require", "rate(hallucination) <= 5 %")
    ended = command("gate", "all_passed.json", *rules, "--json", cwd=folder)
    found = [each["figure_rule"]["figure"] for each in json.loads(ended.out)["rules"][2:]]
    assert found == ["latency.p95", "hallucination"]


@pytest.mark.parametrize(
    "bad",
    [
        # Rules are checked before the request, which would get a 404.
        Bad("99999 --min-pass-rate 80%", 2, "got '80%'. Leave the % out."),
        Bad("99999 --max-void 101", 2, "max-void must be a percentage from 0 to 100, got 101."),
        Bad("99999 --min-pass-rate nan", 2, "min-pass-rate must be a number, got nan."),
        Bad("99999 --require=", 2, "require: '' isn't a rule: expected AGGREGATE(FIGURE) "),
        Bad("99999 --require p90(x)", 2, "isn't a rule: expected AGGREGATE(FIGURE) OPERATOR "),
        Bad("99999 --require rate(x)>=95", 2, "a rate needs % after its limit. A rule is '"),
        Bad("99999 --require p90(duration)<=9", 2, "a time needs ms or s after its limit. A rule is '"),
        Bad("99999 --require mean(x)>=nan", 2, "isn't a rule: expected AGGREGATE(FIGURE) "),
        Bad("99999 --require mean(x)>=4 --require mean(x)>=4.0", 2, "are the same rule. Remove one of them."),
        Bad("99999 --latency-unit min", 2, "latency-unit must be ms or s, got 'min'."),
        Bad("all_passed.json --config unknown.toml", 2, "there is no rule 'zzz'. The rules are min-"),
        Bad("all_passed.json --config none.toml", 2, "none.toml: No such file or directory. Name a"),
        Bad("https://example.com/a", 2, "is not the URL of a run in the app."),
        Bad("--min-pass-rate 80", 2, "Missing argument 'RUN|FILE|-', or --queue SIMULATION. See: "),
        Bad("all_passed.json --queue 731", 2, "all_passed.json and --queue can't be combined."),
        Bad("all_passed.json --agent-version x", 2, "--with can't be used without --queue."),
        Bad("99999", 3, "404: There is no such run for this key."),
        Bad("pyproject.toml", 5, "pyproject.toml: The response is empty. Save a run"),
    ],
    ids=lambda bad: bad.arguments,
)  # fmt: skip
def test_bad_input_prints_one_line_and_exits_with_the_documented_code(
    command: InProcess, folder: Path, bad: Bad
) -> None:
    (folder / "unknown.toml").write_text("[tool.bluejay-results.gate]\nzzz = 1\n")
    bad.check(command("gate", *bad.arguments.split(), cwd=folder))


def test_each_rule_has_the_option_that_it_declares() -> None:
    options = {each.opts[0]: each for each in load("gate").params}
    declared = {f"--{name}": each.metadata for name, each in SETTINGS.items()}
    found = {name: (options[name].metavar or "", options[name].help) for name in declared}
    assert found == {name: (each["metavar"], each["help"]) for name, each in declared.items()}
    assert {name for name in declared if options[name].is_flag} == {
        name for name, each in declared.items() if not each["metavar"]
    }
