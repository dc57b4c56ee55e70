"""The `gate` command: its exit codes, its formats, its rules, and its outputs on GitHub."""

import json
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS

from .command import CANARY, Command, Ended, InProcess

UNDER_WAY = SCENARIOS["under_way"].run_id
FILES = ("--junit", "gate.xml", "--comment", "gate.md")


def on_github(command: Command, folder: Path, *arguments: str, **settings: str) -> tuple[Ended, str, str]:
    """Run the gate as a step on GitHub; return how it ended, the step's outputs and its summary."""
    files = {name: str(folder / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    environment = {"GITHUB_ACTIONS": "true", **files, **settings}
    ended = command("gate", *arguments, cwd=folder, environment=environment)
    outputs, summary = (Path(each).read_text() if Path(each).exists() else "" for each in files.values())
    return ended, outputs, summary


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("arguments", "code", "decision", "run_id"),
    [
        ("48225", 0, "ship", "48225"),
        ("all_passed.json", 0, "ship", "48225"),
        ("all_passed.json --require p90(latency.p95)<=100ms", 1, "dont_ship", "48225"),
        ("all_passed.json --min-conversations 7", 6, "inconclusive", "48225"),
        ("all_passed.json --confident", 6, "inconclusive", "48225"),
        ("settled.json --max-void 19", 6, "inconclusive", "48213"),
        (f"{UNDER_WAY} --timeout 60", 4, "inconclusive", UNDER_WAY),
        ("broken.json", 5, "inconclusive", ""),
        ("48225 --min-pass-rate 0.8", 2, "failed", "48225"),
        ("https://app.getbluejay.ai/simulations/733/runs/99999", 3, "failed", "99999"),
    ],
)
def test_the_decision_determines_the_exit_code_and_the_outputs_on_github(
    command: InProcess, folder: Path, arguments: str, code: int, decision: str, run_id: str
) -> None:
    (folder / "broken.json").write_text("{}")
    ended, outputs, summary = on_github(command, folder, *arguments.split())
    read = dict(line.partition("=")[::2] for line in outputs.splitlines())
    assert ended.code == code
    assert read == {"decision": decision, "run-id": run_id}
    assert summary.startswith("## ")
    assert bool([line for line in ended.errors if line.startswith("::error")]) == bool(code)


@pytest.mark.parametrize(
    ("arguments", "settings", "says"),
    [
        ("48225", {"BLUEJAY_API_KEY": "wrong"}, "401"),
        ("all_passed.json --config none.toml", {}, "none.toml"),
        ("all_passed.json", {"GITHUB_OUTPUT": "/dev/null/x"}, "/dev/null/x"),
    ],
)
def test_every_report_names_the_failure_that_prevented_a_verdict(
    command: InProcess, folder: Path, arguments: str, settings: dict[str, str], says: str
) -> None:
    ended, _, summary = on_github(command, folder, *arguments.split(), *FILES, **settings)
    annotation = next(line for line in ended.errors if line.startswith("::error title=Gate"))
    reports = [summary, annotation, (folder / "gate.md").read_text(), (folder / "gate.xml").read_text()]
    assert [says in each.replace("\\", "") for each in reports] == [True] * 4
    assert CANARY not in "".join(reports)


def test_every_report_contains_the_notes_about_the_run(command: InProcess, folder: Path) -> None:
    document = json.loads((folder / "all_passed.json").read_text())
    document["simulation_results"][0]["status"] = "COMPLETED_WELL"
    (folder / "noted.json").write_text(json.dumps(document))
    ended, _, summary = on_github(command, folder, "noted.json", *FILES)
    notice = "".join(line for line in ended.errors if line.startswith("::notice"))
    files = [(folder / name).read_text() for name in FILES[1::2]]
    reports = [ended.out.decode(), summary, notice, *files]
    assert ["COMPLETED_WELL" in each.replace("\\", "") for each in reports] == [True] * 5


def test_every_report_for_people_has_the_name_of_the_gate(command: InProcess, folder: Path) -> None:
    files = ("--comment", "gate.md", "--html", "gate.html")
    _, _, summary = on_github(command, folder, "all_passed.json", "--name", "nightly-7", *files)
    reports = [summary, *((folder / name).read_text() for name in files[1::2])]
    assert ["nightly-7" in each.replace("\\", "") for each in reports] == [True] * 3


def test_earlier_text_in_a_github_summary_counts_towards_the_size_limit(
    command: InProcess, folder: Path
) -> None:
    summary = folder / "summary.md"
    summary.write_bytes(b"." * 1_047_500)
    (folder / "large.json").write_bytes(SCENARIOS["large"].bodies[0])
    command("gate", "large.json", cwd=folder, environment={"GITHUB_STEP_SUMMARY": str(summary)})
    assert 1_047_500 < summary.stat().st_size < 1_050_000


def test_the_json_option_prints_the_verdict_as_json(command: InProcess, folder: Path) -> None:
    rules = ("--require", "max(latency.p95) <= 9 s", "--require", "rate(hallucination) <= 5 %")
    document = json.loads(command("gate", "settled.json", *rules, "--json", cwd=folder).out)
    assert document["format"] == "bluejay-results/gate"
    assert (document["exit_code"], document["decision"]) == (1, "dont_ship")
    [run] = document["runs"]
    found = [each["subject"] for each in run["findings"][2:]]
    assert found == ["max(latency.p95)", "rate(hallucination)"]


def test_an_option_overrides_the_rule_of_the_same_name_in_pyproject(command: InProcess, folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.bluejay-results.gate]\nmin-conversations = 7\n")
    assert command("gate", "all_passed.json", cwd=folder).code == 6
    assert command("gate", "all_passed.json", "--min-conversations", "6", cwd=folder).code == 0
