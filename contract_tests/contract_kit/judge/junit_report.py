"""The matrix as JUnit XML, for CI: one suite per operation, one test case per mutant."""

from __future__ import annotations

from collections import Counter

from . import junit
from .junit import ERROR, FAILURE, SKIPPED, Case, Part, Suite
from .matrix import Matrix, Row, Verdict


def to_junit(matrix: Matrix) -> bytes:
    """Return a matrix as JUnit XML.

    A crash or a hang is an error; the other faults are failures. A valid response that the client did not
    accept is an error, and its mutants are skipped. Ignored faults and faults that the baseline also has are
    skipped, and so are parts of the document that gave no mutants.
    """
    suites = (
        [Suite("inconclusive", [_case(row, matrix) for row in matrix.controls])] if matrix.controls else []
    )
    operations: dict[str, list[Row]] = {}
    for row in matrix.rows:
        operations.setdefault(row.operation, []).append(row)
    for operation, rows in operations.items():
        counts = Counter(row.verdict for row in rows)
        refused = (Verdict.REFUSED_BY_STATUS, Verdict.REFUSED_BY_BODY)
        properties = {str(verdict): f"{counts[verdict]}" for verdict in refused}
        if matrix.ignore:
            properties["ignored"] = f"{sum(map(matrix.is_ignored, rows))}"
        suites.append(Suite(operation, [_case(row, matrix) for row in rows], properties))
    if matrix.skipped:
        cases = [
            Case("contract-kit", each.where, [Part(SKIPPED, message=each.reason)]) for each in matrix.skipped
        ]
        suites.append(Suite("not covered", cases))
    return junit.to_junit("contract-kit", suites)


def _case(row: Row, matrix: Matrix) -> Case:
    is_inconclusive = row.verdict.is_inconclusive
    why = "ignored: " if matrix.is_ignored(row) else "known from the baseline: " * matrix.is_known(row)
    tag = ERROR if is_inconclusive or row.verdict in (Verdict.CRASHED, Verdict.HUNG) else FAILURE
    what, detail = (row.detail, "") if is_inconclusive and row.detail else (row.breaks, row.detail)
    message = f"{why}{row.verdict}: {what}"
    text = "\n".join(filter(None, [detail, row.citation]))
    part = Part(SKIPPED if why or row.is_unserved else tag, text, message, row.verdict)
    parts = [part] if row.verdict.bad or is_inconclusive else []
    return Case(f"contract-kit.{row.operation}", row.id, parts)
