"""The matrix as JUnit XML, for CI: one suite per operation, one test case per mutant."""

from __future__ import annotations

from itertools import groupby

from contract_kit import junit
from contract_kit.junit import ERROR, FAILURE, SKIPPED, Case, Part, Suite
from contract_kit.matrix import Matrix, Row, Verdict


def to_junit(matrix: Matrix) -> bytes:
    """Return a matrix as JUnit XML.

    A crash or a hang is an error, the other faults are failures. A fault that the baseline has too, and what
    gave no mutants, is a skipped test case.
    """
    suites = [
        Suite(operation, [_case(row, is_known=matrix.is_known(row)) for row in rows])
        for operation, rows in groupby(matrix.rows, key=lambda row: row.operation)
    ]
    if matrix.skipped:
        cases = [
            Case("contract-kit", each.where, [Part(SKIPPED, message=each.reason)]) for each in matrix.skipped
        ]
        suites.append(Suite("not covered", cases))
    return junit.to_junit("contract-kit", suites)


def _case(row: Row, *, is_known: bool) -> Case:
    tag = ERROR if row.verdict in (Verdict.CRASHED, Verdict.HUNG) else FAILURE
    message = f"{'known from the baseline: ' if is_known else ''}{row.verdict}: {row.breaks}"
    part = Part(SKIPPED if is_known else tag, row.detail, message, row.verdict)
    return Case(f"contract-kit.{row.operation}", row.id, [part] if row.verdict.bad else [])
