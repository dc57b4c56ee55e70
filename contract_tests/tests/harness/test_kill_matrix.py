"""Every mutant is served over HTTP and judged: faults must be found, legal responses accepted."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import attrs
import pytest
from bluejay_contract import kill_report
from bluejay_contract.contract import Contract
from bluejay_contract.matrix import kill_matrix
from bluejay_contract.mutants import Trial, catalogue
from bluejay_results import BluejayClient, errors

if TYPE_CHECKING:
    from bluejay_contract.judges import Judges

ROOT = Path(__file__).parents[3]


def test_contract_md_is_what_make_mutants_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only this test of the suite serves and judges every mutant."""
    monkeypatch.setattr(
        "sys.argv", ["kill_report", "--output", str(tmp_path), "--report", str(tmp_path / "fresh")]
    )
    code, said = kill_report.main(), capsys.readouterr().out
    rows = json.loads((tmp_path / "mutants.json").read_text())
    assert [row["id"] for row in rows if row["client"] is False] == []
    assert [row["id"] for row in rows if not row["rule"] and row["schemathesis"]] == []
    assert code == 0
    assert "Survivors: none" in said
    must_be_found = sum(bool(row["rule"]) for row in rows)
    assert must_be_found > 400
    assert f"| **all that must be found** | {must_be_found} |" in (tmp_path / "mutants.md").read_text()
    fresh = (tmp_path / "fresh").read_text()
    stale = _stale_lines((ROOT / "CONTRACT.md").read_text(), fresh)
    assert not stale, (
        f"\n{stale}\nThe run proves the lines with + and not those with -. "
        "If that was meant, run `make mutants` and commit the result."
    )


def test_a_stale_contract_md_is_reported_by_its_changed_lines() -> None:
    assert _stale_lines("a\nb\nc\n", "a\nb2\nc\n") == "-b\n+b2"


def _stale_lines(committed: str, fresh: str) -> str:
    lines = difflib.unified_diff(committed.splitlines(), fresh.splitlines(), n=0, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


@pytest.fixture(scope="module")
def trial() -> Trial:
    """The trial of a mutant that the schema forbids."""
    return next(each for each in catalogue(Contract.load()) if each.mutant.group == "type")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rule": "unknown-field"}, "no failure of unknown-field at $"),
        ({"path": "$.simulation_run"}, "no failure of response-schema-conformance at $.simulation_run"),
        ({"rule": "", "path": ""}, "our checks report a violation"),
        ({"limit": "so we say"}, "the client is wrong"),
    ],
)
def test_a_mutant_that_is_judged_wrongly_is_a_survivor_with_a_reason(
    trial: Trial, change: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bluejay_contract.matrix.catalogue", lambda _: (attrs.evolve(trial, **change),))
    matrix = kill_matrix(Contract.load())
    assert len(matrix.survivors) == 1
    assert message in matrix.to_markdown()


def test_progress_counts_up_to_the_total(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bluejay_contract.matrix.catalogue", lambda _: (trial, trial))
    seen: list[tuple[int, int]] = []
    progress: Callable[[int, int], None] = lambda count, total: seen.append((count, total))  # noqa: E731 - a callback
    kill_matrix(Contract.load(), progress)
    assert seen == [(1, 2), (2, 2)]


@pytest.fixture(scope="module")
def judges() -> Iterator[Judges]:
    from bluejay_contract.judges import Judges  # loaded late: it imports schemathesis

    with Judges(Contract.load()) as opened:
        yield opened


def test_the_client_is_not_judged_on_requests_that_it_never_sends(judges: Judges, trial: Trial) -> None:
    assert judges.client_agrees(attrs.evolve(trial, method="POST")) is None


def test_our_checks_and_schemathesis_judge_the_same_response(judges: Judges, trial: Trial) -> None:
    before = len(judges._stub.requests)
    assert judges.is_found_by_checks(trial)
    assert judges.is_found_by_schemathesis(trial)
    assert len(judges._stub.requests) == before + 1


def test_a_mutant_is_not_killed_by_a_check_that_crashes(
    judges: Judges, trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bluejay_contract.judges.check", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        judges.is_found_by_checks(trial)


@pytest.mark.parametrize(
    ("id_", "error"),
    [
        ("200:type::array", errors.ConfigurationError("no")),
        ("200:type::array", errors.ConnectionFailedError("no")),
        ("200:type::array", errors.UnsupportedValueError("no")),
        ("200:body:deep", errors.ContractViolationError("no")),
        ("protocol:status:404", errors.ServerError("no")),
        ("200:protocol::status-418", errors.ServerError("no")),
    ],
)
def test_a_mutant_is_killed_only_by_the_expected_error_of_the_client(
    judges: Judges, id_: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BluejayClient, "retrieve", Mock(side_effect=error))
    trial = next(each for each in catalogue(Contract.load()) if each.id == id_)
    assert judges.client_agrees(trial) is False
