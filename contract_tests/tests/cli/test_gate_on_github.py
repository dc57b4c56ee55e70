"""`gate` on GitHub: the step's outputs, summary and annotations."""

import json
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS

from .command import CANARY, Command, Ended, InProcess
from .test_gate_outputs import FORMS, RUN


def test_an_existing_summary_counts_towards_githubs_limit(command: InProcess, folder: Path) -> None:
    summary = folder / "summary.md"
    summary.write_bytes(b"." * 1_047_500)
    large = folder / "large.json"
    large.write_bytes(SCENARIOS["large"].bodies[0])
    command("gate", large, cwd=folder, environment={"GITHUB_STEP_SUMMARY": str(summary)})
    assert "conversations left out" in summary.read_text()
    assert summary.stat().st_size < 1_050_000


UNDER_WAY = SCENARIOS["under_way"].run_id
GITHUB = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")


def on_github(command: Command, folder: Path, *arguments: str, **settings: str) -> tuple[Ended, str, str]:
    """Run the gate as GitHub would; return how it ended, the step's outputs and its summary."""
    files = {name: folder / name.lower() for name in GITHUB}
    for path in files.values():
        path.unlink(missing_ok=True)
    named = {name: str(path) for name, path in files.items()}
    environment = {"GITHUB_ACTIONS": "true", **named, **settings}
    ended = command("gate", *arguments, cwd=folder, environment=environment)
    outputs, summary = (path.read_text() if path.exists() else "" for path in files.values())
    return ended, outputs, summary


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("arguments", "code", "decision"),
    [
        (RUN, 0, "ship"),
        (f"{RUN} --require p90(latency.p95)<=100ms", 1, "dont_ship"),
        (f"{RUN} --min-conversations 7", 6, "inconclusive"),
        (f"{UNDER_WAY} --timeout 60", 4, "inconclusive"),
        ("broken.json", 5, "inconclusive"),
        (f"{RUN} --min-pass-rate 0.8", 2, "failed"),
        ("99999", 3, "failed"),
    ],
)
def test_the_decision_is_a_step_output_with_every_exit_code_of_the_gate(
    command: InProcess, folder: Path, arguments: str, code: int, decision: str
) -> None:
    (folder / "broken.json").write_text("{}")
    ended, outputs, summary = on_github(command, folder, *arguments.split())
    read = dict(line.partition("=")[::2] for line in outputs.splitlines())
    assert ended.code == code
    assert read["decision"] == decision
    assert list(read) == ["decision", "run-id"]
    assert summary.startswith("## ")
    assert bool([line for line in ended.errors if line.startswith("::error")]) == bool(code)


def test_the_step_outputs_name_the_run(command: InProcess, folder: Path) -> None:
    assert "run-id=48225\n" in on_github(command, folder, RUN)[1]
    missing = "https://app.getbluejay.ai/simulations/733/runs/99999"
    assert "run-id=99999\n" in on_github(command, folder, missing)[1]


@pytest.mark.parametrize(
    ("arguments", "settings", "says"),
    [
        ("48225", {"BLUEJAY_API_KEY": "wrong"}, "401"),
        (f"{RUN} --config none.toml", {}, "No such file or directory"),
        (RUN, {"GITHUB_OUTPUT": "/dev/null/x"}, "/dev/null/x: Not a directory"),
    ],
)
def test_a_failure_without_a_verdict_is_in_every_report(
    command: InProcess, folder: Path, arguments: str, settings: dict[str, str], says: str
) -> None:
    ended, _, summary = on_github(command, folder, *arguments.split(), *FORMS, **settings)
    annotation = next(line for line in ended.errors if line.startswith("::error title=Gate"))
    reports = [summary, annotation, (folder / "gate.md").read_text(), (folder / "gate.xml").read_text()]
    assert [says in each.replace("\\", "") for each in reports] == [True] * 4
    assert CANARY not in "".join(reports)


def test_notes_are_in_every_report(command: InProcess, folder: Path) -> None:
    document = json.loads((folder / RUN).read_text())
    document["simulation_results"][0]["status"] = "COMPLETED_WELL"
    (folder / "noted.json").write_text(json.dumps(document))
    ended, _, summary = on_github(command, folder, "noted.json", *FORMS)
    notice = "".join(line for line in ended.errors if line.startswith("::notice"))
    files = [(folder / name).read_text() for name in FORMS[1::2]]
    reports = [ended.out.decode(), summary, notice, *files]
    assert ["COMPLETED_WELL" in each.replace("\\", "") for each in reports] == [True] * 5
