"""The content of the reports if the gate ended without a verdict."""

from __future__ import annotations

from attrs import frozen

from ..verdict import Decision
from .content import LONGEST, plain

_UNDECIDED = frozenset({4, 5})
"""The exit codes after which the run is known, but allows no decision."""


@frozen
class Failure:
    """Why a gate ended without a verdict.

    Attributes:
        exit_code: The exit code of the command.
        message: What went wrong, in one line.
        simulation_id: The simulation; empty if unknown.
        run_id: The run; empty if unknown.
        url: The run's page in the app; empty if unknown.
    """

    exit_code: int
    message: str
    simulation_id: str = ""
    run_id: str = ""
    url: str = ""

    @property
    def decision(self) -> str:
        """The decision, as in the reports of a verdict; `failed` if there is none."""
        return Decision.INCONCLUSIVE if self.exit_code in _UNDECIDED else "failed"

    @property
    def headline(self) -> str:
        """The decision, the reason and the exit code."""
        message = plain(self.message, 2 * LONGEST)
        return f"{self.decision}: {message} (exit code {self.exit_code})"
