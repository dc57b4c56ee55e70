"""Serves witnesses to a client that was written for the old version, and records what the client does."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import islice

from attrs import evolve

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Mutant
from contract_kit.derive.order import alternating
from contract_kit.derive.protocol import FaultInjection
from contract_kit.derive.slots import Slot
from contract_kit.judge.results import Result
from contract_kit.judge.verdicts import Verdict
from contract_kit.read.operations import Documented, media_type

from .results import Change, Did, Use, Witness

_SERVED = 3
"""The maximum number of responses that are served for one change."""
_DID = {
    Verdict.CRASHED: Did.CRASHED,
    Verdict.HUNG: Did.HUNG,
    Verdict.WRONGLY_REFUSED: Did.REFUSED,
    Verdict.NOT_REQUESTED: Did.INCONCLUSIVE,
    Verdict.INCONCLUSIVE: Did.INCONCLUSIVE,
}


class Witnesses:
    """The witnesses of changes, as mutants of the old version."""

    def __init__(self, catalogue: Catalogue, changes: Sequence[Change]) -> None:
        self._catalogue = catalogue
        self._changes = changes
        self._numbers: dict[str, int] = {}
        uses = [use for change in changes for each in change.witnesses for use in each.uses]
        catalogue.read_schemas(dict.fromkeys(use.operation for use in uses))

    def __iter__(self) -> Iterator[Mutant]:
        """Yield witnesses as legal mutants, up to `_SERVED` for each change."""
        for number, change in enumerate(self._changes):
            named = [self._of_witness(f"{change.rule}-{number}", each) for each in change.witnesses]
            for slot in islice(alternating(named), _SERVED):
                if mutant := self._catalogue.made(slot):
                    self._numbers[mutant.id] = number
                    yield mutant

    def did(self, results: Collection[Result]) -> dict[int, tuple[Did, str]]:
        """Return the worst outcome for each change, by its index, with how that call ended."""
        found: dict[int, tuple[Did, str]] = {}
        for each in results:
            number = self._numbers[each.mutant.id]
            did = _DID.get(each.verdict, Did.COPED)
            if number not in found or list(Did).index(did) < list(Did).index(found[number][0]):
                found[number] = (did, each.detail)
        return found

    def _of_witness(self, name: str, witness: Witness) -> Iterator[Slot]:
        """Yield a planned mutant for each documented response in which a witness may be sent."""
        body = json.dumps(witness.value, ensure_ascii=False).encode()
        fault = FaultInjection("new-in-diff", partial(evolve, body=body), "is new", name, is_legal=True)
        for use in witness.uses:
            answered = self._catalogue.answered(use.operation)
            for answer in answered.answers if answered and answered.operation.method != "HEAD" else ():
                if answered and use.kind and _is_of(answer.documented, use):
                    yield answered.slot(answer, fault)


def _is_of(documented: Documented, use: Use) -> bool:
    label, kind = documented.label.partition(" ")[0], media_type(documented.content_type or "")
    wanted = "application/json" if "*" in use.kind else use.kind
    return label.upper() == use.label.upper() and kind == wanted
