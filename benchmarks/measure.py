"""Measures cases: pyperf measures each round in its own process, and a group's cases take turns.

A machine's load changes, so only values that were measured at about the same time can be compared. pyperf's
own loop over processes isn't used, because it finishes one case before it starts the next.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from statistics import median

import pyperf

from .build import ROOT
from .case import Case

Figures = dict[str, list[float]]
"""The median of each round, by case name."""


def measure(cases: Iterable[Case]) -> Figures:
    """Measure the cases; cases in the same group must be adjacent."""
    figures: Figures = {}
    for name, members in groupby(cases, key=lambda case: case.group):
        group = list(members)
        sys.stderr.write(f"{name}\n")
        for turn in range(max(case.rounds for case in group)):
            for case in group:
                if turn < case.rounds:
                    figures.setdefault(case.name, []).append(_value(case))
    return figures


def _value(case: Case) -> float:
    warmups = 1 if case.values > 1 else 0
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "run.json"
        command = [sys.executable, "-m", "benchmarks.worker", case.name, "--worker", "--output", str(output)]
        command += ["--loops", str(case.loops), "--values", str(case.values), "--warmups", str(warmups)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: S603 - our own
        if done.returncode:
            raise RuntimeError(f"{case.name} failed:\n{done.stdout}{done.stderr}")
        values: tuple[float, ...] = pyperf.Benchmark.load(str(output)).get_values()
        return median(values)
