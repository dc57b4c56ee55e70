"""Mutants that JSON and the schema allow, but some parsers refuse (RFC 7493; RFC 8259, section 9)."""

from __future__ import annotations

from collections.abc import Iterator

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.operations import RESULT
from contract_kit.read.paths import Path, json_path, replaced

from .case import Case, encoded
from .derived import sound

_MARK = "@"
_RESULT: Path = ("simulation_results", 0)
_DURATION, _FREE_FORM = (*_RESULT, "duration"), (*_RESULT, "result", "connected")
_SCORE = (*_RESULT, "evaluations", 0, "sentiment_score")
_SUMMARY = ("simulation_run", "summary")
_ARRAYS, _OBJECTS = b"[" * 2_000 + b"]" * 2_000, b'{"key":' * 2_000 + b"1" + b"}" * 2_000

VALUES: dict[str, tuple[str, Path, bytes]] = {
    "1e400": ("a number is 1e400", _SCORE, b"1e400"),
    "1e400-for-an-integer": ("an integer is 1e400", _DURATION, b"1e400"),
    "1e400-in-a-free-form-object": ("a free-form object contains -1e400", _FREE_FORM, b"-1e400"),
    "5000-digits": ("an integer has 5,000 digits", _DURATION, b"9" * 5_000),
    "5000-digits-in-a-free-form-object": (
        "a free-form object contains an integer with 5,000 digits",
        _FREE_FORM,
        b"9" * 5_000,
    ),
    "over-53-bits": ("an id is 2**53", (*_RESULT, "id"), b"9007199254740992"),
    "over-53-bits-in-the-id-of-a-run": (
        "a run's id is 2**53",
        ("simulation_runs", 0, "id"),
        b"9007199254740992",
    ),
    "half-a-surrogate-pair-in-a-list": (
        "a string of a listed run has half a surrogate pair",
        ("simulation_runs", 0, "summary"),
        rb'"\ud83d"',
    ),
    "half-a-surrogate-pair": ("a string has half a surrogate pair", _SUMMARY, rb'"\ud83d"'),
    "half-a-surrogate-pair-in-an-id": ("an id has half a surrogate pair", ("agent_id",), rb'"\ud83d"'),
    "half-a-surrogate-pair-in-a-key": (
        "a key in a free-form object has half a surrogate pair",
        _FREE_FORM,
        rb'{"\udc00": 1}',
    ),
    "arrays-2000-deep": ("a free-form object contains 2,000 nested arrays", _FREE_FORM, _ARRAYS),
    "objects-2000-deep": ("a free-form object contains 2,000 nested objects", _FREE_FORM, _OBJECTS),
}
"""What is wrong, the path and the value, by name."""
DECODED = {
    "1e400-in-a-free-form-object",
    "5000-digits-in-a-free-form-object",
    "over-53-bits",
    "over-53-bits-in-the-id-of-a-run",
}
"""The names of the values that the client can represent."""


def mutants(contract: Contract, operation: Operation) -> Iterator[Case]:
    """Yield bodies that satisfy the schema but aren't portable JSON."""
    document = sound(contract, operation)
    for name, (breaks, where, value) in VALUES.items():
        path = where
        if operation.id == RESULT and where[:2] == _RESULT:
            path = ("simulation_result", *where[2:])
        if path[0] not in document:
            continue
        body = encoded(replaced(document, path, _MARK)).replace(encoded(_MARK), value)
        yield Case(
            f"protocol:portable-json:{name}",
            operation,
            breaks,
            body,
            group="portable",
            rule="portable-json",
            path="$" if name.endswith("deep") else json_path(path),
            error="" if name in DECODED else "UnsupportedValueError",
        )
