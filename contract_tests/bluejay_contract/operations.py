"""The operations of the contract, and how a saved body is recognised.

A new operation of the contract needs a name and a key here. It may also need a change in these functions:

- `has_body_status` in `checks/applicability.py`, if the body of its 200 has no `status`;
- `_subjects` in `checks/protocol.py`, if the body of its 200 repeats the requested id.

`contract_tests/tests/operations.py` says what the tests need to know about an operation.
"""

from __future__ import annotations

from collections.abc import Mapping

RESULTS, RESULT, QUEUE = "retrieve_simulation_results", "retrieve_simulation_result", "queue_simulation_run"
RUNS = "get_simulation_runs"
"""The operationIds: the results of a run, one result, queueing a run, the runs of a simulation."""

KEYS: Mapping[str, str] = {
    RESULTS: "simulation_run",
    RESULT: "simulation_result",
    QUEUE: "simulation_run_id",
    RUNS: "simulation_runs",
}
"""For each operation, a top-level key of its 200 body that no other operation's 200 body has."""
