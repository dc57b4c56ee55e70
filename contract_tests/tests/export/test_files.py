"""The files of an export are whole or absent, and the commit is written last."""

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import BluejayError, NotFoundError, RunNotFoundError, SimulationRun, UsageError
from bluejay_results.export import committed_files, export, pending, saved_runs
from bluejay_results.export import formats as format_writers
from bluejay_results.export.tables.schema import TABLES

from .. import builders
from .runs import named_run

GONE = RunNotFoundError("Run 1: there is no such run", status_code=404)


def _rows(place: Path, table: str) -> list[dict[str, Any]]:
    """Read the committed rows of an export in JSONL, with the run of each."""
    return [
        json.loads(line) | {"file": file}
        for file in committed_files(place, table)
        for line in Path(file).read_text().splitlines()
    ]


def _commit(place: Path, run_id: str = "1") -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((place / "_commits" / f"run_id={run_id}.json").read_bytes())
    return found


def _files(place: Path) -> set[str]:
    return {str(each.relative_to(place)) for each in place.rglob("*") if each.is_file()}


def test_each_run_has_a_file_in_each_table_and_a_commit_that_lists_them(tmp_path: Path) -> None:
    export([named_run()], tmp_path, format="jsonl")
    parts = {f"{table}/simulation_id=731/run_id=1/part.jsonl" for table in TABLES}
    assert _files(tmp_path) == parts | {"_schema.json", "_commits/run_id=1.json"}
    assert _commit(tmp_path)["files"].keys() == parts
    assert _commit(tmp_path)["files"]["conversations/simulation_id=731/run_id=1/part.jsonl"] == 1


def test_ids_are_percent_encoded_in_paths(tmp_path: Path) -> None:
    export([named_run("a/b c=d%", simulation_id="ü")], tmp_path, format="jsonl")
    [path] = committed_files(tmp_path, "runs")
    assert Path(path).parent == tmp_path / "runs" / "simulation_id=%C3%BC" / "run_id=a%2Fb%20c%3Dd%25"


def test_ids_too_long_for_a_file_system_are_cut_and_stay_different(tmp_path: Path) -> None:
    ids = ["/" * 300 + end for end in "ab"]
    export([named_run(each) for each in ids], tmp_path, format="jsonl")
    commits = [json.loads(each.read_bytes()) for each in (tmp_path / "_commits").iterdir()]
    assert {each["run_id"] for each in commits} == set(ids)


def test_a_failed_run_gets_a_row_in_errors_and_the_others_are_exported(tmp_path: Path) -> None:
    report = export([("1", GONE), named_run("2")], tmp_path, format="jsonl")
    assert report.exported == ["2"]
    assert report.failed == {"1": GONE}
    [row] = _rows(tmp_path, "errors")
    assert row["type"] == "RunNotFoundError"
    assert row["status_code"] == 404
    assert row["message"] == str(GONE)
    assert "simulation_id=__HIVE_DEFAULT_PARTITION__/run_id=1/" in row["file"]


def test_a_failed_run_keeps_its_earlier_files_and_stays_pending(tmp_path: Path) -> None:
    export([named_run()], tmp_path, format="jsonl")
    export([("1", GONE)], tmp_path, format="jsonl")
    assert len(_rows(tmp_path, "conversations")) == 1
    assert [each["type"] for each in _rows(tmp_path, "errors")] == ["RunNotFoundError"]
    assert list(pending(["1"], tmp_path)) == ["1"]


def test_an_export_removes_the_row_of_an_earlier_failure(tmp_path: Path) -> None:
    export([("1", GONE)], tmp_path, format="jsonl")
    export([named_run()], tmp_path, format="jsonl")
    assert _rows(tmp_path, "errors") == []
    assert not [each for each in _files(tmp_path) if "__HIVE_DEFAULT" in each]


