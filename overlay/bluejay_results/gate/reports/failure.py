"""The content of the reports if the gate ended without a verdict."""

from __future__ import annotations

from attrs import frozen

from .content import LONGEST, plain

_DECISIONS = {4: "not-settled", 5: "violation"}


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
        """The decision, as `github_output` writes it."""
        return _DECISIONS.get(self.exit_code, "failed")

    @property
    def headline(self) -> str:
        """The decision, the reason and the exit code."""
        message = plain(self.message, 2 * LONGEST)
        return f"{self.decision.replace('-', ' ')}: {message} (exit code {self.exit_code})"
