"""Writes runs and conversations to stdout."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from attrs import frozen

from bluejay_results.errors import UsageError, WaitTimeoutError

from ..writing.streams import styled_lines, write_bytes, write_text

if TYPE_CHECKING:
    from bluejay_results.results.result import SimulationResult
    from bluejay_results.results.run import SimulationRun


@frozen
class OutputOptions:
    """The options that set the form of the output; `result` is the id of the one conversation to write."""

    all: bool = False
    json: bool = False
    result: str | None = None

    def check(self) -> None:
        """Raise UsageError if `all` is combined with another form."""
        others = [name for name in ("json", "result") if getattr(self, name)]
        if self.all and others:
            raise UsageError(f"--all and --{others[0]} can't be combined. Keep one of them.")


@contextmanager
def written_on_error(options: OutputOptions) -> Iterator[None]:
    """Before raising a timeout, write the last state of the run."""
    try:
        yield
    except WaitTimeoutError as error:
        if error.run:
            write(error.run, options)
        raise


def write(run: SimulationRun, options: OutputOptions) -> None:
    """Write a run, or the conversation of it that the options name."""
    if options.result is not None:
        _write_listed(run, options)
    elif options.json:
        from ..writing.view import view

        write_bytes(view(run))
    else:
        from ..writing.run_view import RunView
        from .layout import console  # loaded late: it imports rich
        from .run_text import report

        lines = report(RunView.of(run), console(), list_all=options.all)
        write_text(styled_lines(lines, console()))


def _write_listed(run: SimulationRun, options: OutputOptions) -> None:
    result = next((each for each in run.results if str(each.id) == options.result), None)
    if result is None:
        raise UsageError(
            f"Conversation {options.result} is not among the {len(run.results)} that run {run.id} lists. "
            "To fetch a conversation of any run, give --result ID without a run."
        )
    is_incomplete = result.id in {each.id for each in run.incomplete}
    write_result(result, options, is_incomplete=is_incomplete)


def write_result(result: SimulationResult, options: OutputOptions, *, is_incomplete: bool = False) -> None:
    """Write one conversation; an incomplete one may lack a verdict or tool calls."""
    from ..writing.run_view import ConversationView

    view = ConversationView.of(result, is_incomplete=is_incomplete)
    if options.json:
        from ..writing.view import result_view

        write_bytes(result_view(view))
    else:
        from .layout import console
        from .run_text import conversation

        write_text(styled_lines(conversation(view, console()), console()))
