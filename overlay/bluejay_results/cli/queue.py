"""The command `queue` and its options.

Annotations are not postponed here: typer would evaluate every one again at each start.
"""

import gc
from typing import TYPE_CHECKING, Annotated

import typer

from bluejay_results._defaults import MAX_BODY_BYTES
from bluejay_results.errors import UsageError

from .interrupt import on_interrupt
from .options import (
    BaseUrl,
    KeyCommand,
    KeyFile,
    MaxBytes,
    Version,
)
from .output import (
    Form,
    what_was_seen,
    write,
    write_queued,
)
from .queue_request import (
    MAY_BE_QUEUED,
    DigitalHumans,
    KnowledgeBase,
    LivekitAgent,
    LivekitMetadata,
    PhoneNumber,
    PipecatAgent,
    PipecatConfiguration,
    PipecatRoom,
    Prompt,
    QueueRequest,
    SipUri,
)
from .shared_options import (
    AsJson,
    AsJsonLines,
    ListAll,
    PollInterval,
    Raw,
    Timeout,
    ToolCallGrace,
)
from .signals import stop_on_signals

if TYPE_CHECKING:
    from .waiting import Patience


def queue(
    simulation_id: Annotated[
        str,
        typer.Argument(metavar="SIMULATION", help="A simulation id, or the URL of its page in the app."),
    ],
    digital_human_ids: DigitalHumans = None,
    prompt_id: Prompt = None,
    knowledge_base_id: KnowledgeBase = None,
    phone_number: PhoneNumber = None,
    sip_uri: SipUri = None,
    livekit_agent_name: LivekitAgent = None,
    livekit_metadata: LivekitMetadata = None,
    pipecat_agent_name: PipecatAgent = None,
    pipecat_agent_configuration: PipecatConfiguration = None,
    pipecat_room_properties: PipecatRoom = None,
    is_wait: Annotated[bool, typer.Option("--wait", help="Wait for the run, then show it.")] = False,
    timeout: Timeout = None,
    poll_interval: PollInterval = None,
    tool_call_grace: ToolCallGrace = None,
    list_all: ListAll = False,
    as_json: AsJson = False,
    as_json_lines: AsJsonLines = False,
    raw: Raw = False,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    api_key_command: KeyCommand = None,
    max_bytes: MaxBytes = MAX_BODY_BYTES,
    _version: Version = False,
) -> None:
    """Queue a run of a simulation and print its id. Each run costs money.

    The first line is the run id and nothing else; if JSON or bytes go to stdout, it goes to stderr.
    --timeout, --poll-interval, --tool-call-grace, --all and --jsonl need --wait.
    """
    on_interrupt("No run was queued.")
    stop_on_signals()

    from .key import KeyOptions
    from .source import connect, simulation_id_in
    from .waiting import Patience

    form = Form(list_all, as_json, as_json_lines, raw)
    form.check()
    patience = Patience(timeout, poll_interval, tool_call_grace)
    if is_wait:
        gc.enable()  # each poll leaves a run behind
        patience.check()
    else:
        _check_without_wait(form, patience)
    request = QueueRequest(
        simulation_id_in(simulation_id),
        digital_human_ids or None,
        prompt_id,
        knowledge_base_id,
        phone_number,
        sip_uri,
        livekit_agent_name,
        livekit_metadata,
        pipecat_agent_name,
        pipecat_agent_configuration,
        pipecat_room_properties,
    )
    with (
        what_was_seen(form),
        connect(base_url, KeyOptions(api_key_file, api_key_command), max_bytes) as client,
    ):
        on_interrupt(MAY_BE_QUEUED)
        queued = request.send(client)
        on_interrupt(f"Run {queued.run_id} is queued. To wait for it: bluejay-results wait {queued.run_id}")
        write_queued(queued, form, is_wait=is_wait)
        if not is_wait:
            return
        run = patience.wait(client, queued)
    write(run, form, is_waited=True)


def _check_without_wait(form: Form, patience: "Patience") -> None:
    """Raise UsageError for an option that only a wait heeds."""
    named = {
        "--all": form.all or None,
        "--jsonl": form.jsonl or None,
        "--timeout": patience.timeout,
        "--poll-interval": patience.poll_interval,
        "--tool-call-grace": patience.tool_call_grace,
    }
    if given := [name for name, value in named.items() if value is not None]:
        raise UsageError(f"{' and '.join(given)} can't be used without --wait.")
