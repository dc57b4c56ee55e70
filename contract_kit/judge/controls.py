"""Serves valid responses before their mutants, and judges a mutant by how the client handled both."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from threading import Lock
from typing import TypeAlias

from attrs import evolve, field, frozen

from contract_kit.derive.bodies import VALID_BODY
from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.exchange import Transfer
from contract_kit.derive.model import LEGAL, Expect, Mutant, control_id
from contract_kit.derive.protocol import ERROR_WITH_SUCCESS, VALID
from contract_kit.read.paths import Path, json_path, steps, without
from contract_kit.serve.clients import Outcome
from contract_kit.serve.returned import NOTHING

from .effects import Comparison, Effect, Finding
from .excerpts import Excerpt
from .results import Result, bare
from .trees import ABSENT, Difference, sent_value
from .verdicts import Verdict

Run: TypeAlias = Callable[[Mutant], Result]
"""Serves a mutant to the client, and returns the result."""
Process: TypeAlias = tuple[int, int]
"""Identifies a client's process: the thread that calls it, and how many processes it had before."""
_STATELESS = "Make the function create a new client in each call, or turn off the client's cache."


@frozen(eq=False)
class Control:
    """A valid response served to the client, and the result.

    Attributes:
        sent: The valid response.
        result: What the client did.
        comparison: Compares what the client returned for a mutant with what it returned for the control.
    """

    sent: Mutant
    result: Result
    comparison: Comparison = field(repr=False)
    _defaults: dict[tuple[Path, ...], str | None] = field(factory=dict, repr=False)
    """What the client returns if properties are absent from the body, by the properties' paths."""

    @property
    def is_accepted(self) -> bool:
        """Whether the client accepted the response, or refused it as it was allowed to."""
        return self.result.verdict in (Verdict.ACCEPTED, Verdict.TOLERATED)

    def judged(self, mutant: Mutant, run: Run) -> Result:
        """Serve a mutant made from the valid response. Return the result and its effect on the caller."""
        result = self._tolerated(run(mutant))
        if self._loses_status(mutant, result):
            return evolve(result, finding=Finding(Effect.LOST, ("status",), mutant.response.status))
        if result.outcome is not Outcome.ACCEPTED or self.result.outcome is not Outcome.ACCEPTED:
            return result
        if reason := self.comparison.not_comparable or result.returned.not_comparable:
            return evolve(result, not_compared=reason)
        sent = mutant.response
        found = self.comparison.finding(
            sent.body,
            result.returned.text,
            is_legal=mutant.group == LEGAL,
            default=partial(self._default, mutant, run),
            metadata=(f"{sent.status}", f"{len(sent.body)}", *sent.headers.values()),
        )
        if self._is_error(mutant) and found.effect in (Effect.NO_EFFECT, Effect.PASSED_ON):
            return evolve(result, detail="the client mistook an error for a success")
        return evolve(result, finding=found)

    def _tolerated(self, result: Result) -> Result:
        """Return a mutant's result, which is tolerated if the client also refused the valid response.

        A client may refuse a valid redirect, or a valid response whose content type it doesn't support. It
        then refuses the response's mutants for the same reason. Mutants of error responses (400 or above) are
        judged as usual because a client refuses every error response.
        """
        is_refused = result.outcome is self.result.outcome is Outcome.REFUSED
        if not is_refused or self.sent.response.status >= 400:
            return result
        mutant = evolve(result.mutant, expect=Expect.EITHER, reason=self.sent.reason)
        return evolve(result, mutant=mutant)

    def _loses_status(self, mutant: Mutant, result: Result) -> bool:
        """Whether an error for the valid error response names the status, but this error doesn't.

        If the valid body contains the same number, the client might have read it there.
        """
        sent, got = self.sent.response, mutant.response
        is_comparable = got.transfer is Transfer.WHOLE and sent.status == got.status >= 400
        if result.outcome is not Outcome.REFUSED or not is_comparable:
            return False
        said = (self.result.detail, sent.body.decode(errors="replace"), result.detail)
        return [bool(re.search(rf"\b{got.status}\b", each)) for each in said] == [True, False, False]

    def _is_error(self, mutant: Mutant) -> bool:
        is_new = mutant.response.status >= 400 > self.sent.response.status
        return is_new or mutant.operator.name == ERROR_WITH_SUCCESS

    def _default(self, mutant: Mutant, run: Run, changed: Sequence[Difference]) -> str | None:
        """Return what the client returns if the properties that a mutant changes or removes are absent.

        Return None if the mutant doesn't change a property, or if the client doesn't accept the body without
        it.
        """
        valid = sent_value(self.sent.response.body)
        gone = [each.path for each in changed if each.after is ABSENT]
        found = gone or [steps(valid, mutant.location)]
        paths = tuple(each for each in found if each and isinstance(each[-1], str))
        if not paths:
            return None
        if paths not in self._defaults:
            body = json.dumps(reduce(without, paths, valid)).encode()
            result = run(evolve(mutant, response=evolve(self.sent.response, body=body)))
            text = result.returned.text if result.outcome is Outcome.ACCEPTED else None
            self._defaults[paths] = text
        return self._defaults[paths]


