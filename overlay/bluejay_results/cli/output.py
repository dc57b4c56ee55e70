"""Writes runs and conversations to stdout."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import attrs

from bluejay_results.errors import (
    ContractViolationError,
    UsageError,
    WaitTimeoutError,
)

from ..writing.safe_text import safe_line, terminal_safe
from ..writing.streams import styled_lines, write_bytes, write_message, write_text

if TYPE_CHECKING:
    from bluejay_results.results.queued import QueuedRun
    from bluejay_results.results.result import SimulationResult
    from bluejay_results.results.run import SimulationRun


@attrs.frozen
class OutputOptions:
    """The options that set the form of the output; `result` is the id of the one conversation to write."""

    all: bool = False
    json: bool = False
    jsonl: bool = False
    result: str | None = None

    @property
    def is_for_programs(self) -> bool:
        """Whether stdout may contain only JSON."""
        return self.json or self.jsonl

    def check(self) -> None:
        """Raise UsageError if more than one form is given, or both `all` and `result`."""
        names = ("all", "result") if self.all and self.result else ("all", "json", "jsonl")
        given = [f"--{name}" for name in names if getattr(self, name)]
        if len(given) > 1:
            raise UsageError(f"{' and '.join(given)} can't be combined. Keep one of them.")


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
    """Write a run."""
    if options.result is not None:
        _write_listed(run, options)
    elif options.is_for_programs:
        from ..writing.view import lines_view, view

        write_bytes(view(run) if options.json else lines_view(run))
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
    if options.is_for_programs:
        from ..writing.view import result_line, result_view

        write_bytes(result_view(view) if options.json else result_line(view))
    else:
        from .layout import console
        from .run_text import conversation

        write_text(styled_lines(conversation(view, console()), console()))


def usable_run_id(queued: QueuedRun) -> str:
    """Return the id of a queued run; raise ContractViolationError if a shell can't use the id."""
    from bluejay_results.client.queueing import MAY_EXIST

    run_id = queued.run_id
    if safe_line(terminal_safe(run_id)) != run_id or not run_id:
        raise ContractViolationError(f"The service sent an unusable run id, {run_id!r}. {MAY_EXIST}")
    return run_id


def write_queued(queued: QueuedRun, options: OutputOptions, *, is_wait: bool) -> None:
    """Write the id of a queued run on a line of its own, then the URL of the run's page on stderr.

    Raises:
        ContractViolationError: A shell can't use the id.
    """
    from .progress import conversations_text

    run_id = usable_run_id(queued)
    page = f"Queued {conversations_text(len(queued.result_ids))}: {queued.app_url}"
    try:
        if options.is_for_programs:
            write_message(run_id)
        else:
            write_text(f"{run_id}\n")
    finally:  # the run exists, even if stdout can't be written
        write_message(page)
    if options.json and not is_wait:
        from ..writing.view import queued_view

        write_bytes(queued_view(queued))
