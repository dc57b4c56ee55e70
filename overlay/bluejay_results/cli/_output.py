"""What a command writes to stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bluejay_results.errors import ContractViolationError, UnsupportedValueError

if TYPE_CHECKING:
    from bluejay_results.run import SimulationRun


def write_bytes(run: SimulationRun) -> None:
    """Write a run as it was received."""
    _write(run.raw)


@contextmanager
def refused_as_well(as_json: bool) -> Iterator[None]:
    """With `--json`, write the body that is refused before its error goes on."""
    try:
        yield
    except (ContractViolationError, UnsupportedValueError) as error:
        if as_json and error.body is not None:
            _write(error.body)
        raise


def write_report(run: SimulationRun, limit: int | None) -> None:
    """Write a run for a person, with `limit` conversations that did not pass at most."""
    from ._console import console  # loaded late: it brings rich
    from ._report import report

    stdout = console()
    # Captured, for the blanks at the ends of its lines, and because rich itself would exit on a closed pipe.
    with stdout.capture() as captured:
        # Everything is laid out for the width but the one line that must stay whole, a URL.
        stdout.print(report(run, limit), crop=False)
    lines = (line.rstrip() for line in captured.get().split("\n"))
    _write("\n".join(lines).encode(sys.stdout.encoding, "backslashreplace"))


def _write(data: bytes) -> None:
    # With PYTHONUNBUFFERED, sys.stdout.buffer may write a part of what it is given and not say so.
    with os.fdopen(sys.stdout.fileno(), "wb", closefd=False) as stdout:
        stdout.write(data)
