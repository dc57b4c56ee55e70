"""The `report` command, and `gate --html`."""

import re
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Stub

from .command import CANARY, InProcess, has_received

RUN = SCENARIOS["settled"].run_id


def test_a_recording_produces_the_same_page_as_the_live_run(command: InProcess, folder: Path) -> None:
    live = command("report", RUN, "--har", "run.har", "-o", "live.html", cwd=folder)
    again = command("report", "run.har", "-o", "-", cwd=folder)
    judged = command("gate", "run.har", "--html", "gate.html", cwd=folder)
    assert (live.code, again.code, judged.code) == (0, 0, 1)
    assert len({(folder / "live.html").read_bytes(), again.out, (folder / "gate.html").read_bytes()}) == 1
    assert CANARY.encode() not in again.out


@pytest.mark.parametrize(
    ("arguments", "runs"),
    [
        ("repeats.json", 1),
        ("repeats.json --base all_passed.json", 2),
        ("repeats.json all_passed.json", 2),
        ("--simulation 733 --last 3", 3),
    ],
)
def test_a_report_is_about_the_runs_specified_by_the_arguments(
    command: InProcess, folder: Path, arguments: str, runs: int
) -> None:
    page = command("report", *arguments.split(), "-o", "-", cwd=folder).out.decode()
    titles = re.findall(r"\bRun (\d+)|/runs/(\d+)|\brun (\d+)", page)
    assert len({id_ for each in titles for id_ in each if id_}) == runs


@pytest.mark.parametrize("option", ["--config rules.toml", "--max-void 31"])
def test_a_report_about_a_saved_run_uses_the_rules_from_the_options(
    command: InProcess, folder: Path, option: str
) -> None:
    (folder / "rules.toml").write_text("[tool.bluejay-results.gate]\nmax-void = 31\n")
    page = command("report", "repeats.json", *option.split(), "-o", "-", cwd=folder).out.decode()
    assert "at most 31 %" in page


def test_a_report_on_a_simulation_fetches_incomplete_conversations_by_id(tmp_path: Path) -> None:
    with Stub(api_key=CANARY) as own:
        assert InProcess(own.url)("report", "--simulation", "731", "-o", tmp_path / "page.html").code == 0
        assert has_received(own, "GET", "482130005")


def test_a_report_can_be_written_to_a_file_named_like_the_run_id(command: InProcess, folder: Path) -> None:
    assert command("report", RUN, "-o", RUN, cwd=folder).code == 0
    assert (folder / RUN).read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("settings", "commit", "url"),
    [
        (
            {"GITHUB_SHA": "a1", "GITHUB_RUN_ID": "7"}
            | {"GITHUB_SERVER_URL": "https://forge.example", "GITHUB_REPOSITORY": "a/b"},
            "a1",
            "https://forge.example/a/b/actions/runs/7",
        ),
        ({"GITHUB_SHA": "merge", "COMMIT": "head"}, "head", ""),
        ({"CI_COMMIT_SHA": "b2", "CI_JOB_URL": "https://lab.example/job"}, "b2", "https://lab.example/job"),
        ({"COMMIT": "another tool's"}, "", ""),
        ({"CI_JOB_URL": "javascript:alert(1)"}, "", ""),
    ],
)
def test_a_page_names_the_commit_and_the_ci_job(
    command: InProcess, folder: Path, settings: dict[str, str], commit: str, url: str
) -> None:
    for line in (("report", "all_passed.json", "-o", "-"), ("gate", "all_passed.json", "--html", "-")):
        page = command(*line, cwd=folder, environment=settings).out.decode()
        assert (f"Commit <code>{commit}</code>" in page) == bool(commit)
        assert (f'<a href="{url}" rel="noreferrer">CI job</a>' in page) == bool(url)
