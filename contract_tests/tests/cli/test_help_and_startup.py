"""The help of the commands, and the modules and extras that a command needs to start."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import bluejay_results
import pytest
from bluejay_contract.cli.exit_codes import ExitCode as ContractExitCode
from bluejay_results import (
    AuthenticationError,
    BluejayError,
    ContractViolationError,
    InvalidIdError,
    TLSError,
    UnexpectedStatusError,
    UsageError,
    WaitTimeoutError,
)
from bluejay_results.cli.app import SUMMARIES, load
from bluejay_results.cli.exit_codes import ExitCode
from bluejay_results.cli.process import exit_code

from .command import COMMAND, Command, InProcess

PAGES = [("bluejay-results", name) for name in ("", *SUMMARIES)]
PAGES += [("bluejay-contract", name) for name in ("", "check", "live", "stub")]


@pytest.mark.parametrize(
    ("program", "codes"), [("bluejay-results", ExitCode), ("bluejay-contract", ContractExitCode)]
)
def test_the_help_has_every_exit_code_and_command(
    program: str, codes: Iterable[ExitCode | ContractExitCode]
) -> None:
    text = " ".join(InProcess("", COMMAND.with_name(program))("-h").out.decode().split())
    documented = [f"{code.value} {code.meaning}" for code in codes]
    documented += [f" {name} " for of, name in PAGES if name and of == program]
    assert [each for each in documented if each not in text] == []


@pytest.mark.parametrize(("program", "name"), PAGES)
def test_every_command_prints_its_version(program: str, name: str) -> None:
    run = InProcess("", COMMAND.with_name(program))
    assert run(*name.split(), "--version").lines == [f"{program} {bluejay_results.__version__}"]


@pytest.mark.parametrize(
    ("program", "name", "kind", "width"),
    [
        *((*page, InProcess, 80) for page in PAGES),
        *((program, name, Command, 40) for program, name in PAGES if name in {"", "gate", "live"}),
    ],
)
def test_the_help_of_every_command_is_complete_and_fits_the_width(
    program: str, name: str, kind: type[Command], width: int
) -> None:
    """Only examples may be wider, so that they can be copied. The width is read when a process starts."""
    run = kind("", COMMAND.with_name(program))
    lines = run(*name.split(), "-h", environment={"COLUMNS": str(width)}).lines
    wide = [line for line in lines if len(line) > width]
    assert [line for line in wide if not line.startswith((f"  {program}", "  curl ..."))] == []
    assert name or "..." not in " ".join(lines).replace("[ARGS]...", "")


@pytest.mark.parametrize("name", SUMMARIES)
def test_the_list_of_commands_shows_the_first_sentence_of_each_commands_help(name: str) -> None:
    assert load(name).get_short_help_str(1000) == SUMMARIES[name]


def test_a_shell_completes_the_commands(command: Command) -> None:
    asked = {
        "_BLUEJAY_RESULTS_COMPLETE": "complete_bash",
        "COMP_WORDS": "bluejay-results ",
        "COMP_CWORD": "1",
    }
    assert command(environment=asked).lines == list(SUMMARIES)


def _python(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)


def _main(
    script: str, *arguments: str | Path, package: str = "bluejay_results"
) -> subprocess.CompletedProcess[str]:
    """Run a Python script that calls `main` of a package."""
    return _python("-c", f"import sys\nfrom {package}.cli import main\n{script}", *arguments)


def test_python_m_bluejay_results_runs_the_command(saved: Path) -> None:
    ended = _python("-m", "bluejay_results", "show", saved, "--result", "7")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("bluejay-results: ")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        *[(UsageError, 2), (InvalidIdError, 2), (AuthenticationError, 3), (UnexpectedStatusError, 3)],
        *[(TLSError, 3), (WaitTimeoutError, 4), (ContractViolationError, 5)],
    ],
)
def test_every_error_has_an_exit_code(kind: type[BluejayError], code: int) -> None:
    assert exit_code(kind("x")) == code


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], set()),
        (["compare", "--help"], set()),
        (["show"], {"rich", "msgspec"}),
        (["show", "--json"], {"msgspec"}),
    ],
)
def test_a_command_loads_only_the_libraries_that_it_needs(
    saved: Path, arguments: list[str], heavy: set[str]
) -> None:
    file = [saved] if "show" in arguments else []
    ended = _main("try: main()\nfinally: print(*sys.modules, file=sys.stderr)", *arguments, *file)
    all_heavy = {"httpx", "rich", "msgspec", "bluejay_results.compare"}
    assert all_heavy & set(ended.stderr.split()) == heavy
    assert ended.stdout


@pytest.mark.parametrize(
    ("package", "missing", "line", "extra"),
    [
        ("bluejay_results", "typer", "show {saved}", "cli"),
        ("bluejay_results", "rich", "show {saved}", "cli"),
        ("bluejay_contract", "fastapi", "stub --list", "stub"),
        ("bluejay_contract", "yaml", "check -", "contract"),
    ],
)
def test_one_line_says_what_to_install_if_an_extra_is_missing(
    saved: Path, package: str, missing: str, line: str, extra: str
) -> None:
    script = f"sys.modules[{missing!r}] = None\nsys.exit(main())"
    ended = _main(script, *line.format(saved=saved).split(), package=package)
    said = (
        f"{package.replace('_', '-')}: {missing} is missing. In a checkout, run: pip install '.[{extra}]'\n"
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", said)
