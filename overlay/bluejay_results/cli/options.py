"""The options that several commands share, in groups: each command names the groups that it takes.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from attrs import fields, frozen

from bluejay_results._defaults import POLL_INTERVAL, TOOL_CALL_GRACE, WAIT_TIMEOUT
from bluejay_results._version import __version__
from bluejay_results.errors import UsageError

from ..writing.streams import write_text
from .command import OptionGroup
from .key import find_key

if TYPE_CHECKING:
    from bluejay_api.models import QueueSimulationRunRequest

    from bluejay_results.client.sync_client import BluejayClient

ENVIRONMENT = """\
Environment:
  BLUEJAY_API_KEY  the API key. No option takes the key, because every user of the machine can read options.
  BLUEJAY_API_KEY_FILE  the file that contains the key, as with --api-key-file
  BLUEJAY_API_URL  base URL of the service, if not production
  BLUEJAY_ORGANIZATION_ID  the organization, as with --organization"""

SUBJECT, RULES, OUTPUTS = "What to run or judge", "Rules", "Outputs"
_WAITING, _CONNECTION = "Waiting", "Connection"


def option(heading: str, metavar: str | None, text: str, *names: str, **settings: Any) -> Any:
    """Declare an option under a heading of the help."""
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
    "argument is read as a file if such a file exists, or if the argument has a slash or ends in .har or "
    ".json.",
)
Source = Annotated[str, SOURCE]
Run = Annotated[str, argument("RUN", "A run id, or the URL of its page in the app.")]
Simulation = Annotated[str, argument("SIMULATION", "A simulation id, or the URL of its page in the app.")]
AsJson = Annotated[bool, option(OUTPUTS, None, "Write JSON, in a documented format.", "--json")]
Har = Annotated[
    str | None,
    option(
        OUTPUTS,
        "FILE",
        "Record the service's responses in a HAR file, even if the command fails. Other commands can read "
        "this file instead of a run.",
    ),
]


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
        """Refuse two forms."""
        if self.list_all and self.as_json:
            raise UsageError("--all and --json can't be combined. Keep one of them.")


@frozen
class Connection(OptionGroup):
    """How to reach the service."""

    base_url: Annotated[
        str | None,
        option(_CONNECTION, "URL", "Base URL of the service (default: BLUEJAY_API_URL, else production)."),
    ] = None
    api_key_file: Annotated[
        str | None,
        option(_CONNECTION, "PATH", "Read the API key from a file. Warns if other users can read the file."),
    ] = None
    organization: Annotated[
        str | None,
        option(
            _CONNECTION,
            "ID",
            "The organization whose runs and conversations to read (default: BLUEJAY_ORGANIZATION_ID).",
        ),
    ] = None

    def client(self) -> "BluejayClient":
        """Make a client; the key and the organization come from the options or the environment."""
        from bluejay_results.client.sync_client import BluejayClient  # loaded late: --help doesn't need it

        from .log import log_to_stderr

        log_to_stderr()
        key = find_key(self.api_key_file)

        return BluejayClient(key.reveal(), self.base_url, organization_id=self.organization)


@frozen
class Waiting(OptionGroup):
    """How to wait for a run."""

    timeout: Annotated[
        float,
        option(_WAITING, "SECONDS", f"Seconds to wait (default: {WAIT_TIMEOUT:g}).", show_default=False),
    ] = WAIT_TIMEOUT
    poll_interval: Annotated[
        float,
        option(
            _WAITING, "SECONDS", f"Seconds between polls (default: {POLL_INTERVAL:g}).", show_default=False
        ),
    ] = POLL_INTERVAL
    tool_call_grace: Annotated[
        float,
        option(
            _WAITING,
            "SECONDS",
            "Seconds after the end of a conversation in which its tool calls may still arrive "
            f"(default: {TOOL_CALL_GRACE:g}).",
            show_default=False,
        ),
    ] = TOOL_CALL_GRACE

    def check(self) -> None:
        """Raise UsageError for an invalid time, before a run is queued."""
        from bluejay_results.client.config import seconds  # loaded late: it imports httpx

        seconds("timeout", self.timeout)
        seconds("poll_interval", self.poll_interval)
        seconds("tool_call_grace", self.tool_call_grace, may_be_0=True)


def _json_object(text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"it is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise typer.BadParameter('it is not a JSON object, such as {"phone_number": "+15550100"}')
    return value


@frozen
class Queueing(OptionGroup):
    """The run to queue."""

    digital_human: Annotated[
        list[str] | None,
        option(
            SUBJECT,
            "ID",
            "The id of a digital human to run once. May be repeated (default: all in the simulation).",
        ),
    ] = None
    agent_version: Annotated[str | None, option(SUBJECT, "ID", "The id of the agent version to test.")] = None
    with_: Annotated[
        Any,
        option(
            SUBJECT,
            "JSON",
            'The other fields of the request, as a JSON object such as {"phone_number": "+15550100"}.',
            "--with",
            parser=_json_object,
        ),
    ] = None

    def request(self, simulation_id: str) -> "QueueSimulationRunRequest":
        """Return the request; raise UsageError for a field that doesn't exist or that two options set."""
        from bluejay_api.models import QueueSimulationRunRequest  # loaded late: --help doesn't need it

        own: dict[str, Any] = {"simulation_id": simulation_id}
        own |= {"digital_human_ids": self.digital_human} if self.digital_human else {}
        own |= {"agent_version_id": self.agent_version} if self.agent_version else {}
        known = [each.name for each in fields(QueueSimulationRunRequest)]
        for name in self.with_ or ():
            if name in own:
                raise UsageError(f"--with: another option sets {name} too. Give it once.")
            if name not in known:
                raise UsageError(f"--with: there is no field {name!r}. The fields are {', '.join(known)}.")
        return QueueSimulationRunRequest(**own, **(self.with_ or {}))
