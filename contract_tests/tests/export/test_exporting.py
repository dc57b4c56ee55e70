"""Which runs are exported, and what becomes of the others."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import BluejayError, NotFoundError, RunNotFoundError, UsageError
from bluejay_results.export import export, saved_runs
from bluejay_results.export import part as parts

from .. import builders
from .runs import csv_rows, named_run

GONE = RunNotFoundError("Run 1: there is no such run", status_code=404)


def test_a_failed_run_gets_a_row_in_errors_and_the_others_are_exported(tmp_path: Path) -> None:
    report = export([("1", GONE), named_run("2")], tmp_path, format="csv")
    assert report.exported == ["2"]
    assert report.failed == {"1": GONE}
    [row] = csv_rows(tmp_path, "errors")
    found = (row["run_id"], row["type"], row["status_code"], row["message"])
    assert found == ("1", "RunNotFoundError", "404", str(GONE))


def test_a_run_that_is_not_settled_is_only_in_errors(tmp_path: Path) -> None:
    report = export([named_run("1", status="RUNNING"), named_run("2")], tmp_path, format="csv")
    assert report.not_settled == ["1"]
    assert [each["run_id"] for each in csv_rows(tmp_path, "conversations")] == ["2"]
    assert [(each["run_id"], each["type"]) for each in csv_rows(tmp_path, "errors")] == [("1", "NotSettled")]


def test_an_error_quotes_no_signature_of_a_url(tmp_path: Path) -> None:
    error = UsageError("https://files.example.com/a.wav?signature=5e1c4e is gone")
    export([("1", error)], tmp_path, format="csv")
    assert "5e1c4e" not in (tmp_path / "errors.csv").read_text()


def test_a_run_that_is_named_twice_is_exported_once(tmp_path: Path) -> None:
    report = export([named_run("1"), ("again.json", named_run("1")[1])], tmp_path, format="csv")
    assert report.exported == ["1"]
    assert report.skipped == ["again.json"]


def test_a_run_other_than_the_requested_one_is_a_failure(tmp_path: Path) -> None:
    with Stub() as stub, stub.client() as client:
        stub.serve("48300", Answer.json(builders.response(id="48301")))
        report = export(client.retrieve_many(["48300"]), tmp_path, format="csv")
    assert "The service sent run 48301, but 48300 was requested." in str(report.failed["48300"])


def test_a_run_without_a_valid_id_is_a_failure(tmp_path: Path) -> None:
    run = builders.saved_run(id=5)
    assert "has no valid id" in str(export([("5.json", run)], tmp_path, format="csv").failed["5.json"])


def test_a_value_that_does_not_fit_its_column_is_listed_in_errors(tmp_path: Path) -> None:
    export([named_run("1", builders.result(7, duration=2**63))], tmp_path, format="csv")
    [row] = csv_rows(tmp_path, "errors")
    assert (row["path"], row["conversation_id"]) == ("conversations.duration_received", "7")


@pytest.mark.parametrize("error", [OSError(28, os.strerror(28)), KeyboardInterrupt()])
def test_an_interrupted_export_leaves_the_earlier_files_and_no_part_of_its_own(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export([named_run("1")], tmp_path, format="csv")
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}

    def full(*_: Any) -> None:
        raise error

    monkeypatch.setattr(parts.Part, "flush", full)
    with pytest.raises((UsageError, KeyboardInterrupt)):
        export([named_run("2")], tmp_path, format="csv")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_a_full_disk_prints_one_line_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(parts.Part, "flush", full)
    with pytest.raises(UsageError, match=r": No space left on device\. Fix this, then export again"):
        export([named_run()], tmp_path, format="csv")


@pytest.mark.parametrize("name", ["notes.txt", "README.txt"])
def test_a_place_with_other_files_is_refused_and_left_as_it_is(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(UsageError, match="Export to another place"):
        export([named_run()], tmp_path, format="csv")
    assert [each.read_text() for each in tmp_path.iterdir()] == ["mine"]


def test_an_export_removes_the_files_that_an_interrupted_export_left(tmp_path: Path) -> None:
    (tmp_path / ".bluejay-0123").touch()
    export([named_run()], tmp_path, format="csv")
    assert not (tmp_path / ".bluejay-0123").exists()


def test_saved_runs_are_read_in_order_despite_a_broken_file(tmp_path: Path) -> None:
    for name, scenario in (("b.json", "settled"), ("a.json", "nulls")):
        (tmp_path / name).write_bytes(SCENARIOS[scenario].bodies[-1])
    (tmp_path / "c.json").write_text("{")
    (tmp_path / "notes.txt").write_text("no run")
    found = list(saved_runs([tmp_path, tmp_path / "d.json"]))
    assert [Path(name).name for name, _ in found] == ["a.json", "b.json", "c.json", "d.json"]
    assert [isinstance(run, BluejayError) for _, run in found] == [False, False, True, True]


def test_a_hidden_file_in_a_folder_is_not_read(tmp_path: Path) -> None:
    for name in (".part.json", "._run.json", "_schema.json", "run.json"):
        (tmp_path / name).write_bytes(SCENARIOS["settled"].bodies[-1])
    assert [Path(name).name for name, _ in saved_runs([tmp_path])] == ["run.json"]


def test_half_a_surrogate_pair_fails_only_its_own_run(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "half.json").write_text(json.dumps(builders.response(summary="\ud800")))
    (folder / "whole.json").write_bytes(SCENARIOS["settled"].bodies[-1])
    report = export(saved_runs([folder]), tmp_path / "out", format="csv")
    assert [type(each).__name__ for each in report.failed.values()] == ["UnsupportedValueError"]
    assert len(report.exported) == 1


def test_a_run_that_breaks_the_contract_is_an_error_with_its_path(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(builders.encoded(builders.response(total_tests="1")))
    export(saved_runs([bad]), tmp_path / "out", format="csv")
    assert [each["path"] for each in csv_rows(tmp_path / "out", "errors")] == ["$.simulation_run.total_tests"]


def test_a_failed_file_with_a_non_unicode_name_gets_a_row_in_errors(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff.json")
    report = export([(name, NotFoundError(f"{name} is gone"))], tmp_path, format="csv")
    assert report.failed.keys() == {name}
    assert len(csv_rows(tmp_path, "errors")) == 1


def test_rows_are_written_in_groups_of_limited_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a million events would be in memory at once."""
    run = named_run("1", builders.result(events=[{"title": "x", "start_offset_ms": 1}] * 25_000))
    sizes, write = [], parts.Part._write

    def counted(part: parts.Part, table: str) -> None:
        sizes.append(len(part._kept[table]["run_id"]))
        write(part, table)

    monkeypatch.setattr(parts.Part, "_write", counted)
    assert export([run], tmp_path, format="csv").rows["events"] == 25_000
    assert max(sizes) == parts.ROWS
