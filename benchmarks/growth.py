"""Whether time and memory grow with the conversations and not faster."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from .build import FULL, SHORT, full, short
from .case import Case, command, command_memory
from .startup import BIN

_DECODE = "import sys; from bluejay_results import SimulationRun; SimulationRun.from_file(sys.argv[1])"
COMMANDS: dict[str, tuple[str, ...]] = {
    "decode": (sys.executable, "-c", _DECODE),
    "show": (f"{BIN}/bluejay-results", "show"),
    "check": (f"{BIN}/bluejay-contract", "check", "--max-bytes", "1000000000"),
}
SERIES: dict[str, tuple[tuple[int, ...], Callable[[int], Path]]] = {
    "7 kB": (FULL[1:], full),
    "130 bytes": (SHORT, short),
}


def group(name: str, conversation: str, figure: str) -> str:
    """Name a group, such as `decode, 7 kB each, memory`."""
    return f"{name}, {conversation} each, {figure}"


def _cases(name: str, conversation: str, figure: str) -> list[Case]:
    counts, file = SERIES[conversation]
    measure, unit, rounds = (command, "second", 3) if figure == "time" else (command_memory, "byte", 1)
    return [
        Case(
            group(name, conversation, figure),
            f"{count:,}",
            partial(measure, *COMMANDS[name], str(file(count))),
            values=1,
            rounds=rounds,
            unit=unit,
        )
        for count in counts
    ]


GROUPS = [(name, each, what) for name in COMMANDS for each in SERIES for what in ("time", "memory")]
CASES = [case for name, each, what in GROUPS for case in _cases(name, each, what)]
