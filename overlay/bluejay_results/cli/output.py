"""Writes runs and conversations to stdout."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bluejay_results.errors import UsageError, WaitTimeoutError

from ..writing.streams import styled_lines, write_bytes, write_text

if TYPE_CHECKING:
    from bluejay_results.results.result import SimulationResult
    from bluejay_results.results.run import SimulationRun

    from .options import Form


@contextmanager
def written_on_error(form: Form) -> Iterator[None]:
    """Before raising a timeout, write the last state of the run."""
    try:
        yield
    except WaitTimeoutError as error:
        if error.run:
            write(error.run, form)
        raise


def write(run: SimulationRun, form: Form) -> None:
    """Write a run."""
    if form.as_json:
        from ..writing.view import view

        write_bytes(view(run))
    else:
        from ..writing.run_view import RunView
        from .layout import console  # loaded late: it imports rich
        from .run_text import report

        write_text(styled_lines(report(RunView.of(run), console(), list_all=form.list_all), console()))


def write_listed(run: SimulationRun, result_id: str, form: Form) -> None:
    """Write the conversation of a run that has this id; raise UsageError if the run doesn't list it."""
    result = next((each for each in run.results if str(each.id) == result_id), None)
    if result is None:
        raise UsageError(
            f"Conversation {result_id} is not among the {len(run.results)} that run {run.id} lists. "
            "To fetch a conversation of any run, give --result ID without a run."
        )
    is_incomplete = result.id in {each.id for each in run.incomplete}
    write_result(result, form, is_incomplete=is_incomplete)


def write_result(result: SimulationResult, form: Form, *, is_incomplete: bool = False) -> None:
    """Write one conversation; an incomplete one may lack a verdict or tool calls."""
    from ..writing.run_view import ConversationView

    view = ConversationView.of(result, is_incomplete=is_incomplete)
    if form.as_json:
        from ..writing.view import result_view

        write_bytes(result_view(view))
    else:
        from .layout import console
        from .run_text import conversation

        write_text(styled_lines(conversation(view, console()), console()))
