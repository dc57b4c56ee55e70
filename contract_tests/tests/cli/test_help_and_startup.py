"""The help of the commands, and the modules and extras that a command needs to start."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import bluejay_results
import pytest
from bluejay_results.cli.app import SUMMARIES, load

from .command import COMMAND, Command, InProcess

PAGES = [("bluejay-results", name) for name in ("", *SUMMARIES)]
PAGES += [("bluejay-contract", name) for name in ("", "check", "live", "stub")]


@pytest.mark.parametrize(("program", "name"), PAGES)
def test_every_command_prints_its_version(program: str, name: str) -> None:
    run = InProcess("", COMMAND.with_name(program))
    assert run(*name.split(), "--version").lines == [f"{program} {bluejay_results.__version__}"]


@pytest.mark.parametrize(("program", "name"), PAGES)
def test_the_help_of_every_command_is_complete_and_fits_80_columns(program: str, name: str) -> None:
    """Only example commands may be wider, because a wrapped command can't be copied."""
    lines = InProcess("", COMMAND.with_name(program))(*name.split(), "-h").lines
    wide = [line for line in lines if len(line) > 80]
    assert [line for line in wide if not line.startswith((f"  {program}", "  curl ..."))] == []
    assert name or "..." not in " ".join(lines).replace("[ARGS]...", "")


@pytest.mark.parametrize("name", SUMMARIES)
def test_the_list_of_commands_shows_the_first_sentence_of_each_commands_help(name: str) -> None:
    assert load(name).get_short_help_str(1000) == SUMMARIES[name]


ONCE = [
    (name, each)
    for name in SUMMARIES
    for each in load(name).params
    if each.param_type_name == "option" and not each.multiple
]


@pytest.mark.parametrize(("name", "option"), ONCE, ids=[f"{name}{each.opts[-1]}" for name, each in ONCE])
def test_a_repeated_single_value_option_is_refused(name: str, option: Any) -> None:
    given = [option.opts[-1]] if option.is_flag else [option.opts[-1], "1"]
    ended = InProcess("")(name, *given, *given)
    assert (ended.code, ended.out) == (2, b"")
    assert option.opts[-1] in ended.err


def test_a_shell_completes_the_names_of_the_commands(command: Command) -> None:
    asked = {
        "_BLUEJAY_RESULTS_COMPLETE": "complete_bash",
        "COMP_WORDS": "bluejay-results ",
        "COMP_CWORD": "1",
    }
    assert command(environment=asked).lines == list(SUMMARIES)


def _python(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)


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
    script = (
        "import sys; from bluejay_results.cli import main\n"
        "try: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    ended = _python("-c", script, *arguments, *file)
    all_heavy = {"httpx", "rich", "msgspec", "bluejay_results.compare"}
    assert all_heavy & set(ended.stderr.split()) == heavy
    assert ended.stdout


@pytest.mark.parametrize(
    ("package", "missing", "line", "extra"),
    [
        ("bluejay_results", "typer", "show {saved}", "cli"),
        ("bluejay_results", "rich", "show {saved}", "cli"),
        ("bluejay_results", "jinja2", "report {saved} -o {saved}.html", "report"),
        ("bluejay_results", "pyarrow", "export {saved} -o {saved}-out", "export"),
        ("bluejay_contract", "fastapi", "stub --list", "stub"),
        ("bluejay_contract", "contract_kit", "stub --list", "stub"),
        ("bluejay_contract", "contract_kit", "check -", "contract"),
    ],
)
def test_one_line_explains_what_to_install_if_an_extra_is_missing(
    saved: Path, package: str, missing: str, line: str, extra: str
) -> None:
    script = f"import sys; sys.modules[{missing!r}] = None; from {package}.cli import main; sys.exit(main())"
    ended = _python("-c", script, *line.format(saved=saved).split())
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert [each for each in (missing, f".[{extra}]") if each not in ended.stderr] == []
