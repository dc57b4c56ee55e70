"""Serves witnesses to a client written for the old version, and records the outcomes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import islice

from attrs import evolve

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import LEGAL, Mutant
from contract_kit.derive.order import alternating
from contract_kit.derive.protocol import FaultInjection
from contract_kit.derive.slots import Slot
from contract_kit.judge.client_report import difference_line
from contract_kit.judge.controls import Controls
from contract_kit.judge.results import Result
from contract_kit.judge.trees import ABSENT, differences
from contract_kit.judge.verdicts import Verdict
from contract_kit.read.normalizing import COUNTS, FROM_FORMAT, NUMBERS
from contract_kit.read.operations import DELIVERY, Documented, media_type
from contract_kit.read.paths import pointer
from contract_kit.serve.clients import Outcome

from .results import Change, ClientOutcome, Did, Use, Witness

_SERVED = 3
"""The maximum number of responses to serve for one change."""
_RANGES = COUNTS | NUMBERS | {FROM_FORMAT, "pattern", "uniqueItems"}
"""If one of these keywords forbids a witness, the change only widens a range, such as a number's."""


class Witnesses:
    """The changes' witnesses, as mutants of the old version."""

    def __init__(self, catalogue: Catalogue, changes: Sequence[Change]) -> None:
        self._catalogue = catalogue
        self._changes = changes
        self._served: dict[str, tuple[int, Witness]] = {}
        uses = [use for change in changes for each in change.witnesses for use in each.uses]
        catalogue.read_schemas(dict.fromkeys(use.operation for use in uses if use.label != DELIVERY))

    def __iter__(self) -> Iterator[Mutant]:
        """Yield the witnesses as legal mutants, at most `_SERVED` for each change."""
        for number, change in enumerate(self._changes):
            named = [self._of_witness(f"{change.rule}-{number}", each) for each in change.witnesses]
            for slot, witness in islice(alternating(named), _SERVED):
                if mutant := self._catalogue.made(slot):
                    self._served[mutant.id] = number, witness
                    yield _with_control(mutant, witness, change.keyword)

    def outcomes(self, results: Collection[Result], controls: Controls) -> dict[int, ClientOutcome]:
        """Return the client's worst outcome for each change, keyed by the change's index."""
        found: dict[int, ClientOutcome] = {}
        for each in results:
            number, witness = self._served[each.mutant.id]
            judged = controls.refused_before(each.mutant) if each.is_unserved else each
            did = _did(judged)
            if number not in found or list(Did).index(did) < list(Did).index(found[number].did):
                detail = difference_line(judged) or judged.not_compared or judged.detail
                found[number] = ClientOutcome(did, detail, witness)
        return found

    def _of_witness(self, name: str, witness: Witness) -> Iterator[tuple[Slot, Witness]]:
        """Yield a planned mutant for each documented response that can contain the witness, as served."""
        body = json.dumps(witness.isolated, ensure_ascii=False).encode()
        fault = FaultInjection("new-in-diff", partial(evolve, body=body), "is new", name, is_legal=True)
        for use in witness.uses:
            if use.label == DELIVERY:  # no client requests a webhook
                continue
            answered = self._catalogue.answered(use.operation)
            for answer in answered.answers if answered and answered.operation.method != "HEAD" else ():
                if answered and use.kind and _is_of(answer.documented, use):
                    uses = sorted(witness.uses, key=lambda each: each is not use)
                    served = evolve(witness, value=witness.isolated, uses=tuple(uses))
                    yield answered.slot(answer, fault), served


def _with_control(mutant: Mutant, witness: Witness, keyword: str) -> Mutant:
    """Add a witness's control, if it has one, to its mutant.

    The mutant is judged like a broken response, so a changed computed value counts as altered. If the change
    only widens a range, or if the mutant has no control, it is judged like a legal response, because
    computed values are then expected to change.
    """
    if witness.control is None:
        return mutant
    changed = differences(witness.control, witness.value)[0]
    return evolve(
        mutant,
        group=LEGAL if keyword in _RANGES else keyword,
        location="" if changed.before is ABSENT else pointer(changed.path),
        valid_body=json.dumps(witness.control, ensure_ascii=False).encode(),
        control=f"{mutant.id}:old",
    )


def _did(result: Result) -> Did:
    """Return a client's outcome. A refusal that is tolerated because of the status counts as no effect."""
    if result.finding:
        return Did(result.finding.effect)
    if result.verdict.is_inconclusive:
        return Did.INCONCLUSIVE
    is_same = result.outcome is Outcome.REFUSED and result.verdict is Verdict.TOLERATED
    return Did.NO_EFFECT if is_same else Did(result.outcome)


def _is_of(documented: Documented, use: Use) -> bool:
    label, kind = documented.label.partition(" ")[0], media_type(documented.content_type or "")
    wanted = "application/json" if "*" in use.kind else use.kind
    return label.upper() == use.label.upper() and kind == wanted
