"""Hypothesis strategies for modified bodies, most of which break the contract."""

from __future__ import annotations

from typing import Any

from bluejay_contract.contract import Contract
from contract_kit.read.paths import paths, replaced, without
from hypothesis import strategies as st

from .strategies import ANYTHING, Json, bodies

TIMES = st.sampled_from(
    [
        "2026-11-19T16:04:00",
        "2026-11-19T16:04:60Z",
        "2026-13-19T16:04:00",
        "2026-11-19 16:04:00Z",
        "2016-12-31T23:59:60+00:00",
        "2026-02-29T00:00:00Z",
        "2026-11-19T16:04:00.Z",
        "2026-11-19T16:04:0,Z",
        "2026-11-19T24:00:00",
        "2026-11-19T16:04:00+25:00",
        "",
    ]
)
NUMBERS = st.sampled_from([0, -1, 1.5, 81.0, 2**64, 1e22, 1e308, -0.0, True, "81", [81]])
VALUES = st.one_of(ANYTHING, TIMES, NUMBERS, st.sampled_from([None, "", "RUNNING", "NEVER_LISTED", {}, []]))


def broken_bodies(contract: Contract, status: int = 200) -> Json:
    """Return a strategy for documents with one to three changed values; most of them are invalid."""
    return _changed_up_to_thrice(bodies(contract, status))


@st.composite
def _changed_up_to_thrice(draw: st.DrawFn, whole: Json) -> Any:
    document = draw(whole)
    for _ in range(draw(st.integers(1, 3))):
        document = changed(draw, document)
    return document


def changed(draw: st.DrawFn, document: Any) -> Any:
    """Return a document without one random field, or with a random value at one random path."""
    inner = list(paths(document))[1:]
    path = draw(st.sampled_from(inner or [()]))
    if path and isinstance(path[-1], str) and draw(st.booleans()):
        return without(document, path)
    return replaced(document, path, draw(VALUES))
