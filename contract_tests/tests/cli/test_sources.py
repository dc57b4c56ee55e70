"""What an argument names: a run, a URL, a file, a folder or standard input; and what the command reads."""

import os
from pathlib import Path

import pytest
from bluejay_contract.operations import QUEUE, RESULT, RESULTS, RUNS
from bluejay_contract.stub import SCENARIOS, Stub
from contract_kit.tests.tables import table

from .command import CANARY, InProcess, check_refused

SETTLED = SCENARIOS["settled"].bodies[-1]
PAGE = "https://app.getbluejay.ai/simulations/731/runs/48213"
CSV = ("--format", "csv", "-o")
NO_KEY = {"BLUEJAY_API_KEY": ""}


def test_a_run_is_shown_in_the_same_way_wherever_it_comes_from(command: InProcess, folder: Path) -> None:
    """An argument is read as a file if a file with that name exists. Files need no key."""
    (folder / "48214").write_bytes(SETTLED)
    live = command("show", "48213")
    assert (live.code, live.err) == (0, "")
    assert command("show", PAGE).out == live.out
    for line in ("settled.json", "./settled.json", "-", "48214"):
        shown = command("show", line, stdin=SETTLED, environment=NO_KEY, cwd=folder)
        assert shown.out == live.out, line


def test_a_mistyped_simulation_leaves_nothing_behind(command: InProcess, tmp_path: Path) -> None:
    """Otherwise the corrected command would be rejected, because the folder already has an export."""
    check_refused(command("export", "--simulation", "99999", *CSV, tmp_path / "out"), 3, "404")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def key_file(folder: Path) -> Path:
    """A file with the key that only its owner can read."""
    path = folder / "key"
    path.write_text(f"{CANARY}\n")
    path.chmod(0o600)
    return path


@table(
    "line",
    [
        *("show 48213", "show --result 482130001", "wait 48213", "runs 731", "queue 731", "gate 48225"),
        *("gate --queue 733 --poll-interval 0.05 --timeout 60", "compare 48216 48225"),
        *("report 48213 -o page.html", "report --simulation 731 -o page.html"),
        *("export 48213 --format csv -o out", "export --simulation 731 --format csv -o out"),
    ],
)
@pytest.mark.usefixtures("key_file")
def test_every_command_takes_the_key_from_a_file_and_names_the_organization(folder: Path, line: str) -> None:
    """A file that only its owner can read causes no warning."""
    options = ["--api-key-file", "key", "--organization", "org-7"]
    with Stub(api_key=CANARY, queued_run_seconds=0.2) as stub:
        ended = InProcess(stub.url)(*line.split(), *options, environment=NO_KEY, cwd=folder)
        sent = {(each.operation, each.headers.get("x-organization-id")) for each in stub.requests}
    assert ended.code == 0, ended.err
    assert "warning" not in ended.err
    assert sent <= {(RESULTS, "org-7"), (RESULT, "org-7"), (QUEUE, None), (RUNS, None)}
    assert sent


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_file_that_other_users_can_read_causes_a_warning(
    command: InProcess, key_file: Path, mode: int
) -> None:
    """The key is still used, because containers get secrets as files that others can read."""
    key_file.chmod(mode)
    ended = command("show", "48213", "--api-key-file", key_file, environment=NO_KEY)
    [warning] = ended.errors
    assert ended.code == 0
    assert f"chmod 600 {key_file}" in warning


@table("end", ["", "\r\n", "\n\n"])
def test_newlines_after_a_key_are_ignored(command: InProcess, end: str) -> None:
    """In bash, `--api-key-file <(...)` passes the path of a pipe."""
    its, ours = os.pipe()
    os.write(ours, f"{CANARY}{end}".encode())
    os.close(ours)
    piped = command("show", "48213", "--api-key-file", f"/dev/fd/{its}", environment=NO_KEY)
    os.close(its)
    set_ = command("show", "48213", environment={"BLUEJAY_API_KEY": f"{CANARY}{end}"})
    assert [(each.code, each.err) for each in (piped, set_)] == [(0, "")] * 2
