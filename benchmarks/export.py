"""Exporting saved runs to Parquet: peak memory, and time compared with building tables in memory."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from .build import BUILT
from .case import Case, Measure, command_memory, timed
from .startup import BIN

TIMED = 1_000
"""The number of runs whose export is timed."""
CONVERSATIONS = 10
OURS, OTHER = "ours", "SimulationRun.from_file, pyarrow.Table.from_pylist, write_table"


def folder(runs: int) -> Path:
    """Return the folder with this number of saved runs."""
    return BUILT / f"runs-{runs}"


def build_runs() -> None:
    """Write saved runs, made from the conversations of the stub's large run (7 kB each)."""
    from bluejay_contract.stub import SCENARIOS  # loaded late: the processes that measure don't need it

    document = json.loads(SCENARIOS["large"].bodies[-1])
    results = cycle(document["simulation_results"])
    for runs in (100, TIMED):
        folder(runs).mkdir(parents=True, exist_ok=True)
        for number in range(runs):
            conversations = [
                each | {"id": number * 100 + place}
                for place, each in enumerate(islice(results, CONVERSATIONS))
            ]
            path = folder(runs) / f"{50_000 + number}.json"
            path.write_bytes(_body(document, 50_000 + number, conversations))


def _body(document: dict[str, Any], run_id: int, conversations: list[dict[str, Any]]) -> bytes:
    uncounted = {name: None for name in document["simulation_run"] if name.startswith("tests_")}
    run = document["simulation_run"] | uncounted | {"id": str(run_id), "total_tests": len(conversations)}
    made = document | {"simulation_run": run, "simulation_results": conversations}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def _ours() -> Measure:
    import pyarrow.parquet  # loaded before the clock starts, as for the other contender
    from bluejay_results.export import export, saved_runs

    _ = pyarrow.parquet.ParquetWriter

    def measure(loops: int) -> float:
        with tempfile.TemporaryDirectory() as place:
            return timed(lambda: export(saved_runs([folder(TIMED)]), place), _processor_time)(loops)

    return measure


def _other() -> Measure:
    import pyarrow
    from bluejay_results import SimulationRun
    from bluejay_results.export import to_rows
    from bluejay_results.export.formats import arrow_schema
    from bluejay_results.export.tables import TABLES
    from pyarrow.parquet import write_table

    files = sorted(folder(TIMED).iterdir())
    parts: list[dict[str, list[dict[str, Any]]]] = []
    for number, run in enumerate(map(SimulationRun.from_file, files)):
        if number % 200 == 0:
            parts.append({name: [] for name in TABLES})
        for name, rows in parts[-1].items():
            rows += to_rows(run, name)

    def do() -> None:
        for file in files:
            SimulationRun.from_file(file)
        with tempfile.TemporaryDirectory() as place:
            for number, part in enumerate(parts):
                for name, rows in part.items():
                    table = pyarrow.Table.from_pylist(rows, schema=arrow_schema(name))
                    write_table(table, f"{place}/{name}-{number}.parquet")

    return timed(do, _processor_time)


def _processor_time() -> float:
    times = os.times()
    return times.user + times.system


def _memory(runs: int) -> Measure:
    def measure(loops: int) -> float:
        place = tempfile.mkdtemp()
        try:
            return command_memory(f"{BIN}/bluejay-results", "export", str(folder(runs)), "-o", place)(loops)
        finally:
            shutil.rmtree(place)

    return measure


_TIMES: dict[str, Callable[[], Measure]] = {OURS: _ours, OTHER: _other}
CASES = [
    *(Case(f"export {TIMED} saved runs", each, prepare, values=1) for each, prepare in _TIMES.items()),
    *(
        Case("export, memory", f"{runs:,} runs", partial(_memory, runs), values=1, rounds=1, unit="byte")
        for runs in (100, 1_000)
    ),
]
