"""A scenario of the stub."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bluejay_contract.stub.answer import Answer

from .parts import Document


@dataclass(frozen=True)
class Scenario:
    """A predefined run, which every stub serves.

    Attributes:
        name: The scenario's name in tests.
        run_id: The id of the run.
        description: What the run shows, in one line.
        simulation_id: The simulation that the run belongs to.
        build: Takes the run id; returns the documents of the run, one per poll.
        build_singly: Takes the run id; returns one document per fetch by id, which contains the result to
            send. If it is None, a fetch returns the result of the latest poll.
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
        """The bodies with the results for fetches by id; empty if fetches return results of the polls."""
        documents = self.build_singly(self.run_id) if self.build_singly else ()
        return tuple(Answer.json(document).body for document in documents)
