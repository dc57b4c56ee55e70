"""The `queue` command.

Annotations aren't postponed here (PEP 563): typer would have to evaluate them every time it starts.
"""

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer
from attrs import fields, frozen

from bluejay_results.errors import UsageError
from bluejay_results.results.app_url import APP_URL, simulation_id_in

from ..json_output import to_json
from ..writing.streams import write_bytes, write_message, write_text
from .command import OptionGroup
from .connection import Connection
from .options import SUBJECT, AsJson, Simulation, Version, option
from .process import on_interrupt

if TYPE_CHECKING:
    from bluejay_api.models import QueueSimulationRunRequest

    from bluejay_results.client.sync_client import BluejayClient
    from bluejay_results.results.queued import QueuedRun

EXAMPLES = """\
  run=$(bluejay-results queue 731)
  bluejay-results wait -- "$run"
  bluejay-results queue 731 --digital-human 57 --digital-human 58
  bluejay-results queue 731 --with '{"livekit_metadata": {"tenant": "blue"}}'
"""
_MAY_BE_QUEUED = f"A run might have been queued, so check {APP_URL} before you retry."


def _json_object(text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"the value is not valid JSON ({error})") from None
    if not isinstance(value, dict):
        raise typer.BadParameter('expected a JSON object, such as {"phone_number": "+15550100"}')
    return value


@frozen
class Queueing(OptionGroup):
    """The run to queue."""

    digital_human: Annotated[
        list[str] | None,
        option(
            SUBJECT,
            "ID",
            "The id of a caller (digital human) that makes calls. Can be repeated (default: all callers).",
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
        """Return the request; raise UsageError for an invalid id, or a field that is unknown or set twice."""
        from bluejay_api.models import QueueSimulationRunRequest  # loaded late: --help doesn't need it

        for each in self.digital_human or ():
            if not each or re.search(r"[\s,]", each):
                raise UsageError(
                    f"--digital-human: {each!r} isn't a single id. Repeat the option, as in "
                    "--digital-human 57 --digital-human 58."
                )
        own: dict[str, Any] = {"simulation_id": simulation_id}
        own |= {"digital_human_ids": self.digital_human} if self.digital_human else {}
        own |= {"agent_version_id": self._version()} if self.agent_version is not None else {}
        known = [each.name for each in fields(QueueSimulationRunRequest)]
        for name in self.with_ or ():
            if name in own:
                raise UsageError(f"--with: {name} is also set by another option. Set it only once.")
            if name not in known:
                raise UsageError(f"--with: there is no field {name!r}. The fields are {', '.join(known)}.")
        return QueueSimulationRunRequest(**own, **(self.with_ or {}))

    def _version(self) -> UUID:
        try:
            return UUID(self.agent_version)
        except ValueError:
            raise UsageError(
                f"--agent-version: {self.agent_version!r} isn't a UUID. Pass a UUID such as "
                "8d1f0c9e-5a36-4f0b-9a55-4b1d1a7a3c02."
            ) from None


def queue(
    simulation_id: Simulation,
    *,
    queueing: Queueing,
    as_json: AsJson = False,
    connection: Connection,
    _version: Version = False,
) -> None:
    """Queue a run of a simulation and print its id. Each run costs money.

    The first line of stdout contains only the run id. With --json, the id goes to stderr.
    """
    on_interrupt("No run was queued.")

    simulation_id = simulation_id_in(simulation_id)
    with connection.client() as client:
        queued = queue_run(client, simulation_id, queueing, "wait")
    try:
        if as_json:
            write_bytes(to_json(queued))
        else:
            write_text(f"{queued.run_id}\n")
    finally:  # the run exists, even if stdout can't be written to
        write_message(queued_text(queued))


def queue_run(
    client: "BluejayClient",
    simulation_id: str,
    queueing: Queueing,
    command: str,
    queued_before: Sequence[str] = (),
) -> "QueuedRun":
    """Queue a run, and set the message to print if the command is interrupted.

    Args:
        client: The client.
        simulation_id: The simulation.
        queueing: The request's other options.
        command: `gate` or `wait`; the message suggests continuing with this command.
        queued_before: The ids of the runs queued so far.

    Raises:
        ContractViolationError: The response breaks the contract, or has an id that isn't usable.
    """
    request = queueing.request(simulation_id)
    on_interrupt(f"{_MAY_BE_QUEUED} {_advice(queued_before, command)}".rstrip())
    queued = client.queue(request)
    on_interrupt(_advice([*queued_before, queued.run_id], command))
    return queued


def _advice(run_ids: Sequence[str], command: str) -> str:
    if not run_ids:
        return ""
    ids, verb = " ".join(run_ids), "wait for" if command == "wait" else "check"
    runs, them = ("Run", "it") if len(run_ids) == 1 else ("Runs", "them")
    are = "is" if len(run_ids) == 1 else "are"
    return f"{runs} {ids} {are} queued. To {verb} {them}, run: bluejay-results {command} {ids}"


def queued_text(queued: "QueuedRun") -> str:
    """Return a message that says which run was queued."""
    number = len(queued.result_ids)
    conversations = "1 conversation" if number == 1 else f"{number} conversations"
    return f"Queued run {queued.run_id}, {conversations}: {queued.app_url}"
