"""`--har`: commands record the service's responses, and other commands read the recording."""

import json
import os
import signal
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run
from bluejay_results import Clock

from .command import CANARY, Bad, Command, InProcess

QUICKLY = ("--poll-interval", "0.01", "--tool-call-grace", "0.1")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, without rules."""
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("recording", "reading", "form", "code"),
    [
        ("wait {settled}", "show", "", 0),
        ("wait {late_tools}", "show", "--json", 0),
        ("show {incompleted}", "show", "", 0),
        ("gate {late_tools}", "gate", "", 6),
        ("gate {settled}", "gate", "--json", 1),
    ],
)
def test_a_recording_gives_the_output_and_exit_code_of_the_live_run(
    folder: Path, recording: str, reading: str, form: str, code: int
) -> None:
    """With a stub of its own, because the run of a shared stub may have settled in another test."""
    ids = {name: each.run_id for name, each in SCENARIOS.items()}
    with Stub(api_key=CANARY) as stub:
        command = InProcess(stub.url)
        live = command(*recording.format(**ids).split(), *form.split(), "--har", "run.har", cwd=folder)
    replayed = command(reading, "run.har", *form.split(), cwd=folder)
    assert live.code == code
    assert replayed.code == code
    assert replayed.out == live.out


@pytest.mark.usefixtures("clock")
def test_a_recorded_timeout_is_judged_as_not_settled(command: InProcess, folder: Path) -> None:
    live = command("gate", "48214", "--timeout", "60", "--json", "--har", "run.har", cwd=folder)
    replayed = command("gate", "run.har", "--json", cwd=folder)
    assert live.code == 4
    assert replayed.code == 4
    assert replayed.out == live.out


def test_a_run_other_than_the_requested_one_exits_with_5_live_and_recorded(
    command: InProcess, stub: Stub, folder: Path
) -> None:
    stub.serve("48300", Answer.json(run(id="48301", passed=5)))
    for source in ("48300", "run.har"):
        option = ("--har", "run.har") if source == "48300" else ()
        ended = command("gate", source, *option, cwd=folder)
        assert ended.code == 5
        assert "The service sent run 48301, but 48300 was requested." in ended.err


@pytest.mark.parametrize(
    ("answer", "code"),
    [(Answer(b"<html>"), 5), (Answer(status=401), 3), (Answer(b'{"simulation_run": 7}'), 5)],
)
def test_a_response_that_ends_the_command_is_recorded(
    command: InProcess, stub: Stub, folder: Path, answer: Answer, code: int
) -> None:
    stub.serve("mine", Answer.json(run(id="mine", under_way=1)), answer)
    live = command("wait", "mine", *QUICKLY, "--har", "run.har", cwd=folder)
    replayed = command("show", "run.har", cwd=folder)
    assert live.code == code
    assert replayed.code == code
    assert replayed.out == live.out
    assert "run.har: " in replayed.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_wait_saves_its_recording(
    process: Command, command: InProcess, folder: Path, number: signal.Signals
) -> None:
    with process.start("wait", "48216", "--har", "run.har", cwd=folder) as started:
        assert started.stderr
        started.stderr.readline()  # the line about the first poll
        started.send_signal(number)
    assert started.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number]
    assert command("show", "run.har", cwd=folder).lines[0].startswith("Run 48216 is not settled (COMPLETED)")


def test_a_recording_replaces_an_earlier_one_and_only_its_owner_can_read_it(
    command: InProcess, folder: Path
) -> None:
    path = folder / "new" / "run.har"
    for run_id in ("48213", "48225"):
        command("show", run_id, "--har", path)
    assert command("show", path).lines[0].startswith("Run 48225 ")
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert [each.name for each in path.parent.iterdir()] == ["run.har"]


def test_an_earlier_recording_is_removed_even_if_nothing_is_received(
    command: InProcess, folder: Path, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise `gate run.har` would judge another run."""
    monkeypatch.setattr(Clock, "sleep", lambda *_: None)
    (folder / "run.har").write_bytes(b"{}")
    assert command("wait", "48213", "--har", "run.har", "--base-url", closed, cwd=folder).code == 3
    assert not (folder / "run.har").exists()


def test_a_recording_can_be_written_to_a_pipe_without_replacing_the_pipe(
    command: InProcess, folder: Path
) -> None:
    os.mkfifo(folder / "pipe")
    reader = os.open(folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert command("show", "48225", "--har", "pipe", cwd=folder).code == 0
    assert os.read(reader, 7) == b'{"log":'
    os.close(reader)
    assert (folder / "pipe").is_fifo()


def test_a_recording_can_be_compared_and_read_from_standard_input(command: InProcess, folder: Path) -> None:
    command("wait", "48225", "--har", "run.har", cwd=folder)
    assert command("show", "-", stdin=(folder / "run.har").read_bytes()).out == command("show", "48225").out
    assert "Both runs are run 48225." in command("compare", "run.har", "48225", cwd=folder).err


BAD = {
    "no name": Bad("show 48213 --har=", 2, "--har needs the name of a file, got ''."),
    "standard output": Bad("show 48213 --har -", 2, "--har needs the name of a file, got '-'."),
    "a folder": Bad("wait 48213 --har .", 2, "--har needs the name of a file, got '.'."),
    "a folder that can't be made": Bad("wait 48213 --har /proc/x/run.har", 2, "/proc/x/run.har: "),
    "no run": Bad("show --result 482130001 --har x.har", 2, "--har records what the service sends. Name"),
    "a file to read": Bad("show run.har --har x.har", 2, "--har records what the service sends. Name"),
    "the file that is read": Bad("gate run.har --har run.har", 2, "--har records what"),
    "the key's file": Bad(
        "show 1 --har run.har --api-key-file run.har", 2, "--har: run.har is also the file of the API key."
    ),
    "another output": Bad("gate 48213 --har x.xml --junit x.xml", 2, "--junit: x.xml is also --har."),
    "a recording to wait for": Bad("wait other.har", 2, "other.har is a file, which can't be waited for."),
    "a recording cut short": Bad("show cut.har", 5, "cut.har: The file is not valid HAR: Input data was"),
    "a HAR file of no run": Bad("compare none.har run.har", 2, "none.har: The file is a HAR of another"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
def test_bad_input_prints_one_line_and_exits_with_the_documented_code(
    command: InProcess, folder: Path, bad: Bad
) -> None:
    command("show", "48225", "--har", "run.har", cwd=folder)
    (folder / "cut.har").write_bytes((folder / "run.har").read_bytes()[:999])
    (folder / "none.har").write_text(json.dumps({"log": {"entries": []}}))
    bad.check(command(*bad.arguments.split(), cwd=folder))
    assert command("show", "run.har", cwd=folder).code == 0  # the file is unchanged


def test_the_error_about_an_empty_run_id_asks_whether_queue_failed(command: InProcess, folder: Path) -> None:
    ended = command("gate", "", cwd=folder)
    assert ended.code == 2
    assert ended.err == "bluejay-results: The run id is empty. Did queue fail?\n"


def test_a_key_that_the_service_sends_back_is_not_recorded(
    command: InProcess, stub: Stub, folder: Path
) -> None:
    stub.serve("echo", Answer.json(run(id="echo", passed=3, summary=CANARY)))
    live = command("show", "echo", "--json", "--har", "run.har", cwd=folder)
    assert CANARY not in (folder / "run.har").read_text()
    assert command("show", "run.har", "--json", cwd=folder).out == live.out
