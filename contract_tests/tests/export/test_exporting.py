"""Which runs are exported, and the reports about the others."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import BluejayError, NotFoundError, RunNotFoundError, SimulationRun, UsageError
from bluejay_results.export import dataset, export, saved_runs

from .. import builders
from .runs import csv_rows, named_run

GONE = RunNotFoundError("Run 1: there is no such run", status_code=404)
SIGNED = UsageError("https://files.example.com/a.wav?signature=5e1c4e is gone")
RUNNING = named_run("1", status="RUNNING")[1]
NO_UNICODE = os.fsdecode(b"\xff.json")


@pytest.mark.parametrize(
    ("name", "found", "kind"),
    [
        ("1", GONE, "RunNotFoundError"),
        ("1", SIGNED, "UsageError"),
        ("1", RUNNING, "NotSettled"),
        ("5.json", builders.saved_run(id=5), "ContractViolationError"),
        (NO_UNICODE, NotFoundError(f"{NO_UNICODE} is gone"), "NotFoundError"),
    ],
    ids=["failed", "signed URL", "not settled", "no valid id", "name without Unicode"],
)
def test_only_the_errors_table_names_a_run_that_cannot_be_exported(
    name: str, found: SimulationRun | BluejayError, kind: str, tmp_path: Path
) -> None:
    report = export([(name, found), named_run("2")], tmp_path, format="csv")
    assert report.exported == ["2"]
    assert [*report.failed, *report.not_settled] == [name]
    assert [each["run_id"] for each in csv_rows(tmp_path, "conversations")] == ["2"]
    [row] = csv_rows(tmp_path, "errors")
    assert row["type"] == kind
    assert row["status_code"] == ("404" if found is GONE else "")
    assert "5e1c4e" not in row["message"]


def test_a_repeated_run_is_exported_once(tmp_path: Path) -> None:
    report = export([named_run("1"), ("again.json", named_run("1")[1])], tmp_path, format="csv")
    assert report.exported == ["1"]
    assert report.skipped == ["again.json"]


@pytest.mark.parametrize("error", [OSError(28, os.strerror(28)), KeyboardInterrupt()])
def test_an_interrupted_export_leaves_the_files_in_the_folder_unchanged(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export([named_run("1")], tmp_path, format="csv")
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}

    def full(*_: Any) -> None:
        raise error

    monkeypatch.setattr(dataset.PartWriter, "flush", full)
    raised = UsageError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(raised):
        export([named_run("2")], tmp_path, format="csv")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_an_export_with_tables_from_an_older_version_is_refused(tmp_path: Path) -> None:
    export([named_run("1")], tmp_path, format="csv")
    readme = tmp_path / "README.txt"
    readme.write_text(readme.read_text().replace("judge_goal_success", "goal"))
    with pytest.raises(UsageError, match="older version"):
        export([named_run("2")], tmp_path, format="csv")


@pytest.mark.parametrize("name", ["notes.txt", "README.txt"])
def test_an_export_into_a_folder_with_other_files_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(UsageError):
        export([named_run()], tmp_path, format="csv")
    assert [each.read_text() for each in tmp_path.iterdir()] == ["mine"]


def test_an_export_removes_the_files_that_an_interrupted_export_left_behind(tmp_path: Path) -> None:
    (tmp_path / ".bluejay-0123").touch()
    export([named_run()], tmp_path, format="csv")
    assert not (tmp_path / ".bluejay-0123").exists()


def test_saved_runs_are_read_even_if_another_file_is_broken(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    for name, scenario in (("b.json", "settled"), ("a.json", "nulls")):
        (saved / name).write_bytes(SCENARIOS[scenario].bodies[-1])
    (saved / "c.json").write_text("{")
    (saved / "d.json").write_text(json.dumps(builders.response(summary="\ud800")))  # half a surrogate pair
    (saved / "e.json").write_bytes(builders.encoded(builders.response(total_tests="1")))
    (saved / "notes.txt").write_text("no run")
    for hidden in (".part.json", "._a.json", "_schema.json"):
        (saved / hidden).write_text("{")
    found = list(saved_runs([saved, saved / "f.json"]))
    assert [(Path(name).name, type(run).__name__) for name, run in found] == [
        ("a.json", "SimulationRun"),
        ("b.json", "SimulationRun"),
        ("c.json", "ContractViolationError"),
        ("d.json", "UnsupportedValueError"),
        ("e.json", "ContractViolationError"),
        ("f.json", "UsageError"),
    ]
    export(found, tmp_path / "out", format="csv")
    paths = [each["path"] for each in csv_rows(tmp_path / "out", "errors")]
    assert "$.simulation_run.total_tests" in paths


def test_rows_are_written_in_groups_of_limited_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this limit, all rows for a run with a million events would be in memory at the same time."""
    run = named_run("1", builders.result(events=[{"title": "x", "start_offset_ms": 1}] * 25_000))
    sizes, write = [], dataset.PartWriter._write

    def counted(part: dataset.PartWriter, table: str) -> None:
        sizes.append(len(part._kept[table]["run_id"]))
        write(part, table)

    monkeypatch.setattr(dataset.PartWriter, "_write", counted)
    assert export([run], tmp_path, format="csv").rows["events"] == 25_000
    assert max(sizes) == dataset.ROWS
