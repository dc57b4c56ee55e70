"""The command `show`.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

from typing import Annotated

from bluejay_results.errors import UsageError

from .options import SOURCE, SUBJECT, Connection, Form, Har, Version, option
from .output import write, write_listed, write_result
from .source import prepare_recording, read

EXAMPLES = """\
  bluejay-results show 48213 --all
  bluejay-results show 48213 --result 482130003  a conversation as the run lists it
  bluejay-results show --result 482130003  a conversation fetched by id
  bluejay-results show 48213 --json | jq '.results[].reason'
  bluejay-results show ./48213  a file that is named like a run id
  curl ... | bluejay-results show -
"""


def show(
    source: Annotated[str | None, SOURCE] = None,
    *,
    result: Annotated[
        str | None,
        option(
            SUBJECT,
            "ID",
            "Show this conversation in full: from the run if you name a run, otherwise fetched by id.",
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
    prepare_recording(har, source, connection)
    if source is None and result is None:
        raise UsageError("Missing argument 'RUN|FILE|-', or --result ID. See: bluejay-results show --help")
    if source is None:
        with connection.client() as client:
            write_result(client.retrieve_result(result or ""), form)
    elif result is None:
        write(read(source, connection, har), form)
    else:
        write_listed(read(source, connection, har), result, form)
