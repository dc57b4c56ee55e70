"""Exports to CSV: one file per table."""

from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun, UsageError
from bluejay_results.export import export, to_rows
from bluejay_results.export import formats as format_writers
from bluejay_results.export.tables.schema import TABLES

from .runs import csv_rows, named_run


def test_each_table_is_a_file_with_the_rows_of_to_rows(tmp_path: Path) -> None:
    run = SimulationRun.from_bytes(SCENARIOS["settled"].bodies[-1])
    report = export([(run.id, run)], tmp_path, format="csv")
    assert {each.name for each in tmp_path.iterdir()} == {"README.txt", *(f"{each}.csv" for each in TABLES)}
    for table in TABLES:
        expected = [{name: _text(value) for name, value in row.items()} for row in to_rows(run, table)]
        found = [
            {name: text.removeprefix("'") for name, text in row.items()} for row in csv_rows(tmp_path, table)
        ]
        assert found == expected
        assert report.rows[table] == len(found)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        *[("=cmd()", "'=cmd()"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("'x", "''x")],
        ('say "x", y', '"say ""x"", y"'),
        ("two\nlines", '"two\nlines"'),
        ("\rx", '"\'\rx"'),
        ("", '""'),
        ("nul\0", "nul\u2400"),
    ],
)
def test_text_in_csv_is_quoted_and_never_a_formula(text: str, field: str) -> None:
    assert format_writers._csv(text) == field


def test_null_and_the_empty_text_differ_in_csv(tmp_path: Path) -> None:
    export([named_run("1", summary=""), named_run("2", summary=None)], tmp_path, format="csv")
    head, *lines = (row.split(",") for row in (tmp_path / "runs.csv").read_text().splitlines())
    assert [line[head.index("summary")] for line in lines] == ['""', ""]


def test_an_empty_table_in_csv_has_its_columns(tmp_path: Path) -> None:
    export([named_run()], tmp_path, format="csv")
    assert (
        (tmp_path / "events.csv").read_text().startswith("run_id,simulation_id,conversation_id,index,title,")
    )


def test_the_next_export_replaces_the_files(tmp_path: Path) -> None:
    for run_id in ("1", "2"):
        export([named_run(run_id)], tmp_path, format="csv")
    assert [each["run_id"] for each in csv_rows(tmp_path, "runs")] == ["2"]


def test_a_format_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no format 'xlsx'\. The formats are parquet, csv"):
        export([], tmp_path, format="xlsx")
