"""The outputs of `gate`: either all are written or none says ship, and only regular files are replaced."""

import os
import signal
import stat
from functools import partial
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import UsageError
from bluejay_results.writing.files import output, write_all
from contract_kit.tests.tables import table

from .command import CANARY, COMMAND, Command, Ended, InProcess, broken_pipe, has_received

RUN = "all_passed.json"
FILES = ("gate.xml", "gate.md", "gate.html")
FORMS = ("--junit", "gate.xml", "--comment", "gate.md", "--html", "gate.html")
GITHUB = {"GITHUB_STEP_SUMMARY": "summary", "GITHUB_OUTPUT": "outputs"}


def written(folder: Path) -> dict[str, str]:
    """Return the text of each output, by name."""
    found = [folder / name for name in (*FILES, *GITHUB.values())]
    return {each.name: each.read_text() for each in found if each.exists()}


def ships(folder: Path) -> bool:
    """Whether an output says ship; a page says it in its title."""
    return any("ship" in text.partition("</title>")[0].lower() for text in written(folder).values())


def in_shell(script: str, folder: Path, **environment: str) -> Ended:
    """Run a bash script in which $0 is the command."""
    shell = Command("", Path("/bin/bash"))
    return shell("-c", script, COMMAND, cwd=folder, environment=environment)


def _crash(*_: object, **__: object) -> None:
    raise RuntimeError(CANARY)


@table(
    "line, settings, bug, code",
    [
        ("99999", {}, "", 3),
        ("", {}, "", 2),
        ("99999 --har=", {}, "", 2),
        (f"{RUN} --max-void 101", {}, "", 2),
        (RUN, {"GITHUB_OUTPUT": "new/file"}, "", 2),
        (RUN, {"GITHUB_OUTPUT": "/dev/full"}, "", 2),
        (RUN, {"GITHUB_STEP_SUMMARY": "/dev/full"}, "", 2),
        (f"{RUN} settled.json", {}, "gate.gate", 70),
        (RUN, {}, "cli.gate_outputs.to_json", 70),
        (f"{RUN} settled.json", {}, "gate.reports.junit", 70),
    ],
)
def test_no_output_says_ship_after_a_failure(
    command: InProcess, folder: Path, line: str, settings: dict[str, str], bug: str, code: int
) -> None:
    """If an old output remained, CI would upload an earlier run's verdict."""
    for form in ("--json", "--name=gate"):
        for each in GITHUB.values():
            (folder / each).unlink(missing_ok=True)
        assert command("gate", RUN, *FORMS, cwd=folder).code == 0
        assert ships(folder)
        with pytest.MonkeyPatch.context() as context:
            if bug:
                context.setattr(f"bluejay_results.{bug}", _crash)
            arguments = ("gate", *line.split(), *FORMS, form)
            ended = command(*arguments, cwd=folder, environment=GITHUB | settings)
        if form == "--json" or not bug.endswith("to_json"):
            assert ended.code == code
            assert (b"ship:" in ended.out or b'"ship"' in ended.out, ships(folder)) == (False, False)
            said = {name: text.replace("_", " ").lower() for name, text in written(folder).items()}
            told = {name for name, text in said.items() if "internal error" in text}
            broken = {"gate.xml"} if bug.endswith("junit") else set()
            assert told == ({*FILES, *GITHUB.values()} - broken if code == 70 else set())


def test_earlier_text_in_a_github_summary_counts_towards_the_size_limit(
    command: InProcess, folder: Path
) -> None:
    summary = folder / "summary.md"
    summary.write_bytes(b"." * 1_047_500)
    (folder / "large.json").write_bytes(SCENARIOS["large"].bodies[0])
    command("gate", "large.json", cwd=folder, environment={"GITHUB_STEP_SUMMARY": str(summary)})
    assert 1_047_500 < summary.stat().st_size < 1_050_000


def test_files_from_an_earlier_verdict_are_removed_even_if_the_command_is_killed(
    process: Command, stub: Stub, folder: Path
) -> None:
    assert process("gate", RUN, *FORMS, cwd=folder).code == 0
    stub.serve("48391", Answer(delay=60))
    is_sent = partial(has_received, stub, "GET", "48391")
    process.stopped(signal.SIGKILL, is_sent, "gate", "48391", *FORMS, cwd=folder)
    assert written(folder) == {}


def test_no_output_says_ship_if_stdout_is_closed(process: Command, folder: Path) -> None:
    with broken_pipe() as ours:
        ended = process("gate", RUN, *FORMS, cwd=folder, stdout=ours)
    assert ended.code == 141
    assert not ships(folder)


@table("option, settings", [("--junit gate.xml", {}), ("", {"GITHUB_STEP_SUMMARY": "summary"})])
def test_an_output_that_is_only_partly_written_leaves_nothing_behind(
    folder: Path, option: str, settings: dict[str, str]
) -> None:
    """A file size limit is like a nearly full disk. Files are first written under another name."""
    (folder / "summary").write_text("before\n" + "." * 900 + "\n")
    before = {*folder.iterdir()}
    ended = in_shell(f'ulimit -f 1; trap "" XFSZ; exec "$0" gate {RUN} {option}', folder, **settings)
    assert (ended.code, ended.out) == (2, b"")
    assert "File too large" in ended.err
    assert {*folder.iterdir()} == before
    assert not ships(folder)
    assert (folder / "summary").read_text().startswith("before\n")


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


@table(
    "script",
    [
        f'"$0" gate {RUN} --junit >(cat > got); code=$?; wait $!; exit $code',
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
