"""The command `show`.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

from typing import Annotated

from bluejay_results.errors import UsageError

from .options import SOURCE, SUBJECT, AsJson, Connection, Har, ListAll, Version, option
from .output import OutputOptions, write, write_result
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
    list_all: ListAll = False,
    as_json: AsJson = False,
    har: Har = None,
    connection: Connection,
    _version: Version = False,
) -> None:
    """Show a run: what passed, what did not and why. Or show one conversation."""
    output = OutputOptions(list_all, as_json, result)
    output.check()
    prepare_recording(har, source, connection)
    if source is not None:
        write(read(source, connection, har), output)
    elif result is not None:
        with connection.client() as client:
            write_result(client.retrieve_result(result), output)
    else:
        raise UsageError("Missing argument 'RUN|FILE|-', or --result ID. See: bluejay-results show --help")
