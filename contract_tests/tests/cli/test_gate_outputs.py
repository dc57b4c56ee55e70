"""The outputs of `gate`: either all are written or none remains, and only regular files are replaced."""

import json
import os
import signal
import stat
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import UsageError
from bluejay_results.cli import wait
from bluejay_results.writing.files import Channel, check_distinct, output, write_all

from .command import CANARY, COMMAND, Command, Ended, InProcess, broken_pipe, has_received

RUN = "all_passed.json"
NAMES = ("gate.xml", "gate.md")
FORMS = ("--junit", "gate.xml", "--comment", "gate.md")


def ships(folder: Path, *others: str) -> bool:
    """Whether an output says ship."""
    found = [folder / name for name in (*NAMES, *others)]
    return any(b"ship" in each.read_bytes() for each in found if each.exists())


def in_shell(script: str, folder: Path, **environment: str) -> Ended:
    """Run a bash script in which $0 is the command."""
    shell = Command("", Path("/bin/bash"))
    return shell("-c", script, COMMAND, cwd=folder, environment=environment)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("99999", 3),
        ("", 2),
        (f"{RUN} --agent-version x", 2),
        ("--queue https://a.b/731", 2),
        ("99999 --har=", 2),
        (f"{RUN} --max-void 101", 2),
    ],
)
def test_no_output_file_contains_a_ship_decision_after_a_failure(
    command: InProcess, folder: Path, arguments: str, code: int
) -> None:
    """If an old output remained, CI would upload an earlier run's verdict."""
    command("gate", RUN, *FORMS, cwd=folder)
    assert ships(folder)
    assert command("gate", *arguments.split(), *FORMS, cwd=folder).code == code
    assert not ships(folder)


def test_files_from_an_earlier_verdict_are_removed_even_if_the_command_is_killed(
    process: Command, stub: Stub, folder: Path
) -> None:
    assert process("gate", RUN, *FORMS, cwd=folder).code == 0
    stub.serve("48391", Answer(delay=60))
    process.stopped(
        signal.SIGKILL, lambda: has_received(stub, "GET", "48391"), "gate", "48391", *FORMS, cwd=folder
    )
    assert [name for name in NAMES if (folder / name).exists()] == []


def test_the_umask_applies_to_a_file_that_is_created_through_a_symlink(
    command: InProcess, folder: Path
) -> None:
    (folder / "reports/today").mkdir(parents=True)
    (folder / "gate.xml").symlink_to("reports/today/gate.xml")
    before = os.umask(0o027)
    try:
        assert command("gate", RUN, "--junit", "gate.xml", cwd=folder).code == 0
    finally:
        os.umask(before)
    assert (folder / "gate.xml").is_symlink()
    assert stat.S_IMODE((folder / "reports/today/gate.xml").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("options", "path"), [((), "../pyproject.toml"), (("--config", "./rules.toml"), "rules.toml")]
)
def test_every_output_for_people_and_the_json_name_the_file_with_the_rules(
    command: InProcess, folder: Path, options: tuple[str, ...], path: str
) -> None:
    inner = folder / "inner"
    inner.mkdir()
    for each in (folder / "pyproject.toml", inner / "rules.toml"):
        each.write_text("[tool.bluejay-results.gate]\nmax-void = 31\n")
    run = f"../{RUN}"
    reports = ("--html", "gate.html", "--comment", "gate.md")
    text = command("gate", run, *options, *reports, cwd=inner).out.decode()
    whole = json.loads(command("gate", run, *options, "--json", cwd=inner).out)
    page = command("report", run, *options, "-o", "-", cwd=inner).out.decode()
    assert whole["rules_file"] == path
    written = [text, page, *((inner / name).read_text() for name in ("gate.html", "gate.md"))]
    assert [f"Rules: {path}" in each.replace("\\", "") for each in written] == [True] * 4


@pytest.mark.parametrize("name", ["--junit", "--html", "--comment", "--har"])
def test_a_file_in_a_folder_that_does_not_exist_is_refused(
    command: InProcess, folder: Path, name: str
) -> None:
    """A mistyped folder would hide the file from CI."""
    run = "48213" if name == "--har" else RUN
    ended = command("gate", run, name, "new/file", cwd=folder)
    assert (ended.code, ended.out) == (2, b"")
    assert f"{name}: new/file: No such file or directory" in ended.err
    assert not (folder / "new").exists()


