"""The command `queue`.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

from typing import TYPE_CHECKING

from bluejay_results.errors import ContractViolationError
from bluejay_results.results.app_url import APP_URL, simulation_id_in

from ..writing.safe_text import safe_line, terminal_safe
from ..writing.streams import write_bytes, write_message, write_text
from .options import AsJson, Connection, Queueing, Simulation, Version
from .signals import on_interrupt, stop_on_signals

if TYPE_CHECKING:
    from bluejay_results.client.sync_client import BluejayClient
    from bluejay_results.results.queued import QueuedRun

EXAMPLES = """\
  RUN=$(bluejay-results queue 731)
  bluejay-results queue 731 --digital-human 57 --digital-human 58
  bluejay-results queue 731 --with '{"livekit_metadata": {"tenant": "blue"}}'
  bluejay-results wait $(bluejay-results queue 731)
"""
_MAY_BE_QUEUED = f"A run may have been queued: look at {APP_URL} before you queue it again."


def queue(
    simulation_id: Simulation,
    *,
    queueing: Queueing,
    as_json: AsJson = False,
    connection: Connection,
    _version: Version = False,
) -> None:
    """Queue a run of a simulation and print its id. Each run costs money.

    The first line of stdout is the run id alone. With --json, the id goes to stderr.
    """
    on_interrupt("No run was queued.")
    stop_on_signals()

    simulation_id = simulation_id_in(simulation_id)
    with connection.client() as client:
        queued = queue_run(client, simulation_id, queueing, "wait for")
    try:
        if as_json:
            from ..writing.view import queued_view

            write_bytes(queued_view(queued))
        else:
            write_text(f"{queued.run_id}\n")
    finally:  # the run exists, even if stdout can't be written
        write_message(queued_text(queued))


def queue_run(client: "BluejayClient", simulation_id: str, queueing: Queueing, then: str) -> "QueuedRun":
    """Queue a run; the request is sent once.

    Args:
        client: The client.
        simulation_id: The simulation.
        queueing: The other options of the request.
        then: What to advise the user to do with the run if the command is interrupted from now on.

    Raises:
        ContractViolationError: A shell can't use the id of the run.
    """
    request = queueing.request(simulation_id)
    on_interrupt(_MAY_BE_QUEUED)
    queued = client.queue(request)
    run_id = queued.run_id
    if safe_line(terminal_safe(run_id)) != run_id or not run_id:
        raise ContractViolationError(f"The service sent an unusable run id, {run_id!r}. {_MAY_BE_QUEUED}")
    command = "gate" if then == "judge" else "wait"
    on_interrupt(f"Run {run_id} is queued. To {then} it: bluejay-results {command} {run_id}")
    return queued


def queued_text(queued: "QueuedRun") -> str:
    """Return which run was queued."""
    number = len(queued.result_ids)
    conversations = "1 conversation" if number == 1 else f"{number} conversations"
    return f"Queued run {queued.run_id}, {conversations}: {queued.app_url}"
