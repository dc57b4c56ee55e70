"""A scenario of the stub."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bluejay_contract.stub.answer import Answer

from .parts import Document
from .run_document import queued_answer


@dataclass(frozen=True)
class Scenario:
    """A predefined run, which every stub serves.

    Attributes:
        name: The scenario's name in tests.
        run_id: The id of the run.
        description: What the run shows, in one line.
        simulation_id: The simulation that the run belongs to.
        build: Takes the run id; returns the documents of the run, one per poll.
        build_singly: Returns the documents with the results for fetches by id, one per fetch. If it is None,
            a fetch returns the result of the latest poll.
    """

    name: str
    run_id: str
    description: str
    simulation_id: str
    build: Callable[[str], Sequence[Document]]
    build_singly: Callable[[str], Sequence[Document]] | None = None

    @cached_property
    def bodies(self) -> tuple[bytes, ...]:
        """The body of each poll, built once; the last one repeats."""
        return tuple(Answer.json(document).body for document in self.build(self.run_id))

    @cached_property
    def single_bodies(self) -> tuple[bytes, ...]:
        """The bodies with the results for fetches by id; empty if the polls have these results."""
        documents = self.build_singly(self.run_id) if self.build_singly else ()
        return tuple(Answer.json(document).body for document in documents)

    @property
    def queued(self) -> Document:
        """The answer to the request that queued this run; it lists the results of the last poll."""
        listed = json.loads(self.bodies[-1]).get("simulation_results") or ()
        return queued_answer(self.run_id, [result["id"] for result in listed])

    def queued_as(self, run_id: str, simulation_id: str) -> "Scenario":
        """This scenario as a run with another id, of another simulation."""
        ids = {"id": run_id, "simulation_id": simulation_id}

        def build(run_id: str) -> list[Document]:
            return [each | {"simulation_run": each["simulation_run"] | ids} for each in self.build(run_id)]

        return replace(self, run_id=run_id, simulation_id=simulation_id, build=build)
