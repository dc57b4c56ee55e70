"""The matrix as JSON; a later run can use it as its baseline."""

from __future__ import annotations

import json
from pathlib import Path

from attrs import asdict

from contract_kit.errors import KitError
from contract_kit.matrix import Matrix, Row, Verdict

_FORMAT = "contract-kit/prove"
_VERSION = 2


def to_json(matrix: Matrix) -> str:
    """Return a matrix as one JSON document in ASCII, with every row."""
    document = {
        "format": _FORMAT,
        "version": _VERSION,
        "passed": matrix.passed,
        "inconclusive": [_row(row) | {"known": matrix.is_known(row)} for row in matrix.inconclusive],
        "counts": {verdict: matrix.counts[verdict] for verdict in Verdict},
        "baseline": matrix.changes or None,
        "rows": [_row(row) | {"known": matrix.is_known(row)} for row in matrix.rows],
        "skipped": list(map(asdict, matrix.skipped)),
    }
    return json.dumps(document, indent=1) + "\n"


def _row(row: Row) -> dict[str, object]:
    return {
        "id": row.id,
        "operation": row.operation,
        "group": row.group,
        "location": row.location,
        "breaks": row.breaks,
        "reason": row.reason or None,
        "expect": row.expect,
        "verdict": row.verdict,
        "bad": row.verdict.bad,
        "status": row.status,
        "kind": row.kind,
        "strictness": row.strictness,
        "source": row.source or None,
        "detail": row.detail,
    }


def read_baseline(path: Path) -> dict[str, bool]:
    """Return the ids of the mutants in a written matrix, each with whether it was bad or inconclusive.

    Raises:
        KitError: The file can't be read, or isn't a matrix.
    """
    try:
        document = json.loads(path.read_bytes())
        if document["format"] != _FORMAT or document["version"] != _VERSION:
            raise ValueError
        bad = {row["id"]: row["bad"] for row in document["rows"]}
        return bad | {row["id"]: True for row in document["inconclusive"]}
    except OSError as error:
        raise KitError(f"{path}: {error.strerror}. Write a baseline with --json.") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KitError(f"{path} isn't a baseline of this version. Write one with --json.") from None
