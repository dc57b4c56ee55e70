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

KEY_SOURCES = ("BLUEJAY_API_KEY", "BLUEJAY_API_KEY_FILE")
VARIABLES = (*KEY_SOURCES, "BLUEJAY_API_URL", "BLUEJAY_ORGANIZATION_ID", "BLUEJAY_LOG", "NO_COLOR", "COLUMNS")
HEAVY = {"httpx", "rich", "msgspec"}


COMMANDS = [" queue Queue a run", " wait Wait until", " show Show a run:", "--install-completion"]
COMMANDS += [" gate Decide whether to ship", " compare Compare a run with an earlier one"]


@pytest.mark.parametrize(
    ("program", "codes", "others"),
    [
        ("bluejay-results", ExitCode, [*VARIABLES, *COMMANDS]),
        ("bluejay-contract", ContractExitCode, [" check Check a run", " live Check a", " stub Serve"]),
    ],
)
def test_the_help_documents_every_exit_code_variable_and_command(
    program: str, codes: Iterable[ExitCode | ContractExitCode], others: list[str]
) -> None:
    text = " ".join(InProcess("", COMMAND.with_name(program))("-h").out.decode().split())
    documented = [f"{code.value} {code.meaning}" for code in codes]
    assert [each for each in documented + others if each not in text] == []


def test_each_block_of_the_help_has_its_heading_once(command: Command) -> None:
    headings = [line for line in command("-h").lines if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["Options:", "Commands:", "Environment:", "Exit codes:"]


GATE = {
    "What to run or judge": ["--queue", "--digital-human", "--agent-version", "--with"],
    "Rules": [
        *("--min-pass-rate", "--max-always-failing", "--require", "--confident", "--min-conversations"),
        *("--max-void", "--no-counters", "--latency-unit", "--config"),
    ],
    "Outputs": ["--json", "--junit", "--comment", "--html", "--har"],
    "Waiting": ["--timeout", "--poll-interval", "--tool-call-grace"],
    "Connection": ["--base-url", "--api-key-file", "--organization"],
    "Options": ["--version", "-h,"],
}
"""The options of `gate`: 24 without --version and --help."""


def test_the_help_of_gate_shows_its_24_options_in_groups(command: Command) -> None:
    shown: dict[str, list[str]] = {}
    for line in command("gate", "--help").lines:
        if line.endswith(":") and not line.startswith(" "):
            shown[line[:-1]] = options = []
        elif line.startswith("  -"):
            options.append(line.split()[0])
    assert {heading: shown[heading] for heading in GATE} == GATE


PAGES_OF = ("", "queue", "wait", "show", "gate", "compare", "report", "runs", "export")
PAGES = [("bluejay-results", name) for name in PAGES_OF]
PAGES += [("bluejay-contract", name) for name in ("", "check", "live", "stub")]


@pytest.mark.parametrize(("program", "name"), PAGES)
def test_every_command_prints_its_version(program: str, name: str) -> None:
    run = InProcess("", COMMAND.with_name(program))
    assert run(*name.split(), "--version").lines == [f"{program} {bluejay_results.__version__}"]


@pytest.mark.parametrize(("kind", "width"), [(InProcess, 80), (Command, 40)])
@pytest.mark.parametrize(("program", "name"), PAGES)
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


def test_python_m_bluejay_results_runs_the_command(saved: Path) -> None:
    asked = [sys.executable, "-m", "bluejay_results", "show", str(saved), "--result", "7"]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("bluejay-results: Conversation 7 is not among the 15 ")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        *[(UsageError, 2), (InvalidIdError, 2), (AuthenticationError, 3), (UnexpectedStatusError, 3)],
        *[(TLSError, 3), (WaitTimeoutError, 4), (ContractViolationError, 5)],
    ],
)
def test_every_error_has_an_exit_code(kind: type[BluejayError], code: int) -> None:
    assert exit_code(kind("x")) == code


def _main(
    script: str, *arguments: str | Path, package: str = "bluejay_results"
) -> subprocess.CompletedProcess[str]:
    """Run a Python script that calls `main` of a package."""
    source = f"import sys\nfrom {package}.cli import main\n{script}"
    command = [sys.executable, "-c", source, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [(["--help"], set()), (["show"], {"rich", "msgspec"}), (["show", "--json"], {"msgspec"})],
)
def test_a_command_loads_only_the_libraries_that_it_needs(
    saved: Path, arguments: list[str], heavy: set[str]
) -> None:
    file = [saved] if "show" in arguments else []
    ended = _main("main(); print(*sys.modules, file=sys.stderr)", *arguments, *file)
    assert HEAVY & set(ended.stderr.split()) == heavy
    assert file or ended.stdout.startswith("Usage: bluejay-results ")


def test_the_help_of_compare_loads_no_comparison_code() -> None:
    script = "try: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    ended = _main(script, "compare", "--help")
    assert ended.stdout.startswith("Usage: bluejay-results compare ")
    assert "bluejay_results.compare" not in ended.stderr.split()


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_one_line_says_what_to_install_if_the_extra_is_missing(missing: str, saved: Path) -> None:
    ended = _main(f"sys.modules[{missing!r}] = None\nsys.exit(main())", "show", saved)
    said = f"bluejay-results: {missing} is missing. In a checkout, run: pip install '.[cli]'\n"
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == said


@pytest.mark.parametrize(
    ("missing", "arguments", "extra"),
    [("fastapi", ("stub", "--list"), "stub"), ("yaml", ("check", "-"), "contract")],
)
def test_bluejay_contract_without_its_extra_says_what_to_install(
    missing: str, arguments: tuple[str, ...], extra: str
) -> None:
    ended = _main(f"sys.modules[{missing!r}] = None\nmain()", *arguments, package="bluejay_contract")
    said = f"bluejay-contract: {missing} is missing. In a checkout, run: pip install '.[{extra}]'\n"
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == said
