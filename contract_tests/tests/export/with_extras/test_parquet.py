"""Parquet exports: parts, resume, and the libraries that read them."""

import datetime
import errno
import os
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow.parquet
import pytest
from bluejay_contract.stub import SCENARIOS, Stub
from bluejay_results import RunNotFoundError, SimulationRun, UsageError
from bluejay_results.export import dataset, export, exporting, pending, to_rows
from bluejay_results.export.tables import TABLES
from contract_kit.tests.tables import table

from ...cli.command import InProcess, check_refused
from ...secrets.canary import KEY, leaks
from ...secrets.echoing import echo, echoing_run
from ..runs import named_run, without_export_time
from .tables import files, rows

RUN = SimulationRun.from_bytes(SCENARIOS["settled"].bodies[-1])
GONE = RunNotFoundError("Run 1: there is no such run", status_code=404)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts with at most two runs."""
    monkeypatch.setattr(exporting, "PART", 2)


def test_the_tables_have_the_rows_of_all_exported_runs_and_one_schema(tmp_path: Path) -> None:
    """`golden/` keeps the same rows as CSV."""
    other = named_run("2")
    before = datetime.datetime.now(datetime.UTC)
    export([(RUN.id, RUN), other], tmp_path)
    export([named_run("3")], tmp_path, resume=True)
    runs = RUN, other[1], named_run("3")[1]
    for each in TABLES:
        expected = [row for run in runs for row in to_rows(run, each)]
        assert without_export_time(rows(tmp_path, each)) == expected
        schemas = [pyarrow.parquet.read_schema(file) for file in sorted((tmp_path / each).iterdir())]
        assert all(schema == schemas[0] for schema in schemas)
    first, second, third = (each["exported_at"] for each in rows(tmp_path, "runs"))
    assert before <= first == second < third <= datetime.datetime.now(datetime.UTC)


def test_no_table_contains_a_key_that_the_service_sends_back(tmp_path: Path) -> None:
    with Stub(api_key=KEY) as stub, stub.client() as client:
        stub.serve("48214", echo(echoing_run("48214", is_settled=True)))
        run = client.retrieve("48214")
        export([(run.id, run)], tmp_path, with_links=True)
    found = "".join(str(rows(tmp_path, table)) for table in TABLES)
    assert "<redacted>" in found
    assert "the key" not in leaks(found)


@pytest.mark.usefixtures("small_parts")
def test_each_part_of_an_export_has_a_limited_number_of_runs(tmp_path: Path) -> None:
    export([named_run(str(each)) for each in range(3)], tmp_path)
    parts = {f"{table}/part-0000{number}.parquet" for table in TABLES for number in (1, 2)}
    assert files(tmp_path) == parts | {"README.txt"}
    assert len(rows(tmp_path, "runs/part-00001.parquet")) == 2


@pytest.mark.usefixtures("small_parts")
def test_pandas_and_polars_and_duckdb_read_the_same_rows(tmp_path: Path) -> None:
    export([named_run("007"), named_run("48213"), named_run("3")], tmp_path)
    folder, columns = tmp_path / "conversations", ["run_id", "simulation_id", "goal_success"]
    by_pandas = pandas.read_parquet(folder)[columns].itertuples(index=False, name=None)
    by_polars = polars.read_parquet(folder)[columns].rows()
    by_duckdb = duckdb.read_parquet(f"{folder}/*.parquet").select(*columns).fetchall()
    expected = [("007", "731", True), ("48213", "731", True), ("3", "731", True)]
    assert list(by_pandas) == by_polars == by_duckdb == expected


def test_no_column_name_is_a_reserved_word_in_duckdb() -> None:
    words = "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
    reserved = {word for [word] in duckdb.sql(words).fetchall()}
    assert "select" in reserved
    assert {each.name for table in TABLES.values() for each in table.columns} & reserved == set()


def test_a_resumed_export_adds_only_runs_that_were_not_exported_before(tmp_path: Path) -> None:
    export([named_run("1"), named_run("2", status="RUNNING")], tmp_path)
    assert pending(["1", "2", "3", "3"], tmp_path) == ["2", "3"]
    report = export([named_run("1"), named_run("2"), named_run("3")], tmp_path, resume=True)
    assert report.exported == ["2", "3"]
    assert report.skipped == ["1"]
    assert [each["run_id"] for each in rows(tmp_path, "conversations")] == ["1", "2", "3"]


def test_a_resumed_export_replaces_the_errors_of_the_earlier_export(tmp_path: Path) -> None:
    export([("1", GONE), named_run("2", status="RUNNING")], tmp_path)
    assert [each["type"] for each in rows(tmp_path, "errors")] == ["NotSettled", "RunNotFoundError"]
    export([named_run("1"), named_run("2", status="RUNNING")], tmp_path, resume=True)
    assert [(each["run_id"], each["type"]) for each in rows(tmp_path, "errors")] == [("2", "NotSettled")]
    export([named_run("2")], tmp_path, resume=True)
    assert rows(tmp_path, "errors") == []


@table("earlier, resume", [("parquet", False), ("csv", False), ("csv", True)])
def test_an_earlier_export_that_cannot_be_resumed_is_not_overwritten(
    earlier: str, resume: bool, tmp_path: Path
) -> None:
    place = tmp_path / f"{earlier} {resume}"
    export([named_run("1")], place, format=earlier)
    before = files(place)
    with pytest.raises(UsageError):
        export([named_run("2")], place, resume=resume)
    assert files(place) == before


def test_the_error_names_a_damaged_part(tmp_path: Path) -> None:
    export([named_run()], tmp_path)
    (tmp_path / "runs" / "part-00001.parquet").write_bytes(b"PAR1")
    with pytest.raises(UsageError, match=r"runs/part-00001\.parquet"):
        export([named_run()], tmp_path, resume=True)


def test_a_part_is_removed_if_the_runs_table_does_not_list_the_part(tmp_path: Path) -> None:
    export([named_run()], tmp_path)
    before = files(tmp_path)
    part = (tmp_path / "conversations" / "part-00001.parquet").read_bytes()
    for each in TABLES.keys() - {"runs"}:
        (tmp_path / each / "part-00002.parquet").write_bytes(part)
    export([], tmp_path, resume=True)
    assert files(tmp_path) == before


def test_user_files_in_a_tables_folder_are_kept(tmp_path: Path) -> None:
    export([named_run()], tmp_path)
    (tmp_path / "events" / "notes.md").write_text("mine")
    export([], tmp_path, resume=True)
    assert "events/notes.md" in files(tmp_path)


def test_the_resume_option_skips_runs_that_were_exported_before(
    command: InProcess, stub: Any, tmp_path: Path
) -> None:
    assert command("export", "48213", "-o", tmp_path).code == 0
    before = len(stub.requests)
    assert command("export", "48213", "--resume", "-o", tmp_path).code == 0
    assert len(stub.requests) == before
    assert len(rows(tmp_path, "conversations")) == 15


@table("number", [errno.ENOSPC, errno.EACCES])
def test_an_export_that_cannot_write_names_the_option_that_continues_it(
    number: int, command: InProcess, saved: Path, tmp_path: Path
) -> None:
    def full(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    place = tmp_path / f"{number}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dataset.PartWriter, "flush", full)
        check_refused(command("export", saved, "-o", place), 2, "--resume")
    assert command("export", saved, "--resume", "-o", place).code == 0
    check_refused(command("export", saved, "-o", place), 2, "--resume")
