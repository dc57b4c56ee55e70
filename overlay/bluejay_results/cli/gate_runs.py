"""The runs that `gate` checks: read from files, awaited, or queued and then awaited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING

from bluejay_results.errors import BluejayError, ContractViolationError, UsageError, WaitTimeoutError
from bluejay_results.gate.decide import check_distinct
from bluejay_results.gate.verdict import KnownIds, NoVerdict
from bluejay_results.results.app_url import run_id_in, simulation_id_in
from bluejay_results.results.run import SimulationRun

from ..writing.streams import write_message
from ..writing.words import obstacle_text
from .connection import Connection
from .process import describe, exit_code
from .queue import Queueing, queue_run, queued_text
from .source import is_saved, saved
from .wait import Waiting, settled

if TYPE_CHECKING:
    from bluejay_results.client.sync_client import BluejayClient
    from bluejay_results.results.queued import QueuedRun


def known_ids(sources: Sequence[str], simulations: Sequence[str]) -> list[KnownIds]:
    """Return the ids in the arguments: run ids, or the ids of the simulations to queue."""
    return [*map(_of_source, sources), *map(_of_simulation, simulations)]


def _of_source(source: str) -> KnownIds:
    if source.startswith(("http://", "https://")):
        with suppress(UsageError):  # a wrong URL is reported later
            return KnownIds(run_id_in(source), simulation_id_in(source))
    return KnownIds() if is_saved(source) else KnownIds(source)


def _of_simulation(simulation: str) -> KnownIds:
    with suppress(UsageError):
        return KnownIds("", simulation_id_in(simulation))
    return KnownIds()


def check_runs(
    sources: Sequence[str],
    simulations: Sequence[str],
    queueing: Queueing,
    *,
    base: str | None,
    har: str | None,
) -> None:
    """Raise UsageError unless runs or simulations are specified, with valid options for them."""
    if not sources and not simulations:
        raise UsageError(
            "Specify a run, or a simulation to queue with --queue. See: bluejay-results gate --help"
        )
    if sources and simulations:
        raise UsageError(f"{sources[0]} and --queue can't be combined. Pass runs, or queue them.")
    if sources and queueing != Queueing():
        raise UsageError("--digital-human, --agent-version and --with can't be used without --queue.")
    for name, value in (("--base", base), ("--har", har)):
        if value is not None and len(sources) + len(simulations) > 1:
            raise UsageError(f"{name} needs a single run. Run a separate gate for each run.")
    if sources.count("-") > 1:
        raise UsageError("Only one run can be read from standard input. Save the others to files.")
    compared = [] if base is None else [base]
    check_distinct(run_id_in(each) for each in (*sources, *compared) if not is_saved(each))
    ids = [simulation_id_in(each) for each in simulations]
    for each in ids:
        if ids.count(each) > 1:
            raise UsageError(f"--queue: simulation {each} is listed twice. List each simulation only once.")
        queueing.request(each)


def base_run(source: str, connection: Connection, simulation: str | None) -> SimulationRun | BluejayError:
    """Return the base run, or the error raised while reading it.

    Args:
        source: A run, a file or standard input.
        connection: How to connect to the service.
        simulation: The simulation to queue; None if a run is specified. An unusable base run is an error if a
            run is about to be queued.
    """
    try:
        base = _base(source, connection)
    except UsageError:
        raise
    except BluejayError as error:
        if simulation is not None:
            raise
        return error
    if simulation is not None:
        if base.simulation_id and base.simulation_id != simulation_id_in(simulation):
            raise UsageError(
                f"Base run {base.id} belongs to simulation {base.simulation_id}. Use a run of the "
                f"queued simulation."
            )
        if base.violations:
            raise ContractViolationError(
                f"{obstacle_text(base, f'Base run {base.id}')}. Use another base run."
            )
    return base


def _base(source: str, connection: Connection) -> SimulationRun:
    if is_saved(source):
        try:
            return saved(source, on_violation="collect")
        except ContractViolationError as error:
            raise UsageError(f"--base: {error}") from None
    with connection.client() as client:
        return client.retrieve(source, complete=True, on_violation="collect")


def runs_to_check(
    sources: Sequence[str],
    simulations: Sequence[str],
    queueing: Queueing,
    waiting: Waiting,
    connection: Connection,
    har: str | None,
    known: list[KnownIds],
) -> list[SimulationRun | NoVerdict]:
    """Return each run once settled, or in its last state if the wait timed out.

    A run that can't be read becomes a `NoVerdict`, so the others are still checked. The ids of queued runs
    are added to `known`.
    """
    found: list[SimulationRun | NoVerdict | str | QueuedRun] = [
        _or_failure(partial(saved, each), KnownIds()) if is_saved(each) else each for each in sources
    ]
    needs_service = simulations or any(isinstance(each, str) for each in found)
    with connection.client() if needs_service else nullcontext() as client:
        if client and simulations:
            found += _queued(client, simulations, queueing, known)
        awaited = {
            place: each for place, each in enumerate(found) if not isinstance(each, SimulationRun | NoVerdict)
        }
        if client and awaited:
            for place, run in _settled(client, awaited, waiting, har, known):
                found[place] = run
    return [each for each in found if isinstance(each, SimulationRun | NoVerdict)]


def _queued(
    client: BluejayClient, simulations: Sequence[str], queueing: Queueing, known: list[KnownIds]
) -> list[QueuedRun | NoVerdict]:
    found: list[QueuedRun | NoVerdict] = []
    for place, simulation in enumerate(simulations):
        before = [each.id for each in known if each.id]
        id_ = simulation_id_in(simulation)
        try:
            queued = queue_run(client, id_, queueing, "gate", before)
        except UsageError:
            raise
        except BluejayError as error:
            found.append(_failure(error, known[place]))
            continue
        known[place] = KnownIds(queued.run_id, queued.simulation_id)
        write_message(queued_text(queued))
        found.append(queued)
    return found


def _settled(
    client: BluejayClient,
    awaited: dict[int, str | QueuedRun],
    waiting: Waiting,
    har: str | None,
    known: list[KnownIds],
) -> list[tuple[int, SimulationRun | NoVerdict]]:
    """Wait for the runs concurrently; return each with its position."""
    from bluejay_results.client.sync_client import parallel

    is_alone = len(awaited) == 1

    def wait_for(place: int) -> tuple[int, SimulationRun | NoVerdict]:
        wait = partial(settled, client, awaited[place], waiting, har, is_alone=is_alone)
        return place, _or_failure(wait, known[place])

    # A single run is awaited in this thread, so its recording is completed even after an interruption.
    return list(map(wait_for, awaited) if is_alone else parallel(wait_for, awaited, len(awaited)))


def _or_failure(read: Callable[[], SimulationRun], known: KnownIds) -> SimulationRun | NoVerdict:
    """Return the run, its last state if the wait timed out, or the error as a `NoVerdict`."""
    try:
        return read()
    except UsageError:
        raise
    except WaitTimeoutError as error:
        if error.run is None:
            return _failure(error, known)
        write_message(f"{error}")
        return error.run
    except BluejayError as error:
        return _failure(error, known)


def _failure(error: BluejayError, known: KnownIds) -> NoVerdict:
    write_message(f"bluejay-results: {describe(error)}", 1000)
    return NoVerdict(exit_code(error), describe(error), known)