class Controls:
    """A run's valid responses.

    Each is served to each of the client's processes: twice before its mutants, to detect values that differ
    from call to call, and once after them. If the client then handles it differently, it keeps state, and
    nothing is known about its mutants.

    A client that refuses a valid response might object to only one of its values, such as a new enum value.
    So the client is served other valid responses. If it accepts one, mutants are made from that response.

    Args:
        catalogue: The source of the responses and their alternatives.
        tries_others: Whether to serve other valid responses.
    """

    def __init__(self, catalogue: Catalogue, *, tries_others: bool = True) -> None:
        self._catalogue = catalogue
        self._tries_others = tries_others
        self._served: dict[str, dict[Process, Control]] = {}
        self._changed: dict[str, dict[Process, Result]] = {}
        """The inconclusive results for valid responses that the client later handled differently."""
        self._locks: dict[str, Lock] = {}
        self._refused: dict[str, list[Result]] = {}
        self._substitutes: dict[str, tuple[int, set[str]]] = {}

    @property
    def refused(self) -> Iterator[Result]:
        """The results for legal values and bodies that the client refused, while it accepted others."""
        for name in sorted(self._refused):
            yield from self._refused[name]

    @property
    def failed(self) -> list[Result]:
        """The results for valid responses that prove nothing, except those that `refused` explains."""
        found = self._unproven
        return [found[name] for name in sorted(found.keys() - self._refused)]

    @property
    def _unproven(self) -> dict[str, Result]:
        """The inconclusive results for controls that weren't accepted, or were later handled differently."""
        served = ((name, each[process]) for name, each in self._served.items() for process in sorted(each))
        found = {name: inconclusive(each.result) for name, each in served if not each.is_accepted}
        return found | {name: each[min(each)] for name, each in self._changed.items()}

    def refused_before(self, mutant: Mutant) -> Result:
        """Return the inconclusive result for the control because of which nothing is known about a mutant."""
        names = [control_id(mutant.operation.id, base) for base in ("", mutant.base)]
        found = self._unproven
        return next(found[name] for name in [*names, mutant.control] if name in found)

    def doubted(self, result: Result) -> Result:
        """Return a mutant's result, inconclusive if the client later handled its control differently."""
        is_doubted = result.mutant.control in self._changed
        return Result.of(result.mutant, Outcome.INCONCLUSIVE) if is_doubted else result

    def check_again(self, run: Run, process: Process) -> None:
        """Serve a process its controls again, after all mutants."""
        for each in [served[process] for served in self._served.values() if process in served]:
            if each.is_accepted:
                self._is_unchanged(each, run, process)

    def judged(self, mutant: Mutant, run: Run, process: Process = (0, 0)) -> Result:
        """Serve a mutant after its controls, and return the result.

        If the client doesn't accept a control, the mutant isn't served. A mutant that is a valid response is
        its own control. A client might return a wrong value only because it kept it from an earlier mutant,
        so such a mutant is served again, right after its control.
        """
        control = self._of_response(mutant, "", run, process)
        if control.is_accepted and mutant.base:
            control = self._of_response(mutant, mutant.base, run, process)
        if not control.is_accepted:
            return Result.of(mutant, Outcome.INCONCLUSIVE)
        found = self._current(mutant)
        if isinstance(found, Result):
            return found
        control = self._of_body(found, control, run, process)
        if found.operator.name in (VALID, VALID_BODY):
            return evolve(control.result, mutant=bare(found))
        if not control.is_accepted:
            return Result.of(found, Outcome.INCONCLUSIVE)
        result = control.judged(found, run)
        if result.verdict in (Verdict.ALTERED, Verdict.LOST) and self._is_unchanged(control, run, process):
            result = control.judged(found, run)
        if not result.verdict.is_fault:
            return result
        return evolve(result, excerpt=Excerpt.of(found.valid_body, found.response.body))

    def _of_response(self, mutant: Mutant, base: str, run: Run, process: Process) -> Control:
        """Return the control for the response with this label; an empty label means the normal response."""
        name = control_id(mutant.operation.id, base)
        with self._locks.setdefault(name, Lock()):
            if name not in self._served:
                control = self._catalogue.control(mutant.operation, base)
                self._served[name] = {process: self._twice(*self._first(control, run), run)}
            return self._own(name, run, process)

    def _of_body(self, mutant: Mutant, normal: Control, run: Run, process: Process) -> Control:
        """Return the control for the body that a mutant was made from."""
        if mutant.control == normal.sent.id:
            return normal
        with self._locks.setdefault(mutant.control, Lock()):
            if mutant.control not in self._served:
                response = evolve(normal.sent.response, body=mutant.valid_body)
                sent = evolve(normal.sent, id=mutant.control, group=LEGAL, response=response)
                found = self._twice(sent, run(sent), run)
                self._served[mutant.control] = {process: found}
                if not found.is_accepted and (row := self._catalogue.mutant(mutant.control + mutant.suffix)):
                    self._refused[mutant.control] = [evolve(found.result, mutant=bare(row))]
            return self._own(mutant.control, run, process)

    def _own(self, name: str, run: Run, process: Process) -> Control:
        """Return a control as this process handled it. Serve it to the process first if it is new to it."""
        served = self._served[name]
        first = next(iter(served.values()))
        if process not in served and first.is_accepted:
            served[process] = self._twice(first.sent, run(first.sent), run)
        return served.get(process, first)

    def _twice(self, sent: Mutant, first: Result, run: Run) -> Control:
        """Serve a response again if it was accepted the first time. Return the response's control."""
        second = run(sent) if first.outcome is Outcome.ACCEPTED else first
        comparison = Comparison(sent.response.body, first.returned, second.returned)
        if second.outcome is not first.outcome:
            first = _with_state(first, second.detail or second.outcome)
        return Control(sent, evolve(first, returned=NOTHING), comparison)

    def _is_unchanged(self, control: Control, run: Run, process: Process) -> bool:
        """Serve a control again. Return whether the client handled it as before; record if it didn't."""
        with self._locks[control.sent.id]:  # the server offers a response to one process at a time
            again = run(control.sent)
        if again.outcome is not control.result.outcome:
            why = again.detail or again.outcome
        elif change := control.comparison.change(again.returned):
            why = f"another result at {json_path(change.path)}"
        else:
            return True
        self._changed.setdefault(control.sent.id, {}).setdefault(process, _with_state(control.result, why))
        return False

    def _first(self, control: Mutant, run: Run) -> tuple[Mutant, Result]:
        """Serve a valid response. If the client refuses it, serve alternatives until one shows why.

        Return the valid response that the client accepted, and its result. If the client accepted none of
        these responses, return the first.
        """
        result = run(control)
        if result.outcome not in (Outcome.REFUSED, Outcome.CRASHED) or not self._tries_others:
            return control, result
        if result.verdict is Verdict.TOLERATED:
            return control, result
        for other, alternative in self._catalogue.alternatives(control):
            if (tried := run(other)).outcome is Outcome.ACCEPTED:
                suspects, accepted = self._catalogue.suspects(other, alternative)
                if refused := [each for each in map(run, suspects) if each.outcome is not Outcome.ACCEPTED]:
                    self._refused[control.id] = refused
                    self._substitutes[control.id] = other.substitute, accepted
                    return other, tried
        return control, result

    def _current(self, mutant: Mutant) -> Mutant | Result:
        """Return the mutant to serve instead of this one, or a result if no mutant should be served."""
        substitute, accepted = self._substitutes.get(control_id(mutant.operation.id, mutant.base), (0, ()))
        if mutant.id in accepted:
            return Result.of(mutant, Outcome.ACCEPTED)
        found = self._catalogue.mutant(f"{mutant.id}@{substitute}") if substitute else mutant
        return found or Result.of(mutant, Outcome.INCONCLUSIVE)


def _with_state(control: Result, why: str) -> Result:
    """Return an inconclusive result for a valid response that the client handled differently later."""
    detail = f"the client handled the same valid response differently later ({why}), so it keeps state"
    return evolve(control, outcome=Outcome.INCONCLUSIVE, detail=detail, advice=(_STATELESS,))


def inconclusive(control: Result) -> Result:
    """Return an inconclusive result, with the reason, for a valid response that wasn't accepted."""
    if control.verdict.is_inconclusive:
        return control
    did = {Outcome.REFUSED: "refused", Outcome.CRASHED: "crashed on", Outcome.HUNG: "hung on"}
    role = control.mutant.operation.role
    why = f" ({control.detail})" if control.detail else ""
    detail = f"the {role.name} {did[control.outcome]} the valid {role.sent}{why}"
    return evolve(control, outcome=Outcome.INCONCLUSIVE, detail=detail)
