"""Runs the commands in this process on a body in a file, and checks their output and exit code."""

import functools
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import typer.main
from bluejay_contract.contract import Contract
from bluejay_results import ContractViolationError, SimulationRun, UnsupportedValueError

from ..cli.command import COMMAND, Ended, InProcess

_CONTRACT = Contract.load()
_NOWHERE = "http://service.invalid"
_SHOW, _CHECK = InProcess(_NOWHERE), InProcess(_NOWHERE, COMMAND.with_name("bluejay-contract"))
_parser = functools.cache(typer.main.get_command)
_ACTIVE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def judge_commands(body: bytes) -> None:
    """Pass a body to `bluejay-results show FILE` and `bluejay-contract check FILE`.

    Raises:
        AssertionError: The output or the exit code of a command contradicts the documentation.
        Exception: A command ended in a traceback.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "run.json"
        file.write_bytes(body)
        try:
            expected = 0 if SimulationRun.from_file(file).responses[0].body == body else -1
        except ContractViolationError:
            expected = 5
        except UnsupportedValueError:
            expected = 3
        # Loading the contract and building the parsers would take most of the time.
        with (
            patch.object(Contract, "load", lambda: _CONTRACT),
            patch.object(typer.main, "get_command", _parser),
        ):
            shown, checked = _SHOW("show", file), _CHECK("check", file)
    assert shown.code == expected, f"show ended with {shown.code}, not {expected}: {shown.err}"
    _check_output(shown, shown.code != 0)
    assert checked.code in {0, 5}, f"check ended with {checked.code}: {checked.err}"
    _check_output(checked, False)


def _check_output(ended: Ended, has_failed: bool) -> None:
    out, err = ended.out.decode(), ended.err
    assert bool(err) is has_failed, f"on stderr: {err!r}"
    assert err.count("\n") == has_failed, f"not one line: {err!r}"
    assert bool(out) is not has_failed, f"on stdout: {out[:200]!r}"
    active = _ACTIVE.search(out + err)
    assert not active, f"a terminal would obey {active!r}"
