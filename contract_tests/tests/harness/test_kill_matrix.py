"""Every mutant served over HTTP and judged: ours must be found, what is legal let through."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from bluejay_contract import judges as judging
from bluejay_contract.contract import Contract
from bluejay_contract.contract_report import contract_markdown
from bluejay_contract.judges import Judges
from bluejay_contract.matrix import Matrix, kill_matrix
from bluejay_contract.mutants import Mutant, catalogue
from bluejay_contract.prove import coverage_of_the_suite

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    """The judgements on the whole catalogue."""
    return kill_matrix(Contract.load())


def test_no_mutant_survives(matrix: Matrix) -> None:
    assert [f"{row.id}: {row.breaks}" for row in matrix.survivors] == []


def test_the_client_agrees_with_the_schema_on_every_body(matrix: Matrix) -> None:
    assert [row.id for row in matrix.rows if row.client is False] == []


def test_schemathesis_alone_finds_no_fault_in_what_is_legal(matrix: Matrix) -> None:
    """A second opinion on what the catalogue calls legal."""
    assert [row.id for row in matrix.rows if row.legal and row.schemathesis] == []


def test_both_reports_hold_every_mutant(matrix: Matrix) -> None:
    assert len(json.loads(matrix.to_json())) == len(matrix.rows)
    total = next(line for line in matrix.to_markdown().splitlines() if "must be found" in line)
    assert f"| {sum(not row.legal for row in matrix.rows)} |" in total


def test_contract_md_is_what_the_run_proves(matrix: Matrix) -> None:
    contract = Contract.load()
    fresh = contract_markdown(contract, matrix, coverage_of_the_suite(contract))
    assert (ROOT / "CONTRACT.md").read_text() == fresh, "run `make mutants` and commit the result"


@pytest.fixture(scope="module")
def mutant() -> Mutant:
    """One that the schema forbids."""
    return next(each for each in catalogue(Contract.load()) if each.kind == "wrong-type")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answers": ()}, "our checks miss it"),
        ({"legal": "so we say"}, "our checks call it a violation"),
        ({"schema_forbids": False}, "the client did what it must not"),
    ],
)
def test_a_judge_that_is_wrong_is_a_survivor_and_says_how(
    mutant: Mutant, change: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "answers" in change:
        monkeypatch.setattr(judging, "check", lambda *_: [])
        change = {}
    monkeypatch.setattr("bluejay_contract.matrix.catalogue", lambda _: (attrs.evolve(mutant, **change),))
    matrix = kill_matrix(Contract.load())
    assert len(matrix.survivors) == 1
    assert message in matrix.to_markdown()


def test_progress_counts_up_to_the_whole(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bluejay_contract.matrix.catalogue", lambda _: (mutant, mutant))
    seen: list[tuple[int, int]] = []
    progress: Callable[[int, int], None] = lambda count, total: seen.append((count, total))  # noqa: E731 - a callback
    kill_matrix(Contract.load(), progress)
    assert seen == [(1, 2), (2, 2)]


def test_a_client_never_meets_a_request_that_it_does_not_send(mutant: Mutant) -> None:
    with Judges(Contract.load()) as judges:
        assert judges.client_agrees(attrs.evolve(mutant, method="POST")) is None
