"""Measures the commands with hostile bodies of 7 MB beside a usual one, and writes benchmarks/HOSTILE.md.

Usage: python -m benchmarks.hostile [SHAPE ...]

With shapes, it measures only these and writes nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from attrs import frozen

from .build import ROOT, usual_body
from .shapes import SHAPES

PAGE = ROOT / "benchmarks" / "HOSTILE.md"
COMMAND = Path(sys.executable).with_name("bluejay-results")
CONVERSATIONS = 1_000
"""The number of conversations in the usual body, of 7 kB each."""
MAX_TIME, MAX_MEMORY = 10, 2
"""The goals: the maximum ratios to the usual body."""
VERDICTS = {0, 1, 6}
"""The exit codes of `gate` that state a decision."""
COMMANDS = {
    "gate": ("gate", "run.json", "--max-void", "100"),
    "gate --base": ("gate", "run.json", "--max-void", "100", "--base", "base.json"),
    "report": ("report", "run.json", "-o", "run.html"),
    "compare": ("compare", "base.json", "run.json"),
}
_TEXT = f"""# Hostile bodies

`make hostile` writes this page. Each shape in `benchmarks/shapes.py` repeats one small part
of a run until the body has 7 MB, like the usual body, which has {CONVERSATIONS:,} conversations of the stub's
scenario `large`. A base run has the shape of its run. Time is the processor time of the whole process, and
memory is its peak resident set size. Each ratio compares with the same command and the usual body. The goals
are a ratio of at most {MAX_TIME} for time and {MAX_MEMORY} for memory.

"""
_SMALL = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, code)
"""
"""A small process that starts the command, because on Linux, a process inherits its parent's peak."""


@frozen
class Figures:
    """What a command needed.

    Attributes:
        seconds: The processor time.
        mb: The peak resident set size, in MB.
        code: The exit code.
        error: The first line on stderr.
    """

    seconds: float
    mb: float
    code: int
    error: str


def _measured(command: str, folder: Path) -> Figures:
    arguments = [sys.executable, "-c", _SMALL, str(COMMAND), *COMMANDS[command]]
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    if "Traceback" in done.stderr:
        raise RuntimeError(done.stderr)
    seconds, kib, code = done.stdout.split()
    line = re.sub(r"^bluejay-results: (\w+\.json: )?", "", done.stderr.partition("\n")[0]).replace("|", "\\|")
    return Figures(float(seconds), int(kib) / 1024, int(code), line)


def _all(body: bytes) -> dict[str, Figures]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "run.json").write_bytes(body)
        (folder / "base.json").write_bytes(re.sub(rb'"id": ?"\d', b'"id":"9', body, count=1))
        return {each: _measured(each, folder) for each in COMMANDS}


def _row(shape: str, figures: dict[str, Figures], usual: dict[str, Figures]) -> tuple[str, bool]:
    """Return a row of the table, and whether the shape meets the goals."""
    cells, is_met = [shape], True
    for name, each in figures.items():
        time, memory = each.seconds / usual[name].seconds, each.mb / usual[name].mb
        cells += [f"{each.seconds:.2f}", f"{time:.2f}", f"{each.mb:.0f}", f"{memory:.2f}"]
        is_met &= time <= MAX_TIME and memory <= MAX_MEMORY
    return f"| {' | '.join([*cells, _refusals(figures), 'met' if is_met else '**missed**'])} |", is_met


def _refusals(figures: dict[str, Figures]) -> str:
    found: dict[str, list[str]] = {}
    for name, each in figures.items():
        if each.code not in VERDICTS:
            found.setdefault(each.error, []).append(name)
    return "; ".join(f"{', '.join(names)}: {error}" for error, names in found.items())


def main(*names: str) -> int:
    """Measure the shapes; return 1 if one of them misses a goal."""
    body = usual_body(CONVERSATIONS)
    usual = _all(body)
    columns = [f"{each}: {figure}" for each in COMMANDS for figure in ("s", "ratio", "MB", "ratio")]
    head = f"| shape | {' | '.join(columns)} | refused by | goals |\n|---|{'--:|' * len(columns)}---|---|"
    found = [_row("usual body", usual, usual)]
    for shape in names or SHAPES:
        found.append(_row(shape, _all(SHAPES[shape](len(body))), usual))
        sys.stderr.write(f"{found[-1][0]}\n")
    table = "\n".join([head, *(row for row, _ in found)])
    if names:
        sys.stdout.write(f"{table}\n")
    else:
        PAGE.write_text(f"{_TEXT}{table}\n")
    return int(not all(is_met for _, is_met in found))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
