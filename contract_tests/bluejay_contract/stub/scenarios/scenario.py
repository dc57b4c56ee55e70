"""What a scenario is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bluejay_contract.stub.answer import Answer

from .parts import Document


@dataclass(frozen=True)
class Scenario:
    """A run that every stub knows.

    Attributes:
        name: What tests call it.
        run_id: The id to ask for.
        description: One line on what there is to see.
        simulation_id: The simulation that it is a run of.
        build: Makes the documents of the run with this id, one a poll.
        build_singly: Makes the documents that hold the results as they are read singly, one a read. None:
            they are as in the latest poll.
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
        """The bodies that hold each single read, none where the polls do."""
        documents = self.build_singly(self.run_id) if self.build_singly else ()
        return tuple(Answer.json(document).body for document in documents)
