"""The cost of short processes: imports and commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from .build import CODE, full
from .case import Case, Measure, command, run

BIN = Path(sys.executable).parent
IMPORTS = {
    "ours": "import bluejay_results",
    "ours, with a client": "from bluejay_results import BluejayClient",
    "httpx": "import httpx",
    "openapi-python-client": "import stock_client.api.simulation_results.retrieve_simulation_results",
    "bluejay-sdk": "from bluejay import Bluejay",
}
COMMANDS = {
    "bluejay-results --help": (f"{BIN}/bluejay-results", "--help"),
    "bluejay-results show FILE, 70 kB": (f"{BIN}/bluejay-results", "show", str(full(10))),
    "import typer": (sys.executable, "-c", "import typer"),
}
_TIMED = "import time; start = time.process_time(); {}; print(time.process_time() - start)"


def _importing(statement: str) -> Measure:
    """Return a function that measures how long an import takes, without Python's own startup."""
    os.environ["PYTHONPATH"] = str(CODE)
    script = _TIMED.format(statement)
    return lambda loops: sum(float(run(sys.executable, "-c", script)) for _ in range(loops))


def _cases(group: str, prepare: dict[str, Callable[[], Measure]]) -> list[Case]:
    return [Case(group, name, each, values=5, rounds=9) for name, each in prepare.items()]


CASES = [
    *_cases("import", {name: partial(_importing, each) for name, each in IMPORTS.items()}),
    *_cases("start", {name: partial(command, *each) for name, each in COMMANDS.items()}),
]
