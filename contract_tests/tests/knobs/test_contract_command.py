"""Every option and variable of `bluejay-contract` changes what it prints, writes or sends."""

from typing import Any

import typer
from bluejay_contract.cli.app import app

from ..golden.harness.texts import file_of

KEPT = dict(each.split("\n", 1) for each in f"\n{file_of('commands').read_text()}".split("\n== ")[1:])
"""What each command line does."""
PROCESSES = {"stub --port", "stub --api-key", "stub --no-pages"}
"""The options of a stub that runs: `stub/test_stub_cli.py` starts processes with them."""
VARIABLES = {"BLUEJAY_API_KEY", "BLUEJAY_API_KEY_FILE", "BLUEJAY_API_URL", "BLUEJAY_ORGANIZATION_ID"}


def _without(line: str, option: str, *, takes_value: bool) -> str:
    words = line.split()
    at = words.index(option)
    del words[at : at + 1 + takes_value]
    return " ".join(words)


def test_each_option_changes_an_output() -> None:
    unchanged = set[str]()
    for name, command in typer.main.get_group(app).commands.items():
        options: list[Any] = [each for each in command.params if each.opts[-1].startswith("--")]
        for each in options:
            option = each.opts[-1]
            lines = [line for line in KEPT if line.startswith(name) and option in line.split()]
            bases = {line: _without(line, option, takes_value=not each.is_flag) for line in lines}
            if all(KEPT.get(base) in (None, KEPT[line]) for line, base in bases.items()):
                unchanged.add(f"{name} {option}")
    assert unchanged == PROCESSES | {"stub --list", "stub --version"}
    assert KEPT["stub --list"] != KEPT["stub --version"]


def test_each_variable_changes_an_output() -> None:
    unchanged = set(VARIABLES)
    for line in KEPT:
        for word in line.split():
            base = " ".join(each for each in line.split() if each != word)
            if KEPT.get(base, KEPT[line]) != KEPT[line]:
                unchanged.discard(word.partition("=")[0])
    assert unchanged == set()
