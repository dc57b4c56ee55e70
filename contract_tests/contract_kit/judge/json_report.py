"""The matrix as JSON; a later run can use it as its baseline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypedDict

from attrs import asdict

from contract_kit.derive.model import Expect, Strictness, key_of
from contract_kit.errors import KitError
from contract_kit.terminal import json_safe

from .fields import by_field
from .matrix import Matrix, Row, Trend, Verdict

_FORMAT = "contract-kit/test"
_VERSION = 3


class RowOfReport(TypedDict):
    """What a client did with one mutant.

    `expect`, `reason` and `source` are None unless they explain the verdict.

    Attributes:
        id: The mutant's id, which is the same in every run.
        key: The short name made from the id.
        operation: The operation's id.
        group: The broken keyword, `protocol` or `legal`.
        location: A JSON Pointer to the broken value in the body.
        schema_location: A JSON Pointer to the schema of the broken value in the document.
        breaks: What is wrong or unusual with the response.
        reason: Why a client may accept or refuse the response.
        expect: What the client should have done.
        verdict: The verdict.
        bad: Whether the verdict is a fault.
        status: The HTTP status.
        operator: The mutation operator.
        strictness: How strongly a standard asks for the expected behaviour.
        source: The sentence of the standard that asks for the expected behaviour.
        detail: How the call ended.
        known: Whether the row is a fault or inconclusive, but no worse than in the baseline.
        ignored: Whether the row is a fault that `--ignore` hides.
        earlier: The verdict in the baseline.
        trend: How the verdict differs from the baseline; None without a baseline.
    """

    id: str
    key: str
    operation: str
    group: str
    location: str
    schema_location: str
    breaks: str
    reason: str | None
    expect: Expect | None
    verdict: Verdict
    bad: bool
    status: int
    operator: str
    strictness: Strictness
    source: str | None
    detail: str
    known: bool
    ignored: bool
    earlier: Verdict | None
    trend: Trend | None


class Report(TypedDict):
    """What `contract-kit test --json` writes.

    Attributes:
        format: `contract-kit/test`.
        version: The version of this format. It increases if a field is removed or changes its meaning.
        passed: Whether the exit code is 0.
        inconclusive: The rows to read first: the valid responses that the client didn't accept, and the
            mutants that weren't requested or whose call gave no result.
        fields: The number of fields with faults; with a baseline, only worse faults than before count.
        ignored: The number of faults that `--ignore` hides.
        counts: The number of mutants with each verdict.
        baseline: The number of rows with each trend; None without a baseline.
        rows: One row for each mutant.
        skipped: The parts of the document that give no mutants: `where`, `reason` and `count`.
    """

    format: str
    version: int
    passed: bool
    inconclusive: list[RowOfReport]
    fields: int
    ignored: int
    counts: dict[Verdict, int]
    baseline: dict[Trend, int] | None
    rows: list[RowOfReport]
    skipped: list[dict[str, Any]]


def to_json(matrix: Matrix) -> str:
    """Return a matrix as one JSON document in ASCII, with every row."""
    report: Report = {
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
    return json_safe(json.dumps(report, indent=1)) + "\n"


def _row(row: Row, matrix: Matrix) -> RowOfReport:
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
        "operator": row.operator,
        "strictness": row.strictness,
        "source": (explained and row.source) or None,
        "detail": row.detail,
        "known": matrix.is_known(row),
        "ignored": matrix.is_ignored(row),
        "earlier": matrix.earlier(row),
        "trend": None if matrix.baseline is None else matrix.trend(row),
    }


def read_baseline(path: Path) -> dict[str, Verdict]:
    """Return the verdict on each mutant (by its id) in a matrix that an earlier run wrote.

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
        said = f"{path} isn't a baseline from this version of contract-kit. Write a baseline with --json."
        raise KitError(said) from None
