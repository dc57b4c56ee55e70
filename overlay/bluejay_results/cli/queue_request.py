"""The options that say how to queue a run; `queue` and `gate --queue` share them.

Annotations are not postponed here: typer would evaluate every one again at each start.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from attrs import asdict, frozen

from bluejay_results.results.app_url import APP_URL

if TYPE_CHECKING:
    from bluejay_results.client.sync_client import BluejayClient
    from bluejay_results.results.queued import QueuedRun

MAY_BE_QUEUED = f"A run may have been queued: look at {APP_URL} before you queue it again."
"""What to tell whoever interrupts a command after it has sent its request."""


def _json_object(text: str) -> dict[str, Any]:
    import json  # loaded late: hardly any call needs it

    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"it is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise typer.BadParameter('it is not a JSON object, such as {"key": "value"}')
    return value


def _digital_human(text: str) -> str:
    if not text or text != text.strip() or "," in text:
        raise typer.BadParameter("give one id, and the option again for each other")
    return text


DigitalHumans = Annotated[
    list[str] | None,
    typer.Option(
        "--digital-human",
        metavar="ID",
        parser=_digital_human,
        help="A caller to run; give the option once per conversation (default: all of the simulation's).",
    ),
]
Prompt = Annotated[str | None, typer.Option("--prompt", metavar="ID", help="The agent's prompt to use.")]
KnowledgeBase = Annotated[
    str | None, typer.Option("--knowledge-base", metavar="ID", help="The knowledge base to use.")
]
PhoneNumber = Annotated[
    str | None, typer.Option(metavar="NUMBER", help="Call this number in place of the agent's own.")
]
SipUri = Annotated[
    str | None, typer.Option(metavar="URI", help="Call this SIP address in place of the agent's own.")
]
LivekitAgent = Annotated[str | None, typer.Option(metavar="NAME", help="The LiveKit agent to dispatch.")]
LivekitMetadata = Annotated[
    Any,
    typer.Option(metavar="JSON", parser=_json_object, help="Metadata for the LiveKit agent: an object."),
]
PipecatAgent = Annotated[str | None, typer.Option(metavar="NAME", help="The Pipecat agent to start.")]
PipecatConfiguration = Annotated[
    Any,
    typer.Option(metavar="JSON", parser=_json_object, help="The Pipecat agent's configuration: an object."),
]
PipecatRoom = Annotated[
    Any,
    typer.Option(
        metavar="JSON", parser=_json_object, help="Properties of the Pipecat agent's room: an object."
    ),
]


@frozen
class QueueRequest:
    """A run to queue: the simulation's id and the options of `BluejayClient.queue`; None is not given."""

    simulation_id: str
    digital_human_ids: list[str] | None = None
    prompt_id: str | None = None
    knowledge_base_id: str | None = None
    phone_number: str | None = None
    sip_uri: str | None = None
    livekit_agent_name: str | None = None
    livekit_metadata: dict[str, Any] | None = None
    pipecat_agent_name: str | None = None
    pipecat_agent_configuration: dict[str, Any] | None = None
    pipecat_room_properties: dict[str, Any] | None = None

    def send(self, client: "BluejayClient") -> "QueuedRun":
        """Queue the run, once."""
        return client.queue(**asdict(self, recurse=False))