def test_an_error_quotes_no_signature_of_a_url(tmp_path: Path) -> None:
    error = UsageError("https://files.example.com/a.wav?signature=5e1c4e is gone")
    export([("1", error)], tmp_path, format="jsonl")
    assert "5e1c4e" not in "".join(each.read_text() for each in tmp_path.rglob("*") if each.is_file())


def test_resume_skips_the_runs_that_were_settled(tmp_path: Path) -> None:
    export([named_run("1"), named_run("2", status="RUNNING")], tmp_path, format="jsonl")
    report = export([named_run("1"), named_run("2"), named_run("3")], tmp_path, format="jsonl", resume=True)
    assert report.exported == ["2", "3"]
    assert report.skipped == ["1"]
    assert list(pending(["1", "2", "3", "4", "4"], tmp_path)) == ["4"]


def test_without_resume_a_run_is_written_again(tmp_path: Path) -> None:
    for summary in ("old", "new"):
        export([named_run(summary=summary)], tmp_path, format="jsonl")
    assert [each["summary"] for each in _rows(tmp_path, "runs")] == ["new"]


def test_a_run_that_is_named_twice_is_exported_once(tmp_path: Path) -> None:
    report = export([named_run("1"), ("again.json", named_run("1")[1])], tmp_path, format="jsonl")
    assert report.exported == ["1"]
    assert report.skipped == ["again.json"]


def test_a_run_other_than_the_requested_one_is_a_failure(tmp_path: Path) -> None:
    with Stub() as stub, stub.client() as client:
        stub.serve("48300", Answer.json(builders.response(id="48301")))
        report = export(client.retrieve_many(["48300"]), tmp_path, format="jsonl")
    assert "The service sent run 48301, but 48300 was requested." in str(report.failed["48300"])


def test_a_run_without_a_valid_id_is_a_failure(tmp_path: Path) -> None:
    run = builders.saved_run(id=5)
    assert "has no valid id" in str(export([("5.json", run)], tmp_path, format="jsonl").failed["5.json"])


class _DiskFullError(OSError):
    """The error of a full disk."""


