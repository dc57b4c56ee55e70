"""The list of a simulation's runs."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from zlib import crc32

from .delivery import CONVERSATIONS
from .parts import Document
from .run_document import CREATED_AT, response, results

HISTORY_SIMULATION = "731"
NO_RUNS: Mapping[str, Document] = {"736": {"simulation_runs": []}, "737": {}}
"""Simulations without runs: the response has an empty list, or lacks the list."""

_FIRST_RUN, _RUNS = 48_101, 12
_APART = timedelta(days=3, hours=5)
_ENDED_STEP, _FIRST_STEP = 4, 1
_OWN_NUMBER = "+14155550100"
_ONLY_REQUIRED = {"id", "simulation_id", "created_at"}


def history() -> tuple[str, ...]:
    """The ids of the runs of simulation 731 before 48213, oldest first."""
    return tuple(str(_FIRST_RUN + index) for index in range(_RUNS))


@cache
def past_run(run_id: str) -> Document:
    """The response with the results of an earlier run."""
    index = int(run_id) - _FIRST_RUN
    created_at = CREATED_AT - _APART * (_RUNS - index)
    conversations = CONVERSATIONS[: 1 + index % len(CONVERSATIONS)]
    listed = results(run_id, conversations, created_at=created_at)
    return response(run_id, HISTORY_SIMULATION, "COMPLETED", listed, created_at)


def run_list(runs: Iterable[Document]) -> Document:
    """The list of a simulation's runs.

    The service documents no order, so the list is sorted neither by id nor by time.

    Args:
        runs: For each run, the response with its results.
    """
    shuffled = sorted(runs, key=lambda each: crc32(str(each["simulation_run"]["id"]).encode()))
    return {"simulation_runs": [_listed(each["simulation_run"]) for each in shuffled]}


def _listed(run: Document) -> Document:
    ids = {"id": int(run["id"]), "experiment_id": int(run["simulation_id"])}
    others = {key: value for key, value in run.items() if key not in {*_ONLY_REQUIRED, "status"}}
    # The status may be null in the run, but is required in this list.
    status = run.get("status") or "COMPLETED"
    listed = {**ids, "created_at": run["created_at"], "status": status, **others}
    if not run.keys() - _ONLY_REQUIRED:
        return listed
    is_known = run.get("status") is not None
    step = (_FIRST_STEP if status in {"INITIALIZING", "RUNNING"} else _ENDED_STEP) if is_known else None
    number = _OWN_NUMBER if run["simulation_id"] == HISTORY_SIMULATION else None
    return {**listed, "curr_step_id": step, "phone_number": number}
