"""The `show` command.

Annotations aren't postponed here (PEP 563): typer would have to evaluate them every time it starts.
"""

from typing import TYPE_CHECKING, Annotated

from attrs import frozen

from bluejay_results.errors import UsageError

from ..json_output import to_json
from ..writing.streams import styled_lines, write_bytes, write_text
from .command import OptionGroup
from .connection import Connection
from .options import OUTPUTS, SOURCE, SUBJECT, AsJson, Har, Version, option
from .source import prepare_recording, read

if TYPE_CHECKING:
    from bluejay_results.results.result import SimulationResult
    from bluejay_results.results.run import SimulationRun

EXAMPLES = """\
  bluejay-results show 48213 --all
  bluejay-results show 48213 --result 482130003  a conversation as the run lists it
  bluejay-results show --result 482130003  a conversation fetched by id
  bluejay-results show 48213 --json | jq '.results[].reason'
  bluejay-results show ./48213  a file that is named like a run id
  curl ... | bluejay-results show -
"""


@frozen
class Form(OptionGroup):
    """How to write a run."""

    list_all: Annotated[
        bool,
        option(
            OUTPUTS,
            None,
            "List every conversation that did not pass (default: more than 20 are grouped by reason).",
            "--all",
        ),
    ] = False
    as_json: AsJson = False

    def __attrs_post_init__(self) -> None:
        """Raise UsageError if two output formats were requested."""
        if self.list_all and self.as_json:
            raise UsageError("--all and --json can't be combined. Keep one of them.")


def show(
    source: Annotated[str | None, SOURCE] = None,
    *,
    result: Annotated[
        str | None,
        option(
            SUBJECT,
            "ID",
            "Show this conversation in full: from the run if you pass one, otherwise fetched by id.",
        ),
    ] = None,
    form: Form,
    har: Har = None,
    connection: Connection,
    _version: Version = False,
) -> None:
    """Show a run: what passed, what did not and why. Or show one conversation."""
    if form.list_all and result is not None:
        raise UsageError("--all and --result can't be combined. Keep one of them.")
    prepare_recording(har, *filter(None, [source]), connection=connection)
    if source is None and result is None:
        raise UsageError("Missing argument 'RUN|FILE|-', or --result ID. See: bluejay-results show --help")
    if source is None:
        with connection.client() as client:
            write(client.retrieve_result(result or ""), form)
    else:
        run = read(source, connection, har)
        write(run if result is None else run.result(result), form)


def write(found: "SimulationRun | SimulationResult", form: Form) -> None:
    """Write a run, or one conversation."""
    if form.as_json:
        write_bytes(to_json(found))
        return
    from ..results.run import SimulationRun
    from .layout import console  # loaded late: it imports rich
    from .run_text import conversation, report

    if isinstance(found, SimulationRun):
        lines = report(found, console(), list_all=form.list_all)
    else:
        lines = conversation(found, console())
    write_text(styled_lines(lines, console()))
