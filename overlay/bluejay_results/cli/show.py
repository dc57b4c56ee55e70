"""The command `show`.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

from typing import Annotated

import typer

from bluejay_results._defaults import MAX_BODY_BYTES
from bluejay_results.errors import UsageError

from .har_option import prepare
from .key import KeyOptions
from .options import (
    SOURCE,
    AsJson,
    AsJsonLines,
    BaseUrl,
    Har,
    KeyCommand,
    KeyFile,
    ListAll,
    MaxBytes,
    Organization,
    Version,
)
from .output import (
    OutputOptions,
    write,
    write_result,
    written_on_error,
)
from .source import read, read_result

HELP = """\
Examples:
  bluejay-results show 48213 --all
  bluejay-results show 48213 --result 482130003  a conversation as the run lists it
  bluejay-results show --result 482130003  a conversation fetched by id
  bluejay-results show 48213 --jsonl | jq .reason
  bluejay-results show ./48213  a file that is named like a run id
  curl ... | bluejay-results show -

Environment and exit codes: bluejay-results --help"""


def show(
    source: Annotated[str | None, SOURCE] = None,
    result: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Show this conversation in full: from the run if you name a run, otherwise fetched by id.",
        ),
    ] = None,
    list_all: ListAll = False,
    as_json: AsJson = False,
    as_json_lines: AsJsonLines = False,
    har: Har = None,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    organization: Organization = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
) -> None:
    """Show a run: what passed, what did not and why. Or show one conversation."""
    output, key = (
        OutputOptions(list_all, as_json, as_json_lines, result),
        KeyOptions(api_key_file, api_key_command, organization),
    )
    output.check()
    prepare(har, source, api_key_file)
    with written_on_error(output):
        if source is not None:
            run = read(source, base_url, key, max_bytes, har)
            write(run, output)
        elif result is not None:
            write_result(read_result(result, base_url, key, max_bytes), output)
        else:
            raise UsageError(
                "Missing argument 'RUN|FILE|-', or --result ID. See: bluejay-results show --help"
            )
