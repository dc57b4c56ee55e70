"""One table of facts about each operation that the harness needs and the contract lacks.

An operation that is added to the contract needs a row here. Rules and tests read the table. A few
functions name operations themselves. Add the new operation to:

- `has_body_status` in `checks/applicability.py`, if its 200 has no `status`;
- `_subjects` in `checks/protocol.py`, if its 200 repeats the id;
- in `tests/harness/`: `_is_of_another` in `mutants/schema.py`, if its 200 repeats the id; `_other_bodies`
  there, if its 200 requires no field; `_due` in `test_every_mutant.py`, if a 404 causes a `RunNotFoundError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen
from contract_kit.errors import KitError
from contract_kit.read.paths import Path

if TYPE_CHECKING:
    from .stub import Answer, Stub

RESULTS, RESULT, QUEUE = "retrieve_simulation_results", "retrieve_simulation_result", "queue_simulation_run"
RUNS = "get_simulation_runs"
"""The operationIds: the results of a run, one result, queueing a run, the runs of a simulation."""


@frozen
class Traits:
    """An operation as tests use it.

    Attributes:
        requested: The id in its requests, from the contract's example. Empty if the path has no id.
        key: A top-level key of its 200 body that no other operation's 200 body has. A saved body is
            recognised by this key.
        text: The path to a field of its 200 body that may contain any text.
        call: Calls the operation on a client, with an id.
        serve: Makes a stub give these answers in turn to requests for an id.
    """

    requested: str
    key: str
    text: Path
    call: Callable[[Any, str], object]
    serve: Callable[[Stub, str, tuple[Answer, ...]], None]


TRAITS: Mapping[str, Traits] = {
    RESULTS: Traits(
        requested="48213",
        key="simulation_run",
        text=("simulation_run", "summary"),
        call=lambda client, id_: client.retrieve(id_),
        serve=lambda stub, id_, answers: stub.serve(id_, *answers),
    ),
    RESULT: Traits(
        requested="910101",
        key="simulation_result",
        text=("simulation_result", "evaluations", 0, "call_summary"),
        call=lambda client, id_: client.retrieve_result(id_),
        serve=lambda stub, id_, answers: stub.serve_result(id_, *answers),
    ),
    QUEUE: Traits(
        requested="",
        key="simulation_run_id",
        text=("agent_id",),
        call=lambda client, _: client.queue("731"),
        serve=lambda stub, _, answers: stub.serve_queue(*answers),
    ),
    RUNS: Traits(
        requested="731",
        key="simulation_runs",
        text=("simulation_runs", 0, "summary"),
        call=lambda client, id_: client.runs(id_),
        serve=lambda stub, id_, answers: stub.serve_runs(id_, *answers),
    ),
}
"""The traits of each operation, by operationId."""


def traits(operation: str) -> Traits:
    """Return what tests must know about an operation.

    Raises:
        KitError: The table has no row for the operation.
    """
    if operation not in TRAITS:
        raise KitError(f"TRAITS in bluejay_contract/operations.py has no row for {operation}. Add a row.")
    return TRAITS[operation]
