"""Defines scenarios. Each is a run, with the documents that the stub sends for it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from bluejay_contract.stub.answer import Answer

from .conversation import Document

Build: TypeAlias = Callable[[str], Sequence[Document]]
"""Takes a run id and returns the run's documents."""


@dataclass(frozen=True)
class Scenario:
    """A run, and the documents that the stub sends for it.

    Attributes:
        name: The scenario's name in tests.
        run_id: The id of the run.
        simulation_id: The run's simulation.
        description: What the run shows.
        build: Returns one document per poll.
        build_singly: Returns one document per fetch by id, which contains the result to send. If it is None,
            a fetch returns the result of the latest poll.
    """

    name: str
    run_id: str
    simulation_id: str
    description: str
    build: Build
    build_singly: Build | None = None

    @cached_property
    def bodies(self) -> tuple[bytes, ...]:
        """The response body for each poll, built once; the last one repeats."""
        return tuple(Answer.json(document).body for document in self.build(self.run_id))

    @cached_property
    def single_bodies(self) -> tuple[bytes, ...]:
        """The bodies with the results for fetches by id; empty if fetches return results from the polls."""
        documents = self.build_singly(self.run_id) if self.build_singly else ()
        return tuple(Answer.json(document).body for document in documents)

    @property
    def result_ids(self) -> list[str]:
        """The ids of the run's results."""
        last = (self.single_bodies or self.bodies)[-1]
        return [str(result["id"]) for result in json.loads(last).get("simulation_results") or ()]

    def played(self, run_id: str, simulation_id: str) -> "Scenario":
        """Return this scenario with another run id and simulation id."""
        ids = {"id": run_id, "simulation_id": simulation_id}

        def build(run_id: str) -> list[Document]:
            return [each | {"simulation_run": each["simulation_run"] | ids} for each in self.build(run_id)]

        return replace(self, run_id=run_id, simulation_id=simulation_id, build=build)
