"""The options and arguments that several commands share. Each command lists the groups that it takes.

Annotations aren't postponed here (PEP 563): typer would have to evaluate them every time it starts.
"""

from typing import Annotated, Any

import typer

from bluejay_results._defaults import __version__

from ..writing.streams import write_text

ENVIRONMENT = """\
Environment:
  BLUEJAY_API_KEY  the API key. It has no option, because all users of a machine can read command lines.
  BLUEJAY_API_KEY_FILE  the file that contains the key, as with --api-key-file
  BLUEJAY_API_URL  the service's base URL (default: production)
  BLUEJAY_ORGANIZATION_ID  the organization, as with --organization"""

SUBJECT, RULES, OUTPUTS = "Runs", "Rules", "Outputs"


def option(heading: str, metavar: str | None, text: str, *names: str, **settings: Any) -> Any:
    """Declare an option under a heading in the help."""
    return typer.Option(*names, metavar=metavar, help=text, rich_help_panel=heading, **settings)


def argument(metavar: str, text: str) -> Any:
    """Declare an argument."""
    return typer.Argument(metavar=metavar, help=text, rich_help_panel=SUBJECT)


def _print_version(context: typer.Context, wanted: bool) -> None:
    if wanted:
        write_text(f"{context.find_root().info_name} {__version__}\n")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
]
SOURCE = argument(
    "RUN|FILE|-",
    "A run id, the URL of its page in the app, a recording, a saved body, or - for standard input. The "
    "argument is read as a file if a file with that name exists, or if it contains a slash or ends in "
    ".har or .json.",
)
Source = Annotated[str, SOURCE]
Run = Annotated[str, argument("RUN", "A run id, or the URL of its page in the app.")]
Simulation = Annotated[str, argument("SIMULATION", "A simulation id, or the URL of its page in the app.")]
AsJson = Annotated[bool, option(OUTPUTS, None, "Write JSON in a documented format.", "--json")]
Har = Annotated[
    str | None,
    option(
        OUTPUTS,
        "FILE",
        "Record the service's responses in a HAR file, even if the command fails. Other commands can read "
        "this file instead of a run.",
    ),
]
