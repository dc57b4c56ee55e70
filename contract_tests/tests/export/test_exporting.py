"""An export leaves nothing half-written, and touches only its own files. `golden/` keeps the files."""

import os
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import NotFoundError, UsageError
from bluejay_results.export import dataset, export, saved_runs
from contract_kit.tests.tables import table

from .. import builders
from .runs import csv_rows, named_run

NO_UNICODE = os.fsdecode(b"\xff.json")


def test_the_errors_table_names_a_file_whose_name_is_not_unicode(tmp_path: Path) -> None:
    error = NotFoundError(f"{NO_UNICODE} is gone: https://files.example.com/a.wav?signature=5e1c4e")
    report = export([(NO_UNICODE, error), named_run("2")], tmp_path, format="csv")
    assert (report.exported, [*report.failed]) == (["2"], [NO_UNICODE])
    [row] = csv_rows(tmp_path, "errors")
    assert row["type"] == "NotFoundError"
    assert "5e1c4e" not in row["message"]


@table("error", [OSError(28, os.strerror(28)), KeyboardInterrupt()])
def test_an_interrupted_export_leaves_the_files_in_the_folder_unchanged(
    error: BaseException, tmp_path: Path
) -> None:
    export([named_run("1")], tmp_path, format="csv")
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}

    def full(*_: Any) -> None:
        raise error

    raised = UsageError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dataset.PartWriter, "flush", full)
        with pytest.raises(raised):
            export([named_run("2")], tmp_path, format="csv")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_an_export_replaces_only_an_earlier_export_of_this_version(tmp_path: Path) -> None:
    """It also removes what an interrupted export left behind."""
    (tmp_path / ".bluejay-0123").touch()
    for run_id in ("1", "2"):
        export([named_run(run_id)], tmp_path, format="csv")
    assert [each["run_id"] for each in csv_rows(tmp_path, "runs")] == ["2"]
    assert not (tmp_path / ".bluejay-0123").exists()
    readme = tmp_path / "README.txt"
    readme.write_text(readme.read_text().replace("judge_goal_success", "goal"))
    with pytest.raises(UsageError, match="older version"):
        export([named_run("2")], tmp_path, format="csv")
    with pytest.raises(UsageError, match="'xlsx'"):
        export([], tmp_path, format="xlsx")


@table("name", ["notes.txt", "README.txt"])
def test_an_export_into_a_folder_with_other_files_is_refused(name: str, tmp_path: Path) -> None:
    folder = tmp_path / f"of {name}"
    folder.mkdir()
    (folder / name).write_text("mine")
    with pytest.raises(UsageError):
        export([named_run()], folder, format="csv")
    assert [each.read_text() for each in folder.iterdir()] == ["mine"]


def test_saved_runs_are_read_even_if_another_file_is_broken(tmp_path: Path) -> None:
    for name, scenario in (("b.json", "settled"), ("a.json", "nulls")):
        (tmp_path / name).write_bytes(SCENARIOS[scenario].bodies[-1])
    (tmp_path / "c.json").write_text("{")
    (tmp_path / "d.json").write_bytes(builders.encoded(builders.response(total_tests="1")))
    (tmp_path / "notes.txt").write_text("no run")
    for hidden in (".part.json", "._a.json", "_schema.json"):
        (tmp_path / hidden).write_text("{")
    found = saved_runs([tmp_path, tmp_path / "e.json"])
    assert [(Path(name).name, type(run).__name__) for name, run in found] == [
        ("a.json", "SimulationRun"),
        ("b.json", "SimulationRun"),
        ("c.json", "ContractViolationError"),
        ("d.json", "ContractViolationError"),
        ("e.json", "UsageError"),
    ]