@pytest.mark.parametrize("error", [_DiskFullError(28, os.strerror(28)), KeyboardInterrupt()])
def test_an_interrupted_export_leaves_no_partial_file_and_can_resume(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(file: Any, table: Any, batches: Any) -> int:
        if table.name == "metrics":
            file.write(b"half")
            raise error
        return format_writers.write_jsonl(file, table, batches)

    with monkeypatch.context() as patch:
        patch.setitem(format_writers.FORMATS, "jsonl", broken)
        with pytest.raises((UsageError, KeyboardInterrupt)):
            export([named_run("1"), named_run("2")], tmp_path, format="jsonl")
    assert not [each for each in _files(tmp_path) if "metrics" in each or ".bluejay" in each]
    assert committed_files(tmp_path, "runs") == []
    export([named_run("1"), named_run("2")], tmp_path, format="jsonl", resume=True)
    assert len(committed_files(tmp_path, "metrics")) == 2


def test_a_full_disk_prints_one_line_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> int:
        raise _DiskFullError(28, os.strerror(28))

    monkeypatch.setitem(format_writers.FORMATS, "jsonl", full)
    with pytest.raises(UsageError, match=r": No space left on device\. Committed runs are kept"):
        export([named_run()], tmp_path, format="jsonl")


def test_two_exports_of_one_run_at_the_same_time_leave_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second export starts while the first is running, and ends before it."""
    is_second, report = threading.local(), {}

    def meets(file: Any, table: Any, batches: Any) -> int:
        if table.name == "metrics" and not hasattr(is_second, "started"):
            is_second.started = True
            report["second"] = export([named_run(summary="second")], tmp_path, format="jsonl")
        return format_writers.write_jsonl(file, table, batches)

    monkeypatch.setitem(format_writers.FORMATS, "jsonl", meets)
    report["first"] = export([named_run(summary="first")], tmp_path, format="jsonl")
    assert report["second"].failed == {}
    assert "Another export wrote run 1" in str(report["first"].failed["1"])
    assert committed_files(tmp_path, "runs") == []


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"version": 2, "format": "jsonl"}, "has tables of version 2, and this package writes version 1"),
        ({"version": 1, "format": "csv"}, "has tables in the format csv"),
        ({"version": "x"}, "is not the schema of an export"),
    ],
)
def test_tables_of_another_version_or_format_are_refused_and_left_as_they_are(
    document: dict[str, Any], says: str, tmp_path: Path
) -> None:
    (tmp_path / "_schema.json").write_bytes(builders.encoded(document))
    with pytest.raises(UsageError, match=says):
        export([named_run()], tmp_path, format="jsonl")
    assert _files(tmp_path) == {"_schema.json"}


def test_the_error_about_an_invalid_commit_names_its_file(tmp_path: Path) -> None:
    export([named_run()], tmp_path, format="jsonl")
    (tmp_path / "_commits" / "run_id=1.json").write_text("{")
    with pytest.raises(UsageError, match=r"run_id=1\.json is not a commit of an export\. Remove it"):
        export([named_run()], tmp_path, format="jsonl", resume=True)


@pytest.mark.parametrize("table", ["runs", "errors"])
def test_the_error_about_a_folder_without_an_export_names_the_folder(table: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"has no _schema\.json: nothing was exported to it"):
        committed_files(tmp_path, table)


def test_saved_runs_are_read_in_order_despite_a_broken_file(tmp_path: Path) -> None:
    for name, scenario in (("b.json", "settled"), ("a.json", "nulls")):
        (tmp_path / name).write_bytes(SCENARIOS[scenario].bodies[-1])
    (tmp_path / "c.json").write_text("{")
    (tmp_path / "notes.txt").write_text("no run")
    found = list(saved_runs([tmp_path, tmp_path / "d.json"]))
    assert [Path(name).name for name, _ in found] == ["a.json", "b.json", "c.json", "d.json"]
    assert [isinstance(run, BluejayError) for _, run in found] == [False, False, True, True]


def test_half_a_surrogate_pair_fails_only_its_own_run(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "half.json").write_text(json.dumps(builders.response(summary="\ud800")))
    (folder / "whole.json").write_bytes(SCENARIOS["settled"].bodies[-1])
    report = export(saved_runs([folder]), tmp_path / "out", format="jsonl")
    assert [type(each).__name__ for each in report.failed.values()] == ["UnsupportedValueError"]
    assert len(report.exported) == 1


def test_a_run_that_breaks_the_contract_is_an_error_with_its_path(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(builders.encoded(builders.response(total_tests="1")))
    export(saved_runs([bad]), tmp_path / "out", format="jsonl")
    assert [each["path"] for each in _rows(tmp_path / "out", "errors")] == ["$.simulation_run.total_tests"]


def test_every_named_file_is_read_whatever_follows_it(tmp_path: Path) -> None:
    (tmp_path / "c.json").touch()
    found = [path for path, _ in saved_runs(["a.json", "b.json", tmp_path, "d.json"])]
    assert found == ["a.json", "b.json", str(tmp_path / "c.json"), "d.json"]


def test_a_failed_file_with_a_non_unicode_name_gets_a_row_in_errors(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff.json")
    report = export([(name, NotFoundError(f"{name} is gone"))], tmp_path, format="jsonl")
    assert report.failed.keys() == {name}
    assert len(_rows(tmp_path, "errors")) == 1


def test_the_recording_of_a_run_is_named_after_the_run(tmp_path: Path) -> None:
    with Stub() as stub, stub.client() as client:
        export(client.retrieve_many(["48213"]), tmp_path / "out", format="csv", har_dir=tmp_path / "har")
    assert SimulationRun.from_file(tmp_path / "har" / "48213.har").id == "48213"
