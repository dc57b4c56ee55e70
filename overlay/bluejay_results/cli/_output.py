"""What a command writes to stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import attrs

from bluejay_results.errors import ContractViolationError, UnsupportedValueError, UsageError, WaitTimeoutError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from bluejay_results.run import SimulationRun


@attrs.frozen
class Form:
    """The options that say how to write a run, by their names."""

    all: bool = False
    json: bool = False
    raw: bool = False
    result: int | None = None

    def check(self) -> None:
        """Raise UsageError if more than one of them is given."""
        values = attrs.asdict(self).items()
        given = [f"--{name}" for name, value in values if value is not None and value is not False]
        if len(given) > 1:
            raise UsageError(f"{' and '.join(given)} can't be combined. Keep one of them.")


@contextmanager
def what_was_seen(form: Form) -> Iterator[None]:
    """Before an error goes on, write the body refused, with `--raw`, or the last state seen of a run."""
    try:
        yield
    except (ContractViolationError, UnsupportedValueError) as error:
        if form.raw and error.body is not None:
            _write(error.body)
        raise
    except WaitTimeoutError as error:
        if error.run:
            write(error.run, form)
        raise


def write(run: SimulationRun, form: Form) -> None:
    """Write a run; raise ContractViolationError after that if it is another one than was requested."""
    if form.raw:
        _write(run.raw)
    elif form.json:
        from .view import view

        _write(view(run))
    else:
        from ._console import console  # loaded late: it brings rich

        _write_lines(_lines(run, form, console()), console())
    if run.requested_id not in {None, run.id}:
        raise ContractViolationError(
            f"The service sent run {run.id}; run {run.requested_id} was requested. Check the run id."
        )


def _lines(run: SimulationRun, form: Form, console: Console) -> Iterable[Text]:
    from ._detail import conversation
    from ._report import report

    if form.result is None:
        return report(run, console, list_all=form.all)
    found = next((each for each in run.results if each.id == form.result), None)
    if found is None:
        raise UsageError(f"Run {run.id} has no conversation {form.result} among its {len(run.results)}.")
    return conversation(found, console)


def _write_lines(lines: Iterable[Text], console: Console) -> None:
    # Captured, because rich itself would exit on a closed pipe.
    with console.capture() as captured:
        for line in lines:
            console.print(line, soft_wrap=True)
    _write(captured.get().encode(sys.stdout.encoding, "backslashreplace"))


def _write(data: bytes) -> None:
    # With PYTHONUNBUFFERED, sys.stdout.buffer may write a part of what it is given and not say so.
    with os.fdopen(sys.stdout.fileno(), "wb", closefd=False) as stdout:
        stdout.write(data)
