"""The options that several commands share, and the format of help and version.

`bluejay-contract` uses this module too.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from inspect import Parameter, Signature, signature
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from bluejay_results._defaults import POLL_INTERVAL, TOOL_CALL_GRACE, WAIT_TIMEOUT
from bluejay_results._version import __version__

from ..writing.streams import write_text
from .exit_codes import ExitCode

ENVIRONMENT = """\
Environment:
  BLUEJAY_API_KEY  the API key. No option takes the key, because every user of the machine can read options.
  BLUEJAY_API_KEY_FILE  the file that contains the key, as with --api-key-file
  BLUEJAY_API_KEY_COMMAND  the command that prints the key, as with --api-key-command
  BLUEJAY_API_URL  base URL of the service, if not production
  BLUEJAY_ORGANIZATION_ID  the organization, as with --organization"""


def _print_version(context: typer.Context, wanted: bool) -> None:
    if wanted:
        write_text(f"{context.find_root().info_name} {__version__}\n")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
]
SOURCE = typer.Argument(
    metavar="RUN|FILE|-",
    help="A run id, the URL of its page in the app, a recording, a saved body, or - for standard input. "
    "The argument is read as a file if such a file exists, or if the argument has a slash or ends in .har or "
    ".json.",
)
Source = Annotated[str, SOURCE]
Run = Annotated[str, typer.Argument(metavar="RUN", help="A run id, or the URL of its page in the app.")]
BaseUrl = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Base URL of the service (default: BLUEJAY_API_URL, else production)."),
]
KeyFile = Annotated[
    str | None,
    typer.Option(
        "--api-key-file",
        metavar="PATH",
        help="Read the API key from a file. Warns if other users can read the file.",
    ),
]
KeyCommand = Annotated[
    str | None,
    typer.Option(
        "--api-key-command",
        metavar="COMMAND",
        help="Run a command and read the API key from the first line that it prints. The command runs "
        "without a shell, for at most 30 seconds.",
    ),
]
Organization = Annotated[
    str | None,
    typer.Option(
        "--organization",
        metavar="ID",
        help="The organization whose results to read (default: BLUEJAY_ORGANIZATION_ID).",
    ),
]
MaxBytes = Annotated[
    int, typer.Option(min=1, metavar="BYTES", help="The largest body to read, in bytes after decompression.")
]
ListAll = Annotated[
    bool,
    typer.Option(
        "--all",
        help="List every conversation that did not pass (default: more than 20 are grouped by reason).",
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Write the run as JSON; docs/command.md describes the format.")
]
AsJsonLines = Annotated[
    bool,
    typer.Option(
        "--jsonl", help="Write one JSON object per line, one for each conversation, in the format of --json."
    ),
]
Raw = Annotated[
    bool, typer.Option("--raw", help="Write the exact bytes received, even if they break the contract.")
]

Har = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Record the service's responses in a HAR file, even if the command fails. Other commands can "
        "read this file instead of a run.",
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", help=f"Seconds to wait (default: {WAIT_TIMEOUT:g})."),
]
PollInterval = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", help=f"Seconds between polls (default: {POLL_INTERVAL:g})."),
]
ToolCallGrace = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS",
        min=0,
        help="Seconds after the end of a conversation in which its tool calls may still arrive "
        f"(default: {TOOL_CALL_GRACE:g}).",
    ),
]


def with_options(options: Mapping[str, Any], *, before: str) -> Callable[[Any], Any]:
    """Give a command more options; the command receives their values as `**` keyword arguments.

    Args:
        options: The annotations, such as `Har`, by the name of the keyword argument.
        before: The command's parameter that comes after these options in the help.
    """

    def change(command: Any) -> Any:
        own = [
            each.replace(kind=Parameter.KEYWORD_ONLY)
            for each in signature(command).parameters.values()
            if each.kind is not Parameter.VAR_KEYWORD
        ]
        at = [each.name for each in own].index(before)
        more = [
            Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=each)
            for name, each in options.items()
        ]
        command.__signature__ = Signature([*own[:at], *more, *own[at:]])
        return command

    return change


class _Fitting:
    """Fits the help to the terminal's width; a line of the epilog is a term, two spaces and its meaning."""

    epilog: str | None

    def format_help(self, context: Any, formatter: Any) -> None:
        formatter.write_dl = partial(formatter.write_dl, col_max=min(30, formatter.width // 2))
        super().format_help(context, formatter)  # type: ignore[misc] # this is a mixin for commands

    def format_epilog(self, _context: Any, formatter: Any) -> None:
        for block in filter(None, (self.epilog or "").strip().split("\n\n")):
            heading, *lines = block.splitlines()
            if not lines:
                formatter.write_paragraph()
                formatter.write_text(heading)
                continue
            rows = [(*re.split(r"\s{2,}", line.strip(), maxsplit=1), "")[:2] for line in lines]
            with formatter.section(heading.removesuffix(":")):
                formatter.write_dl(rows)


class Command(_Fitting, TyperCommand):
    """A command whose help is never truncated."""


class Group(_Fitting, TyperGroup):
    """A group whose help is never truncated; if the output is closed early, the exit code is READER_GONE."""

    def format_commands(self, _context: Any, formatter: Any) -> None:
        """Write the first sentence of each command's help, however long."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, each.get_short_help_str(1000)) for name, each in self.commands.items()]
            )

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise typer.Exit(ExitCode.READER_GONE) from None  # typer would exit with 1


def make_app(epilog: str, codes: Iterable[Any], *, cls: type[Group] = Group, **settings: Any) -> typer.Typer:
    """Make an app whose help ends with the epilog and the exit codes; `settings` are typer's."""
    table = "\n".join(f"  {code:d}  {code.meaning}" for code in codes)
    width = min(max(shutil.get_terminal_size().columns, 40), 80) - 2
    return typer.Typer(
        cls=cls,
        epilog=f"{epilog}\n\nExit codes:\n{table}",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "terminal_width": width},
        **settings,
    )
