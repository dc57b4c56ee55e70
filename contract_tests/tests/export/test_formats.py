"""The formats of an export: CSV and JSONL, and how their files are written."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun, UsageError
from bluejay_results.export import committed_files, export, to_rows
from bluejay_results.export import formats as format_writers
from bluejay_results.export.tables.schema import TABLES

from .. import builders
from .runs import named_run


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_a_file_has_the_rows_of_to_rows_without_the_key_columns(name: str, tmp_path: Path) -> None:
    run = SimulationRun.from_bytes(SCENARIOS["settled"].bodies[-1])
    export([(run.id, run)], tmp_path, format=name)
    for table in TABLES:
        [path] = committed_files(tmp_path, table)
        expected = [_as_text(row) for row in to_rows(run, table)]
        assert [_as_text(row) for row in _read(Path(path))] == expected


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(newline="") as file:
        if path.suffix == ".jsonl":
            yield from map(json.loads, file)
        for row in csv.DictReader(file):  # a JSONL file has been read to its end
            yield {name: field.removeprefix("'") for name, field in row.items()}


def _as_text(row: Mapping[str, Any]) -> dict[str, str]:
    """Return values as text, so that both formats can be compared with rows."""
    return {name: _text(value) for name, value in row.items() if name not in {"run_id", "simulation_id"}}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text.removesuffix("Z") + "+00:00" if text.endswith("Z") and text[:4].isdigit() else text


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
    assert format_writers._csv_text(text) == field


def test_null_and_the_empty_text_differ_in_csv(tmp_path: Path) -> None:
    export([named_run("1", summary=""), named_run("2", summary=None)], tmp_path, format="csv")
    fields = []
    for path in committed_files(tmp_path, "runs"):
        head, line = (row.split(",") for row in Path(path).read_text().splitlines())
        fields.append(line[head.index("summary")])
    assert fields == ['""', ""]


def test_an_empty_table_in_csv_has_its_columns(tmp_path: Path) -> None:
    export([named_run()], tmp_path, format="csv")
    [path] = committed_files(tmp_path, "events")
    assert Path(path).read_text().startswith("run_settled,tool_calls_from,conversation_id,index,title,")


def test_a_format_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no format 'xlsx'\. The formats are parquet, csv, jsonl"):
        export([], tmp_path, format="xlsx")


def test_rows_are_written_in_batches_of_limited_size(tmp_path: Path) -> None:
    """Otherwise a million events would need a million dicts at once."""
    event = {"title": "x", "start_offset_ms": 1}
    run = named_run("1", builders.result(events=[event] * 25_000))
    sizes = []

    def counted(_file: Any, _table: Any, batches: Any) -> int:
        each_size = [len(batch["run_id"]) for batch in batches]
        sizes.extend(each_size)
        return sum(each_size)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(format_writers.FORMATS, "jsonl", counted)
        report = export([run], tmp_path, format="jsonl")
    assert max(sizes) == 10_000
    assert report.rows["events"] == 25_000
