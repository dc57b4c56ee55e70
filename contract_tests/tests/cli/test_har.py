"""`--har`: commands record the service's responses, and other commands read the recording."""

import signal
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Stub
from bluejay_results import Clock
from contract_kit.tests.tables import table

from .command import CANARY, Command, InProcess


@pytest.mark.usefixtures("clock")
@table(
    "recording, reading, form, code",
    [
        ("wait {settled}", "show", "", 0),
        ("wait {late_tools}", "show", "--json", 0),
        ("gate {settled} --html page.html", "gate", "--json", 1),
        ("gate {under_way} --timeout 60", "gate", "--json", 4),
        ("runs 731", "runs", "--json", 0),
        ("report {settled}", "report", "-o -", 0),
    ],
)
def test_a_recording_produces_the_same_output_and_exit_code_as_the_live_run(
    folder: Path, recording: str, reading: str, form: str, code: int
) -> None:
    """The test has its own stub, because a shared stub's run might have settled in another test."""
    ids = {name: each.run_id for name, each in SCENARIOS.items()}
    with Stub(api_key=CANARY) as stub:
        command = InProcess(stub.url)
        live = command(*recording.format(**ids).split(), *form.split(), "--har", "run.har", cwd=folder)
    replayed = command(reading, "run.har", *form.split(), cwd=folder)
    assert (live.code, replayed.code) == (code, code)
    assert replayed.out == live.out


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_the_recording_is_saved_if_a_signal_stops_the_command(
    process: Command, command: InProcess, folder: Path, number: signal.Signals, code: int
) -> None:
    """After the signal, the command prints one line and exits with 128 plus the signal's number."""
    with process.start("wait", "48216", "--har", "run.har", cwd=folder) as started:
        assert started.stderr
        started.stderr.readline()  # skips the line about the first poll
        started.send_signal(number)
        [line] = started.stderr
    assert started.returncode == code
    assert line.startswith(b"bluejay-results: ")
    assert b" 48216 " in command("show", "run.har", cwd=folder).out


def test_other_users_cannot_read_a_recording(command: InProcess, folder: Path) -> None:
    path = folder / "new" / "run.har"
    path.parent.mkdir()
    for run_id in ("48213", "48225"):
        command("show", run_id, "--har", path)
    assert command("show", "-", stdin=path.read_bytes()).out == command("show", "48225").out
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert [each.name for each in path.parent.iterdir()] == ["run.har"]


def test_an_earlier_recording_is_removed_even_if_nothing_is_received(
    command: InProcess, folder: Path, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the old file remained, `gate run.har` would judge an earlier run."""
    monkeypatch.setattr(Clock, "sleep", lambda *_: None)
    (folder / "run.har").write_bytes(b"{}")
    assert command("wait", "48213", "--har", "run.har", "--base-url", closed, cwd=folder).code == 3
    assert not (folder / "run.har").exists()
