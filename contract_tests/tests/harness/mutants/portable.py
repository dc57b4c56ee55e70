"""Mutants that JSON and the schema allow, but some parsers refuse (RFC 7493; RFC 8259, section 9)."""

from __future__ import annotations

from collections.abc import Iterator

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.operations import RESULT
from contract_kit.read.paths import Path, json_path, replaced

from .case import Case, encoded
from .change import EVALUATION, ITEM
from .derived import sound

_MARK = "@"
_FREE_FORM: Path = (*ITEM, "result", "connected")
_ARRAYS, _OBJECTS = b"[" * 2_000 + b"]" * 2_000, b'{"key":' * 2_000 + b"1" + b"}" * 2_000
_REFUSED = "UnsupportedValueError"

VALUES: dict[str, tuple[Path, bytes, str]] = {
    "1e400": ((*EVALUATION, "sentiment_score"), b"1e400", _REFUSED),
    "1e400-for-an-integer": ((*ITEM, "duration"), b"1e400", _REFUSED),
    "1e400-in-a-free-form-object": (_FREE_FORM, b"-1e400", ""),
    "5000-digits": ((*ITEM, "duration"), b"9" * 5_000, _REFUSED),
    "5000-digits-in-a-free-form-object": (_FREE_FORM, b"9" * 5_000, ""),
    "over-53-bits": ((*ITEM, "id"), b"9007199254740992", ""),
    "over-53-bits-in-the-id-of-a-run": (("simulation_runs", 0, "id"), b"9007199254740992", ""),
    "half-a-surrogate-pair-in-a-list": (("simulation_runs", 0, "summary"), rb'"\ud83d"', _REFUSED),
    "half-a-surrogate-pair": (("simulation_run", "summary"), rb'"\ud83d"', _REFUSED),
    "half-a-surrogate-pair-in-an-id": (("agent_id",), rb'"\ud83d"', _REFUSED),
    "half-a-surrogate-pair-in-a-key": (_FREE_FORM, rb'{"\udc00": 1}', _REFUSED),
    "arrays-2000-deep": (_FREE_FORM, _ARRAYS, _REFUSED),
    "objects-2000-deep": (_FREE_FORM, _OBJECTS, _REFUSED),
}
"""The path, the value, and the error of the client, which can represent some of these values."""


def mutants(contract: Contract, operation: Operation) -> Iterator[Case]:
    """Yield bodies that satisfy the schema but aren't portable JSON."""
    document = sound(contract, operation)
    for name, (where, value, error) in VALUES.items():
        path = where
        if operation.id == RESULT and where[:2] == ITEM:
            path = ("simulation_result", *where[2:])
        if path[0] not in document:
            continue
        body = encoded(replaced(document, path, _MARK)).replace(encoded(_MARK), value)
        yield Case(
            f"protocol:portable-json:{name}",
            operation,
            body,
            group="portable",
            rule="portable-json",
            path="$" if name.endswith("deep") else json_path(path),
            error=error,
        )