@pytest.mark.parametrize("name", ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"])
def test_no_output_file_contains_a_ship_decision_if_the_disk_is_full(
    command: InProcess, folder: Path, name: str
) -> None:
    other = {"GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"} - {name}
    settings = {name: "/dev/full", other.pop(): str(folder / "other")}
    ended = command("gate", RUN, *FORMS, cwd=folder, environment=settings)
    assert (ended.code, ended.out) == (2, b"")
    assert "/dev/full: No space left on device" in ended.err
    assert not ships(folder, "other")


def test_no_output_file_contains_a_ship_decision_if_stdout_is_closed(process: Command, folder: Path) -> None:
    with broken_pipe() as ours:
        ended = process("gate", RUN, *FORMS, cwd=folder, stdout=ours)
    assert ended.code == 141
    assert not ships(folder)


def test_all_files_are_written_before_a_report_is_written_to_a_stream(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ours, its = os.pipe()
    stream, file = output("--comment", f"/dev/fd/{its}"), output("--junit", f"{tmp_path}/file/gate.xml")
    with pytest.raises(UsageError, match="--junit"):
        write_all([(stream, b"ship"), (file, b"ship")])
    os.close(its)
    with os.fdopen(ours, "rb") as received:
        assert received.read() == b""


def test_a_file_that_was_written_before_a_failure_is_removed(tmp_path: Path) -> None:
    file, full = output("--junit", f"{tmp_path}/gate.xml"), output("--comment", "/dev/full")
    with pytest.raises(UsageError, match="--comment"):
        write_all([(file, b"ship"), (full, b"ship")])
    assert not (tmp_path / "gate.xml").exists()


def test_text_that_was_only_partly_appended_to_a_summary_is_removed(folder: Path) -> None:
    """A file size limit allows only the first part of the summary, like a nearly full disk."""
    summary = folder / "summary.md"
    summary.write_text("before\n" + "." * 900 + "\n")
    script = 'ulimit -f 1; trap "" XFSZ; exec "$0" gate all_passed.json'
    ended = in_shell(script, folder, GITHUB_STEP_SUMMARY=str(summary))
    assert (ended.code, ended.out) == (2, b"")
    assert "File too large" in ended.err
    assert not ships(folder, "summary.md")
    assert summary.read_text().startswith("before\n")


def test_an_incompletely_written_file_leaves_nothing_behind(folder: Path) -> None:
    """The file is first written under another name."""
    before = set(folder.iterdir())
    ended = in_shell(f'ulimit -f 1; trap "" XFSZ; exec "$0" gate {RUN} --junit gate.xml', folder)
    assert ended.code == 2
    assert "File too large" in ended.err
    assert set(folder.iterdir()) == before


def test_two_output_options_may_specify_the_same_device() -> None:
    both = [output(label, os.devnull) for label in ("--junit", "--comment")]
    assert [each.kind for each in both] == [Channel.STREAM, Channel.STREAM]
    check_distinct(both, [("the run", os.devnull)])


@pytest.mark.parametrize(
    "script",
    [
        f'"$0" gate {RUN} --junit >(cat > got); code=$?; wait $!; exit $code',
        f'"$0" gate {RUN} --junit - > got',
        f'"$0" gate {RUN} --junit /dev/stdout | cat > got; exit ${{PIPESTATUS[0]}}',
        f'"$0" gate {RUN} --junit /dev/fd/5 5> got',
    ],
)
def test_a_report_on_stdout_or_another_stream_contains_no_other_text(folder: Path, script: str) -> None:
    """If a report is written to stdout, the text for people goes to stderr."""
    ended = in_shell(script, folder)
    got = (folder / "got").read_bytes()
    assert ended.code == 0, ended.err
    assert (got[:5], got[-14:]) == (b"<?xml", b"</testsuites>\n")
    assert b"ship: " in ended.out + ended.err.encode()


@pytest.mark.parametrize("bug", ["gate.gate", "cli.gate_outputs.gate_lines", "gate.reports.junit"])
@pytest.mark.parametrize("runs", [[RUN], ["all_passed.json", "settled.json"]], ids=len)
def test_after_a_crash_no_output_contains_a_verdict(
    command: InProcess, folder: Path, monkeypatch: pytest.MonkeyPatch, bug: str, runs: list[str]
) -> None:
    monkeypatch.setattr(f"bluejay_results.{bug}", lambda *_, **__: [][1])
    settings = {each: str(folder / each) for each in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    ended = command("gate", *runs, *FORMS, "--html", "gate.html", cwd=folder, environment=settings)
    assert (ended.code, ended.out, len(ended.errors)) == (70, b"", 1)
    assert "Internal error" in ended.err
    assert "IndexError at test_gate_outputs.py:" in ended.err
    written = [folder / each for each in (*NAMES, "gate.html", *settings) if (folder / each).exists()]
    assert len(written) == (4 if bug.endswith("junit") else 5)
    for each in written:
        assert "internal error" in each.read_text().replace("_", " ").lower(), each
    assert not ships(folder, *settings)


@pytest.mark.parametrize("bug", ["gate.gate", "gate.verdict.RunVerdict.exit_code"])
def test_after_a_crash_the_json_contains_no_verdict(
    command: InProcess, folder: Path, monkeypatch: pytest.MonkeyPatch, bug: str
) -> None:
    monkeypatch.setattr(f"bluejay_results.{bug}", property(lambda *_, **__: [][1]))
    ended = command("gate", RUN, "--json", cwd=folder)
    document = json.loads(ended.out)
    assert (ended.code, document["exit_code"], document["decision"]) == (70, 70, "internal_error")
    assert [each["exit_code"] for each in document["failures"]] == [70]


def test_a_crash_while_one_of_several_runs_is_read_ends_the_gate(
    command: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = wait.settled

    def crashing(*arguments: Any, **options: Any) -> Any:
        return [][1] if "48213" in arguments else read(*arguments, **options)

    monkeypatch.setattr("bluejay_results.cli.gate_runs.settled", crashing)
    ended = command("gate", "48213", "48231", "99999", "--json")
    document = json.loads(ended.out)
    assert (ended.code, document["decision"], document["runs"]) == (70, "internal_error", [])
    assert [each["run_id"] for each in document["failures"]] == ["48213", "48231", "99999"]


def test_the_traceback_of_a_crash_is_printed_only_for_debugging(
    command: InProcess, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("bluejay_results.gate.gate", crash)
    for settings, lines in (({}, False), ({"BLUEJAY_LOG": "debug"}, True)):
        ended = command("gate", RUN, cwd=folder, environment=settings)
        assert ended.code == 70
        assert ("in crash" in ended.err) is lines
        assert CANARY not in ended.err
