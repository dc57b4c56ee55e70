"""The commands, run in this process on a body in a file: one line or a report, and a documented exit code."""

import contextlib
import functools
import gc
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import bluejay_contract.cli
import bluejay_results.cli
import typer.main
from bluejay_contract.contract import Contract
from bluejay_results import ContractViolationError, SimulationRun, UnsupportedValueError

_CONTRACT = Contract.load()
_parser = functools.cache(typer.main.get_command)
_ACTIVE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Commands:
    """`bluejay-results show FILE` and `bluejay-contract check FILE`, without the cost of a process."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "run.json"
        self._sink = (folder / "stdout").open("w+", encoding="utf-8")

    def close(self) -> None:
        """Close the file that stands in for stdout."""
        self._sink.close()

    def judge(self, body: bytes) -> None:
        """Give a body to both.

        Raises:
            AssertionError: What a command wrote, or its exit code, is not what is documented.
            Exception: It ended in a traceback.
        """
        self._file.write_bytes(body)
        try:
            expected = 0 if SimulationRun.from_file(self._file).raw == body else -1
        except ContractViolationError:
            expected = 5
        except UnsupportedValueError:
            expected = 3
        code, out, err = self._run(bluejay_results.cli.main, "bluejay-results", "show")
        assert code == expected, f"show ended with {code}, not {expected}: {err}"
        _check_output(out, err, code != 0)
        code, out, err = self._run(bluejay_contract.cli.main, "bluejay-contract", "check")
        assert code in {0, 5}, f"check ended with {code}: {err}"
        _check_output(out, err, False)

    def _run(self, main: Callable[[], Any], program: str, command: str) -> tuple[int, str, str]:
        self._sink.seek(0)
        self._sink.truncate()
        err = io.StringIO()
        with (
            contextlib.redirect_stdout(self._sink),
            contextlib.redirect_stderr(err),
            patch.object(sys, "argv", [program, command, str(self._file)]),
            # What takes most of the time and is the same each time.
            patch.object(Contract, "load", lambda: _CONTRACT),
            patch.object(typer.main, "get_command", _parser),
        ):
            try:
                code = main()
            except SystemExit as end:
                code = end.code
            finally:
                gc.enable()  # check turns it off, for the moment that its process lives
        self._sink.flush()
        self._sink.seek(0)
        return int(code), self._sink.read(), err.getvalue()


def _check_output(out: str, err: str, has_failed: bool) -> None:
    assert bool(err) is has_failed, f"on stderr: {err!r}"
    assert err.count("\n") == has_failed, f"not one line: {err!r}"
    assert bool(out) is not has_failed, f"on stdout: {out[:200]!r}"
    active = _ACTIVE.search(out + err)
    assert not active, f"a terminal would obey {active!r}"
