"""The help of the commands, and the modules and extras that a command needs to start."""

import subprocess
import sys
from pathlib import Path

from bluejay_results.cli.app import SUMMARIES, load
from contract_kit.tests.tables import table

from .command import InProcess, check_refused


@table("name", SUMMARIES)
def test_an_option_with_a_single_value_is_refused_if_it_is_repeated_or_not_in_digits(name: str) -> None:
    for option in load(name).params:
        if option.param_type_name != "option" or option.multiple:
            continue
        given = [option.opts[-1]] if option.is_flag else [option.opts[-1], "1"]
        ended = InProcess("")(name, *given, *given)
        check_refused(ended, 2, f"{option.opts[-1]} was passed more than once")
        for value in ("9_0", " 9", "\u0669") if option.type.name.startswith(("float", "int")) else ():
            ended = InProcess("")(name, option.opts[-1], value)
            check_refused(ended, 2, f"{option.opts[-1]} must be a number, got {value!r}")


def _python(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)


@table(
    "line, heavy",
    [
        ("compare --help", set()),
        ("show {saved}", {"rich", "msgspec"}),
        ("show {saved} --json", {"msgspec"}),
    ],
)
def test_a_command_loads_only_the_libraries_that_it_needs(saved: Path, line: str, heavy: set[str]) -> None:
    script = (
        "import sys; from bluejay_results.cli import main\n"
        "try: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    ended = _python("-c", script, *line.format(saved=saved).split())
    all_heavy = {"httpx", "rich", "msgspec"}
    assert all_heavy & set(ended.stderr.split()) == heavy
    assert ended.stdout
