"""The matrix as JSON; a later run can use it as its baseline."""

from __future__ import annotations

import json
from pathlib import Path

from attrs import asdict

from contract_kit.derive.model import key_of
from contract_kit.errors import KitError

from .fields import by_field
from .matrix import Matrix, Row, Verdict

_FORMAT = "contract-kit/prove"
_VERSION = 2


def to_json(matrix: Matrix) -> str:
    """Return a matrix as one JSON document in ASCII, with every row."""
    document = {
        "format": _FORMAT,
        "version": _VERSION,
        "passed": matrix.passed,
        "inconclusive": [_row(row, matrix) for row in matrix.inconclusive],
        "fields": by_field(matrix.failures)[1],
        "ignored": len(matrix.ignored),
        "counts": {verdict: matrix.counts[verdict] for verdict in Verdict},
        "baseline": matrix.trends or None,
        "rows": [_row(row, matrix) for row in matrix.rows],
        "skipped": list(map(asdict, matrix.skipped)),
    }
    return json.dumps(document, indent=1) + "\n"


def _row(row: Row, matrix: Matrix) -> dict[str, object]:
    explained = row.is_explained
    return {
        "id": row.id,
        "key": key_of(row.id),
        "operation": row.operation,
        "group": row.group,
        "location": row.location,
        "schema_location": row.schema_location,
        "breaks": row.breaks,
        "reason": (explained and row.reason) or None,
        "expect": row.expect if explained else None,
        "verdict": row.verdict,
        "bad": row.verdict.bad,
        "status": row.status,
        "kind": row.kind,
        "strictness": row.strictness,
        "source": (explained and row.source) or None,
        "detail": row.detail,
        "known": matrix.is_known(row),
        "ignored": matrix.is_ignored(row),
        "earlier": matrix.earlier(row),
        "trend": None if matrix.baseline is None else matrix.trend(row),
    }


def read_baseline(path: Path) -> dict[str, Verdict]:
    """Return the verdict on each mutant in a written matrix, by the mutant's id.

    Raises:
        KitError: The file can't be read, or isn't a matrix.
    """
    try:
        document = json.loads(path.read_bytes())
        if document["format"] != _FORMAT or document["version"] != _VERSION:
            raise ValueError
        return {row["id"]: Verdict(row["verdict"]) for row in document["rows"] + document["inconclusive"]}
    except OSError as error:
        raise KitError(f"{path}: {error.strerror}. Write a baseline with --json.") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KitError(f"{path} isn't a baseline of this version. Write a baseline with --json.") from None
