"""How commands end: exit codes, streams, and the decision that other programs on GitHub read."""

from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS
from contract_kit.tests.tables import table

from .command import CANARY, Ended, InProcess
from .endings import TEXT, endings

UNDER_WAY = SCENARIOS["under_way"].run_id
FILES = ("--junit", "gate.xml", "--comment", "gate.md")


def test_each_command_ends_after_each_response_and_each_error_as_it_did() -> None:
    assert [*endings()] == TEXT.read_text().splitlines()


def on_github(command: InProcess, folder: Path, line: str, **settings: str) -> tuple[Ended, str, str]:
    """Run the gate as a step on GitHub; return how it ended, the step's outputs and its summary."""
    files = {name: str(folder / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for each in files.values():
        Path(each).unlink(missing_ok=True)
    environment = {"GITHUB_ACTIONS": "true", **files, **settings}
    ended = command("gate", *line.split(), cwd=folder, environment=environment)
    outputs, summary = (Path(each).read_text() if Path(each).exists() else "" for each in files.values())
    return ended, outputs, summary


@pytest.mark.usefixtures("clock")
@table(
    "line, code, decision, run_id",
    [
        ("48225", 0, "ship", "48225"),
        ("all_passed.json --require p90(latency.p95)<=100ms", 1, "dont_ship", "48225"),
        ("all_passed.json --confident", 6, "inconclusive", "48225"),
        ("settled.json --max-void 19", 6, "inconclusive", "48213"),
        (f"{UNDER_WAY} --timeout 60", 4, "inconclusive", UNDER_WAY),
        ("broken.json", 5, "inconclusive", ""),
        ("48225 --min-pass-rate 0.8", 2, "failed", "48225"),
        ("https://app.getbluejay.ai/simulations/733/runs/99999", 3, "failed", "99999"),
    ],
)
def test_the_decision_determines_the_exit_code_and_the_outputs_on_github(
    command: InProcess, folder: Path, line: str, code: int, decision: str, run_id: str
) -> None:
    (folder / "broken.json").write_text("{}")
    ended, outputs, summary = on_github(command, folder, line)
    assert ended.code == code
    assert outputs.splitlines() == [f"decision={decision}", f"run-id={run_id}"]
    assert summary.startswith("## ")
    assert bool([line for line in ended.errors if line.startswith("::error")]) == bool(code)


@table(
    "line, settings, says",
    [
        ("48225", {"BLUEJAY_API_KEY": "wrong"}, "401"),
        ("all_passed.json --config none.toml", {}, "none.toml"),
        ("all_passed.json", {"GITHUB_OUTPUT": "/dev/null/x"}, "/dev/null/x"),
    ],
)
def test_every_report_names_the_failure_that_prevented_a_verdict(
    command: InProcess, folder: Path, line: str, settings: dict[str, str], says: str
) -> None:
    ended, _, summary = on_github(command, folder, f"{line} {' '.join(FILES)}", **settings)
    annotation = next(line for line in ended.errors if line.startswith("::error title=Gate"))
    reports = [summary, annotation, (folder / "gate.md").read_text(), (folder / "gate.xml").read_text()]
    assert [says in each.replace("\\", "") for each in reports] == [True] * 4
    assert CANARY not in "".join(reports)


def test_earlier_text_in_a_github_summary_counts_towards_the_size_limit(
    command: InProcess, folder: Path
) -> None:
    summary = folder / "summary.md"
    summary.write_bytes(b"." * 1_047_500)
    (folder / "large.json").write_bytes(SCENARIOS["large"].bodies[0])
    command("gate", "large.json", cwd=folder, environment={"GITHUB_STEP_SUMMARY": str(summary)})
    assert 1_047_500 < summary.stat().st_size < 1_050_000


def test_a_run_that_the_app_url_attributes_to_another_simulation_never_ships(
    command: InProcess, folder: Path
) -> None:
    url = "https://app.getbluejay.ai/simulations/{}/runs/48225"
    for name in ("gate", "show", "wait", "report"):
        options = ("--output", "page.html") if name == "report" else ()
        codes = [command(name, url.format(each), *options, cwd=folder).code for each in ("733", "731")]
        assert codes == [0, 5], name
