"""The command `report`, and `gate --html`."""

import subprocess
import sys
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub

from .command import CANARY, COMMAND, InProcess, has_received

RUN = SCENARIOS["settled"].run_id


def test_a_recording_gives_the_same_page_as_the_live_run(command: InProcess, folder: Path) -> None:
    live = command("report", RUN, "--har", "run.har", "-o", "live.html", cwd=folder)
    again = command("report", "run.har", "-o", "again.html", cwd=folder)
    judged = command("gate", "run.har", "--html", "gate.html", cwd=folder)
    assert live.code == 0
    assert again.code == 0
    assert judged.code == 1
    pages = {(folder / f"{name}.html").read_bytes() for name in ("live", "again", "gate")}
    assert len(pages) == 1
    assert CANARY.encode() not in pages.pop()


def test_the_verdict_is_printed_on_stderr(command: InProcess, folder: Path) -> None:
    ended = command("report", "all_passed.json", "-o", "-", cwd=folder)
    assert ended.out.startswith(b"<!doctype html>")
    assert ended.errors == ["Wrote -: ship: 6 of 6 passed, 100.0 % (at least 80 %)"]


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ("repeats.json --base all_passed.json", f"Compared with run {SCENARIOS['all_passed'].run_id}"),
        ("repeats.json all_passed.json", "The pass rate of 2 runs in order of time"),
        ("--simulation 733 --last 3", "The pass rate of 3 runs in order of time"),
        ("repeats.json --config rules.toml", "max-void 31"),
    ],
)
def test_a_page_compares_one_run_with_a_base_or_shows_a_history_of_runs(
    command: InProcess, folder: Path, arguments: str, shown: str
) -> None:
    (folder / "rules.toml").write_text("[tool.bluejay-results.gate]\nmax-void = 31\n")
    assert command("report", *arguments.split(), "-o", "page.html", cwd=folder).code == 0
    assert shown in (folder / "page.html").read_text()


def test_a_saved_run_can_be_judged_by_other_rules(command: InProcess, folder: Path) -> None:
    strict = ["--require", "p90(latency.p95) <= 50 ms", "--min-pass-rate", "100"]
    ended = command("report", "all_passed.json", *strict, "-o", "page.html", cwd=folder)
    assert ended.code == 0
    assert "don't ship: the p90 of latency.p95 is" in ended.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (f"{RUN}", "Missing option '--output' / '-o'. Name the page to write: -o report.html"),
        ("-o page.html", "Name runs, or a simulation with --simulation, not both."),
        (f"{RUN} --last 3 -o page.html", "--last can't be used without --simulation."),
        (f"{RUN} 48221 --har run.har -o page.html", "--har records one run."),
        ("repeats.json -o repeats.json", "--output: repeats.json is also a run. Name another file."),
        ("missing.json -o page.html", "missing.json: No such file or directory."),
        ("repeats.json --base all_passed.json -o all_passed.json", "is also a run. Name another file."),
        (f"{RUN} --api-key-file key -o key", "--output: key is also the file of the API key."),
        (f"{RUN} --api-key-file key --har key -o page.html", "--har: key is also the file of the API key."),
        (f"{RUN} --har page.html -o page.html", "--output: page.html is also --har."),
        (
            f"{RUN} --config rules.toml -o rules.toml",
            "--output: rules.toml is also the file of the rules.",
        ),
    ],
)
def test_wrong_options_are_refused_in_one_line(
    command: InProcess, folder: Path, arguments: str, says: str
) -> None:
    (folder / "key").write_text(CANARY)
    (folder / "rules.toml").write_text("[tool.bluejay-results.gate]\nmax-void = 31\n")
    ended = command("report", *arguments.split(), cwd=folder)
    assert ended.code == 2
    [line] = ended.errors
    assert says in line
    assert not (folder / "page.html").exists()


def test_a_history_fetches_the_conversations_that_may_lack_tool_calls(tmp_path: Path) -> None:
    with Stub(api_key=CANARY) as own:
        assert InProcess(own.url)("report", "--simulation", "731", "-o", tmp_path / "page.html").code == 0
        assert has_received(own, "GET", "482130005")


def test_the_page_may_have_the_name_of_the_run(command: InProcess, folder: Path) -> None:
    assert command("report", RUN, "-o", RUN, cwd=folder).code == 0
    assert (folder / RUN).read_text().startswith("<!doctype html>")


def test_a_failed_gate_writes_the_reason_instead_of_the_page(command: InProcess, folder: Path) -> None:
    assert command("gate", "99999", "--html", "gate.html", cwd=folder).code == 3
    page = (folder / "gate.html").read_text()
    assert "No verdict</h1>" in page
    assert "404" in page


def test_a_missing_extra_is_named_in_one_line(folder: Path) -> None:
    script = (
        "import sys; sys.modules['jinja2'] = None; from bluejay_results.cli import main; sys.exit(main())"
    )
    arguments = [sys.executable, "-c", script, "report", "all_passed.json", "-o", "page.html"]
    ended = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr == f"{COMMAND.name}: jinja2 is missing. In a checkout, run: pip install '.[report]'\n"
    assert not (folder / "page.html").exists()


def test_a_history_with_runs_of_another_simulation_is_refused(
    command: InProcess, stub: Stub, tmp_path: Path
) -> None:
    other = {"id": 1, "experiment_id": 7, "created_at": "2026-11-19T16:04:00Z", "status": "COMPLETED"}
    stub.serve_runs("805", Answer.json({"simulation_runs": [other]}))
    ended = command("report", "--simulation", "805", "-o", tmp_path / "page.html")
    assert ended.code == 5
    assert "but simulation 805 was requested" in ended.err
