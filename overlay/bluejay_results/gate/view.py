"""The view of a verdict: plain values, from which every output of the gate is written."""

from __future__ import annotations

from attrs import evolve, field, frozen

from ..results.notes import Note, NoteKind
from ..results.pass_rates import Caller
from ..results.run import SimulationRun
from ..writing.run_view import ConversationView, RunFacts, RunView
from ..writing.view import document
from .always_failing import FEWEST
from .judge import gate
from .rules_and_defaults import Rules
from .verdict import Cause, Decision, Obstacle, Verdict

_REPEATED = 3
"""A caller with this many conversations that all failed is noted, even if it is too few for a rule."""
_RUN_IS_KNOWN = frozenset({4, 5})
"""The exit codes after which a failed gate knows the run, but can't decide."""


@frozen(kw_only=True)
class GateView(Verdict):
    """The view of a verdict, or of a gate that failed before it had one.

    Attributes:
        message: The message of the error that ended the gate; None if there is a verdict.
        run: The facts about the run.
        callers: How the conversations of each caller ended.
        results: The conversations, oldest first.
        not_passed: The ids of the conversations that did not pass. Those that would decide come first, then
            the worst.
    """

    message: str | None = None
    run: RunFacts
    callers: tuple[Caller, ...] = ()
    results: tuple[ConversationView, ...] = field(default=(), repr=False)
    not_passed: tuple[int, ...] = ()

    @classmethod
    def without_conversations(cls, run: SimulationRun, rules: Rules | None = None) -> GateView:
        """Return the view of the verdict of `gate` on a run, for a list of runs."""
        verdict = gate(run, rules)
        return cls(
            cause=verdict.cause,
            pass_rate=verdict.pass_rate,
            measurement=verdict.measurement,
            rules=verdict.rules,
            run=RunFacts.of(run),
        )

    @classmethod
    def of(cls, run: SimulationRun, rules: Rules | None = None) -> GateView:
        """Return the view of the verdict of `gate` on a run."""
        judged, view = cls.without_conversations(run, rules), RunView.of(run)
        decisive = [
            id_
            for finding in judged.deciding
            if finding.obstacle is Obstacle.UNKNOWN_CONVERSATIONS
            for id_ in finding.conversations
        ]
        return evolve(
            judged,
            run=evolve(judged.run, notes=(*judged.run.notes, *_never_passed(view.callers))),
            callers=view.callers,
            results=view.results,
            not_passed=tuple(dict.fromkeys((*decisive, *view.not_passed))),
        )

    @classmethod
    def failed(cls, exit_code: int, message: str, run: RunFacts) -> GateView:
        """Return the view of a gate that ended with an error; `run` has what is known of the run."""
        decision = Decision.INCONCLUSIVE if exit_code in _RUN_IS_KNOWN else Decision.FAILED
        return cls(cause=Cause.FAILED, decision=decision, exit_code=exit_code, message=message, run=run)

    def conversations(self) -> list[ConversationView]:
        """Return the conversations that did not pass, in the order of `not_passed`."""
        by_id = {each.id: each for each in self.results}
        return [by_id[id_] for id_ in self.not_passed]


def gate_json(view: GateView) -> bytes:
    """Return the view as JSON."""
    return document("bluejay-results/gate", view)


def _never_passed(callers: tuple[Caller, ...]) -> list[Note]:
    never = [
        {"id": each.id, "failed": each.failed}
        for each in callers
        if _REPEATED <= each.failed == each.counted + each.void < FEWEST
    ]
    return [Note(NoteKind.NEVER_PASSED, {"callers": never})] if never else []
