"""Closed streams, leftover variables and unusual files end a command with one line and a documented code."""

import gc
import shlex
from pathlib import Path

import pytest
from bluejay_contract.stub import Answer, Stub

from .. import builders
from .command import Bad, Command, Ended, InProcess

SHELL = Path("/bin/sh")


def _redirected(process: Command, line: str, redirection: str) -> Ended:
    """Run the command in a shell that closes a stream."""
    return Command("", SHELL)(
        "-c", f"exec {process.program} {line} {redirection}", environment=process.variables({})
    )


@pytest.mark.parametrize("program", ["bluejay-results gate", "bluejay-contract check"])
@pytest.mark.parametrize("instruction", ["source_bash", "complete_bash", "x"])
def test_a_leftover_completion_variable_does_not_make_a_check_succeed(
    command: InProcess, saved: Path, tmp_path: Path, program: str, instruction: str
) -> None:
    name, subcommand = program.split()
    broken = tmp_path / "broken.json"
    broken.write_bytes(saved.read_bytes().replace(b'"id"', b'"ids"'))
    variable = {f"_{name.upper().replace('-', '_')}_COMPLETE": instruction}
    checking = InProcess("", command.program.with_name(name))
    ended = [checking(subcommand, broken, environment=each) for each in ({}, variable)]
    assert ended[0] == ended[1]
    assert ended[0].code != 0


def test_a_shell_completes_a_command_line_without_an_error(process: Command) -> None:
    words = {"COMP_WORDS": "bluejay-results ga", "COMP_CWORD": "1"}
    ended = process(environment={"_BLUEJAY_RESULTS_COMPLETE": "complete_bash", **words})
    assert (ended.code, ended.out.split(), ended.err) == (0, [b"gate"], "")


@pytest.mark.parametrize("value", ["9_0", " 9", "\u0669"])
@pytest.mark.parametrize(
    "line",
    [
        "wait 48213 --timeout",
        "gate 48213 --poll-interval",
        "wait 48213 --tool-call-grace",
        "runs 731 --last",
        "report 48213 -o x.html --simulation 731 --last",
        "export 48213 -o x --concurrency",
    ],
)
def test_only_digits_are_a_number(command: InProcess, folder: Path, line: str, value: str) -> None:
    Bad("", 2, f"{line.split()[-1]} must be a number, got {value!r}").check(
        command(*line.split(), value, cwd=folder)
    )


@pytest.mark.parametrize(
    ("redirection", "bad"),
    [
        ("<&-", Bad("gate -", 2, "standard input")),
        (">&-", Bad("gate {saved}", 2, "output")),
        (">&-", Bad("show {saved} --json", 2, "output")),
        (">&-", Bad("wait 48213", 2, "output")),
    ],
    ids=str,
)
def test_a_closed_stream_is_reported(process: Command, saved: Path, redirection: str, bad: Bad) -> None:
    ended = _redirected(process, bad.arguments.format(saved=shlex.quote(str(saved))), redirection)
    bad.check(Ended(ended.code, ended.out, ended.errors[-1]))


def test_the_output_is_complete_if_stderr_is_closed(process: Command, saved: Path, tmp_path: Path) -> None:
    """No file that the command opens gets the number of the closed stream."""
    line = f"gate {shlex.quote(str(saved))} --comment {tmp_path / 'gate.md'}"
    with_all, without = (_redirected(process, line, each) for each in ("", "2>&-"))
    assert (without.code, without.out) == (with_all.code, with_all.out)
    assert without.out


@pytest.mark.parametrize("url", ["http://[bad/", "http://[::1", "http://a]/v1"])
def test_a_recording_with_an_invalid_url_is_reported(
    command: InProcess, stub: Stub, tmp_path: Path, url: str
) -> None:
    har = tmp_path / "run.har"
    command("show", "48213", "--har", har)
    har.write_text(har.read_text().replace(f"{stub.url}/v1/retrieve-simulation-results/48213", url))
    Bad("", 5, "not valid HAR").check(command("show", har))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        *(
            (f"{name} = {value}", name)
            for name in ("latency-unit", "min-pass-rate", "confident")
            for value in ('["ms"]', "{a = 1}", "2026-11-19", "[[1]]", "nan", "''")
        ),
        ("min-conversations = 0x" + "f" * 5_000, "not valid TOML"),
        (f"must-pass = [0x{'f' * 5_000}]", "not valid TOML"),
        ("max-void = [" * 5_000, "not valid TOML"),
        (f"[{'a.' * 200_000}a]", "128 KiB"),
        (f"a{'.a' * 60_000} = 1", "dots"),
    ],
    ids=lambda each: each[:30],
)
def test_an_unusual_toml_value_is_reported(
    command: InProcess, saved: Path, folder: Path, text: str, says: str
) -> None:
    (folder / "pyproject.toml").write_text(f"[tool.bluejay-results.gate]\n{text}\n")
    Bad("", 2, says).check(command("gate", saved, cwd=folder))


def test_a_run_that_the_app_url_attributes_to_another_simulation_never_ships(
    command: InProcess, stub: Stub, folder: Path
) -> None:
    stub.serve(
        "48331",
        Answer.json(builders.response(builders.result(), id="48331", simulation_id="733", total_tests=1)),
    )
    url = "https://app.getbluejay.ai/simulations/{}/runs/48331"
    lines = {"gate": (), "show": (), "wait": (), "report": ("--output", "page.html")}
    for name, options in lines.items():
        codes = [command(name, url.format(each), *options, cwd=folder).code for each in ("733", "731")]
        assert codes == [0, 5], name


def test_a_command_restores_the_garbage_collectors_thresholds(command: InProcess, saved: Path) -> None:
    before = gc.get_threshold()
    command("show", saved)
    assert gc.get_threshold() == before
