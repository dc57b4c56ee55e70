"""Measures whether time and memory grow linearly with the number of conversations, and not faster."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time

from .build import FULL, SHORT, full, short
from .case import Case, Measure, command, command_memory, timed
from .startup import BIN

SERIES: dict[str, tuple[tuple[int, ...], Callable[[int], Path]]] = {
    "7 kB": (FULL[1:], full),
    "150 bytes": (SHORT, short),
}
"""The numbers of conversations to measure, and a function, by conversation size.

The function takes a number of conversations and returns the path of the run's file.
"""

_DECODE = "import sys; from bluejay_results import SimulationRun; SimulationRun.from_file(sys.argv[1])"
COMMANDS: dict[str, tuple[str, ...]] = {
    "decode": (sys.executable, "-c", _DECODE),
    "show": (f"{BIN}/bluejay-results", "show"),
    "check": (f"{BIN}/bluejay-contract", "check"),
}


INCOMPLETE = "run.incomplete"


def group(name: str, conversation: str, figure: str) -> str:
    """Return a group's name, such as `decode memory, 7 kB per conversation`."""
    return f"{name} {figure}, {conversation} per conversation"


def _decoding(file: str) -> Measure:
    from bluejay_results import SimulationRun

    return timed(partial(SimulationRun.from_file, file), process_time)


def _incomplete(file: str) -> Measure:
    from bluejay_results import SimulationRun
    from bluejay_results.results.result import to_fetch_by_id

    run = SimulationRun.from_file(file)
    return timed(partial(to_fetch_by_id, run.results), process_time)  # not `run.incomplete`, which is cached


def _cases(name: str, conversation: str, figure: str) -> list[Case]:
    counts, file = SERIES[conversation]
    return [
        Case(
            group(name, conversation, figure),
            f"{count:,}",
            _prepare(name, figure, str(file(count))),
            values=1,
            rounds=3 if figure == "time" else 1,
            unit="second" if figure == "time" else "byte",
        )
        for count in counts
    ]


def _prepare(name: str, figure: str, file: str) -> Callable[[], Measure]:
    if figure == "memory":
        return partial(command_memory, *COMMANDS[name], file)
    # Process startup would hide the short time that 10,000 short conversations take.
    in_process = {"decode": _decoding, INCOMPLETE: _incomplete}
    return partial(in_process[name], file) if name in in_process else partial(command, *COMMANDS[name], file)


GROUPS = [(name, each, what) for name in COMMANDS for each in SERIES for what in ("time", "memory")]
GROUPS.append((INCOMPLETE, "150 bytes", "time"))
CASES = [case for name, each, what in GROUPS for case in _cases(name, each, what)]
