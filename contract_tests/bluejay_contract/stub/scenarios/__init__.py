"""The runs that every stub serves, declared in `scenarios.toml`: plausible, consistent and deterministic."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from . import unusual
from .builder import run
from .conversation import DELIVERY, Document, samples
from .queued import CALLERS, QueuedRun
from .run_document import CREATED_AT, HISTORY, response, results, run_list
from .scenario import Build, Scenario

__all__ = ["CALLERS", "NO_RUNS", "RUNS", "SCENARIOS", "QueuedRun", "Scenario", "run", "run_list"]


def _scenario(
    name: str,
    run_id: str,
    description: str,
    simulation_id: str = "733",
    run: Mapping[str, Any] | None = None,
    like: str = "",
    silent: Sequence[int] = (0, 0),
    steps: Sequence[str] = (),
    instead: str = "",
    conversations: str = "",
) -> Scenario:
    """Return the scenario that `scenarios.toml` declares with these keys."""
    build: Build
    if run is not None:
        shared = _DECLARED[like]["run"] if like else {}
        build = unusual.silent(slice(*silent), simulation_id=simulation_id, **shared, **run)
    elif steps:
        others = {each["caller"]: each for each in samples(instead)} if instead else {}
        build = _steps(simulation_id, steps, [others.get(each["caller"], each) for each in DELIVERY])
    elif conversations:
        build = _ended(simulation_id, samples(conversations))
    else:
        build = getattr(unusual, name)
    return Scenario(name, run_id, simulation_id, description, build, getattr(unusual, f"{name}_singly", None))


def _steps(simulation_id: str, steps: Sequence[str], conversations: Sequence[Document]) -> Build:
    def at(run_id: str, status: str, *statuses: str) -> Document:
        listed = [each | {"status": its} for each, its in zip(conversations, statuses, strict=False)]
        return response(run_id, simulation_id, status, results(run_id, listed))

    return lambda run_id: [at(run_id, *step.split()) for step in steps]


def _ended(simulation_id: str, conversations: Sequence[Document], created_at: datetime = CREATED_AT) -> Build:
    def build(run_id: str) -> list[Document]:
        listed = results(run_id, conversations, created_at)
        return [response(run_id, simulation_id, "COMPLETED", listed, created_at)]

    return build


def _earlier(index: int) -> Scenario:
    """Simulation 731 has twelve of these earlier runs, about three days apart."""
    created_at = CREATED_AT - timedelta(days=3, hours=5) * (12 - index)
    build = _ended(HISTORY, DELIVERY[: 1 + index % len(DELIVERY)], created_at)
    return Scenario("", str(48_101 + index), HISTORY, "", build)


_DECLARED = {
    each["name"]: each
    for each in tomllib.loads(Path(__file__).with_name("scenarios.toml").read_text())["scenario"]
}
SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {name: _scenario(**each) for name, each in _DECLARED.items()}
)
"""The stub's ready-made runs, by name."""
RUNS: Mapping[str, Scenario] = {
    each.run_id: each for each in (*SCENARIOS.values(), *map(_earlier, range(12)))
}
"""All runs that every stub serves, by id."""
NO_RUNS: Mapping[str, Document] = {"736": {"simulation_runs": []}, "737": {}}
"""Simulations without runs: the response has an empty list, or no list."""
