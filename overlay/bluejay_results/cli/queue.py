"""The command `queue`, and the options for queueing a run, which `gate --queue` has too.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

import gc
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer
from attrs import frozen

from bluejay_results._defaults import MAX_BODY_BYTES
from bluejay_results.errors import UsageError
from bluejay_results.results.app_url import APP_URL, simulation_id_in

from .key import KeyOptions
from .options import (
    AsJson,
    AsJsonLines,
    BaseUrl,
    KeyCommand,
    KeyFile,
    ListAll,
    MaxBytes,
    Organization,
    PollInterval,
    Timeout,
    ToolCallGrace,
    Version,
    with_options,
)
from .output import (
    OutputOptions,
    write,
    write_queued,
    written_on_error,
)
from .signals import on_interrupt, stop_on_signals
from .source import connect
from .wait import WaitOptions

if TYPE_CHECKING:
    from bluejay_results.client.sync_client import BluejayClient
    from bluejay_results.results.queued import QueuedRun

HELP = """\
Examples:
  RUN=$(bluejay-results queue 731)
  bluejay-results queue 731 --digital-human 57 --digital-human 58
  bluejay-results queue 731 --livekit-metadata '{"tenant": "blue"}'
  bluejay-results queue 731 --wait --timeout 600 --json > view.json

Environment and exit codes: bluejay-results --help"""
MAY_BE_QUEUED = f"A run may have been queued: look at {APP_URL} before you queue it again."
"""The advice to print if the user interrupts a command after its request was sent."""


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"it is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise typer.BadParameter('it is not a JSON object, such as {"key": "value"}')
    return value


def _digital_human(text: str) -> str:
    if not text or text != text.strip() or "," in text:
        raise typer.BadParameter("give one id; repeat the option for others")
    return text


def _text(option: str, metavar: str, text: str) -> Any:
    return Annotated[str | None, typer.Option(option, metavar=metavar, help=text)]


def _json(option: str, text: str) -> Any:
    return Annotated[Any, typer.Option(option, metavar="JSON", parser=_json_object, help=text)]


QUEUE_OPTIONS = {
    "digital_human_ids": Annotated[
        list[str] | None,
        typer.Option(
            "--digital-human",
            metavar="ID",
            parser=_digital_human,
            help="The id of a digital human to run once. May be repeated (default: all in the simulation).",
        ),
    ],
    "agent_version_id": _text("--agent-version", "ID", "The id of the agent version to test."),
    "knowledge_base_id": _text("--knowledge-base", "ID", "The id of the knowledge base that the agent uses."),
    "phone_number": _text("--phone-number", "NUMBER", "Call this number instead of the agent's own."),
    "sip_uri": _text("--sip-uri", "URI", "Call this SIP address instead of the agent's own."),
    "livekit_agent_name": _text("--livekit-agent-name", "NAME", "The LiveKit agent to dispatch."),
    "livekit_metadata": _json("--livekit-metadata", "Metadata for the LiveKit agent, as a JSON object."),
    "pipecat_agent_name": _text("--pipecat-agent-name", "NAME", "The Pipecat agent to start."),
    "pipecat_agent_configuration": _json(
        "--pipecat-agent-configuration", "The Pipecat agent's configuration, as a JSON object."
    ),
    "pipecat_room_properties": _json(
        "--pipecat-room-properties", "Properties of the Pipecat agent's room, as a JSON object."
    ),
}
"""The options for queueing a run, by the parameter of `BluejayClient.queue` that the option sets."""


@frozen
class QueueRequest:
    """A run to queue.

    Attributes:
        simulation_id: The simulation.
        options: The values of `QUEUE_OPTIONS`; None for an option that is not given.
    """

    simulation_id: str
    options: Mapping[str, Any]

    def send(self, client: "BluejayClient") -> "QueuedRun":
        """Queue the run; the request is sent once."""
        from bluejay_api.models import QueueSimulationRunRequest  # loaded late: --help doesn't need it

        return client.queue(QueueSimulationRunRequest(self.simulation_id, **self.options))


@with_options(QUEUE_OPTIONS, before="is_wait")
def queue(
    simulation_id: Annotated[
        str,
        typer.Argument(metavar="SIMULATION", help="A simulation id, or the URL of its page in the app."),
    ],
    is_wait: Annotated[bool, typer.Option("--wait", help="Wait for the run, then show it.")] = False,
    timeout: Timeout = None,
    poll_interval: PollInterval = None,
    tool_call_grace: ToolCallGrace = None,
    list_all: ListAll = False,
    as_json: AsJson = False,
    as_json_lines: AsJsonLines = False,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    organization: Organization = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
    **queue_options: Any,
) -> None:
    """Queue a run of a simulation and print its id. Each run costs money.

    The first line of stdout is the run id alone. With --json or --jsonl, the id goes to stderr.
    --timeout, --poll-interval, --tool-call-grace, --organization, --all and --jsonl need --wait.
    """
    on_interrupt("No run was queued.")
    stop_on_signals()

    output = OutputOptions(list_all, as_json, as_json_lines)
    output.check()
    wait_options = WaitOptions(timeout, poll_interval, tool_call_grace)
    if is_wait:
        gc.enable()  # each poll leaves an old run in memory
        wait_options.check()
    else:
        _check_without_wait(output, wait_options, organization)
    request = QueueRequest(simulation_id_in(simulation_id), queue_options)
    with (
        written_on_error(output),
        connect(base_url, KeyOptions(api_key_file, api_key_command, organization), max_bytes) as client,
    ):
        on_interrupt(MAY_BE_QUEUED)
        queued = request.send(client)
        on_interrupt(f"Run {queued.run_id} is queued. To wait for it: bluejay-results wait {queued.run_id}")
        write_queued(queued, output, is_wait=is_wait)
        if not is_wait:
            return
        run = wait_options.wait(client, queued)
    write(run, output)


def _check_without_wait(output: OutputOptions, wait_options: WaitOptions, organization: str | None) -> None:
    """Raise UsageError for an option that has no effect without --wait."""
    named = {
        "--all": output.all or None,
        "--jsonl": output.jsonl or None,
        "--timeout": wait_options.timeout,
        "--poll-interval": wait_options.poll_interval,
        "--tool-call-grace": wait_options.tool_call_grace,
        "--organization": organization,
    }
    if given := [name for name, value in named.items() if value is not None]:
        raise UsageError(f"{' and '.join(given)} can't be used without --wait.")
