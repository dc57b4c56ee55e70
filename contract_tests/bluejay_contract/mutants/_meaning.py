"""Mutants that every schema allows and no real run has: across fields, across reads, and drift.

Those that the rules of `checks/_counters.py` must find are in `mutants/_counters.py`, and so on.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from bluejay_contract.contract import Contract
from bluejay_contract.stub import Answer

from . import _counters, _measures, _metrics, _reads, _times, _values
from ._change import Change, Changes, Document, result
from ._mutant import Mutant, encoded
from .base import base

ACROSS_FIELDS: Changes = {
    key: change
    for subject in (_counters, _values, _times, _measures, _metrics)
    for key, change in subject.CHANGES.items()
}
NEW_STATUSES = ("VOICEMAIL", "Transferred to human", "PASSED", "done", "", "COMPLETE")


def meaning_mutants(contract: Contract) -> Iterator[Mutant]:
    """Yield mutants that only a check which understands the fields can tell from a sound response."""
    sound = base(contract, 200, "settled_with_failures")
    before = Answer(encoded(sound))
    for name, (breaks, change) in ACROSS_FIELDS.items():
        answers = (_changed(sound, change),)
        yield Mutant(f"cross-field:{name}", "cross-field", breaks, answers, schema_forbids=False)
    for name, (breaks, change) in _reads.CHANGES.items():
        reads = (before, _changed(sound, change))
        yield Mutant(f"cross-read:{name}", "cross-read", breaks, reads, schema_forbids=False)
    for status in NEW_STATUSES:
        answers = (_changed(sound, result(status=status)),)
        breaks = f"a conversation's status is {status!r}"
        yield Mutant(f"drift:status:{status}", "drift", breaks, answers, schema_forbids=False)


def _changed(sound: Document, change: Change) -> Answer:
    document = copy.deepcopy(sound)
    change(document)
    return Answer(encoded(document))
