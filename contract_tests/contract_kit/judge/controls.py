"""Serves the valid responses, and finds another valid response for a client that refuses the normal one."""

from __future__ import annotations

from collections.abc import Callable

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Mutant
from contract_kit.serve.clients import Outcome

from .results import Result
from .verdicts import Verdict


class Controls:
    """The valid responses of a run.

    If a client refuses a valid response, it may only refuse one of its values, such as a new enum value. So
    the client gets other valid responses. If it accepts one, its mutants start from this response.

    Args:
        catalogue: The source of the responses and of their alternatives.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._refused: dict[str, list[Result]] = {}
        self._accepted: dict[tuple[str, str], set[str]] = {}

    @property
    def refused(self) -> list[Result]:
        """The results for the legal values that the client refused, although it accepts others."""
        return [result for name in sorted(self._refused) for result in self._refused[name]]

    def serve(self, control: Mutant, run: Callable[[Mutant], Result]) -> Result:
        """Serve a valid response and, until one of them shows what the client refuses, its alternatives.

        Return the result for the valid response that the client accepted; if it accepted none, the result for
        the first one.
        """
        result = run(control)
        if is_accepted(result) or result.outcome not in (Outcome.REFUSED, Outcome.CRASHED):
            return result
        for other, alternative in self._catalogue.alternatives(control):
            if is_accepted(tried := run(other)):
                suspects = map(run, self._catalogue.suspects(control, alternative))
                if refused := [each for each in suspects if each.outcome is not Outcome.ACCEPTED]:
                    self._refused[control.id] = refused
                    accepted = self._catalogue.start_from(control, alternative)
                    self._accepted[control.operation.id, control.base] = accepted
                    return tried
        return result

    def current(self, mutant: Mutant) -> Mutant | Result:
        """Return the mutant to serve instead, or its result if the mutant isn't served."""
        accepted = self._accepted.get((mutant.operation.id, mutant.base))
        if accepted is None:
            return mutant
        if mutant.id in accepted:
            return Result.of(mutant, Outcome.ACCEPTED)
        return self._catalogue.mutant(mutant.id) or Result.of(mutant, Outcome.INCONCLUSIVE)


def is_accepted(control: Result) -> bool:
    """Whether a client accepted a valid response, or was allowed to refuse it; if so, mutants are served."""
    return control.verdict in (Verdict.ACCEPTED, Verdict.TOLERATED)
