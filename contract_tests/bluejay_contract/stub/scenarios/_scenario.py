"""What a scenario is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bluejay_contract.stub._answer import Answer

from ._parts import Document


@dataclass(frozen=True)
class Scenario:
    """A run that every stub knows.

    Attributes:
        name: What tests call it.
        run_id: The id to ask for.
        description: One line on what there is to see.
        build: Makes the documents of the run with this id, one a poll.
    """

    name: str
    run_id: str
    description: str
    build: Callable[[str], Sequence[Document]]

    @cached_property
    def bodies(self) -> tuple[bytes, ...]:
        """The body of each poll, built once; the last one repeats."""
        return tuple(Answer.json(document).body for document in self.build(self.run_id))
