"""Exports as Parquet, read with pyarrow, and tables for other frameworks."""

import concurrent.futures
import subprocess
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from bluejay_contract.stub import SCENARIOS, Stub
from bluejay_results import SimulationRun, UsageError
from bluejay_results.export import (
    committed_files,
    export,
    read_table,
    run_tables,
    saved_runs,
    to_arrow,
    to_rows,
)
from bluejay_results.export.tables.schema import TABLES

from ...cli.command import InProcess

RUN = SimulationRun.from_bytes(SCENARIOS["settled"].bodies[-1])
EMPTY = SimulationRun.from_bytes(SCENARIOS["null_results"].bodies[-1])


@pytest.mark.parametrize("table", TABLES)
def test_a_table_that_is_read_back_has_the_rows_and_types_of_the_runs(table: str, tmp_path: Path) -> None:
    export([(each.id, each) for each in (RUN, EMPTY)], tmp_path)
    read = read_table(tmp_path, table)
    assert read.schema == to_arrow(RUN, table).schema
    assert read.to_pylist() == to_rows(RUN, table) + to_rows(EMPTY, table)


@pytest.mark.parametrize("table", TABLES)
def test_a_file_of_an_empty_table_has_all_columns_except_the_keys(table: str, tmp_path: Path) -> None:
    export([(EMPTY.id, EMPTY)], tmp_path)
    [path] = committed_files(tmp_path, table)
    names = [each.name for each in TABLES[table].columns if each.name not in {"run_id", "simulation_id"}]
    assert pyarrow.parquet.read_schema(path).names == names


def test_a_file_names_its_table_and_its_version(tmp_path: Path) -> None:
    export([(RUN.id, RUN)], tmp_path)
    [path] = committed_files(tmp_path, "events")
    metadata = pyarrow.parquet.read_schema(path).metadata
    assert metadata == {b"bluejay_results.table": b"events", b"bluejay_results.version": b"1"}


def test_read_table_reads_only_committed_files(tmp_path: Path) -> None:
    export([(each.id, each) for each in (RUN, EMPTY)], tmp_path)
    (tmp_path / "_commits" / f"run_id={EMPTY.id}.json").unlink()
    assert read_table(tmp_path, "runs")["run_id"].to_pylist() == [RUN.id]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the threads of pyarrow")
def test_read_table_starts_no_thread(tmp_path: Path) -> None:
    """If a thread still holds bytes of a table when a program ends, the program sometimes aborts."""
    export([(RUN.id, RUN)], tmp_path)
    program = """if True:
        import os, sys, pyarrow.parquet
        from bluejay_results.export import read_table
        before = set(os.listdir("/proc/self/task"))
        read_table(sys.argv[1], "conversations")
        assert set(os.listdir("/proc/self/task")) <= before
    """
    subprocess.run([sys.executable, "-c", program, tmp_path], check=True)


def test_read_table_refuses_another_format_and_says_what_to_use_instead(tmp_path: Path) -> None:
    export([(RUN.id, RUN)], tmp_path, format="csv")
    with pytest.raises(
        UsageError, match=r"contains no Parquet files\. Read committed_files\(\) with another library"
    ):
        read_table(tmp_path, "runs")


def test_tables_of_many_runs_have_the_same_schemas(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in stub.environment.items():
        monkeypatch.setenv(name, value)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        found = list(pool.map(run_tables, ["48213", "48220", "99999"]))
    whole = {table: pyarrow.concat_tables([each[table] for each in found]) for table in TABLES}
    assert whole["conversations"].num_rows == 15
    assert whole["errors"]["type"].to_pylist() == ["RunNotFoundError"]
    assert {name: table.schema for name, table in whole.items()} == {
        table: to_arrow(RUN, table).schema for table in TABLES
    }


def test_the_command_writes_parquet_by_default(command: InProcess, tmp_path: Path) -> None:
    assert command("export", "48213", "-o", tmp_path).code == 0
    assert read_table(tmp_path, "conversations").num_rows == 15


def test_saved_and_live_runs_have_the_same_tables(command: InProcess, tmp_path: Path) -> None:
    command("export", "48213", "-o", tmp_path / "live", "--har-dir", tmp_path / "har")
    export(saved_runs([tmp_path / "har"]), tmp_path / "saved")
    for table in TABLES:
        assert read_table(tmp_path / "live", table) == read_table(tmp_path / "saved", table)
