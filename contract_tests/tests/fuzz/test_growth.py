"""The work for a hostile body grows in proportion to its size, or the body is refused."""

import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import Any

import pytest
from benchmarks.shapes import SHAPES, Shape
from bluejay_results import BluejayError, SimulationRun
from bluejay_results.gate import Rules, gate
from bluejay_results.gate.reports import comment, junit
from bluejay_results.json_output import to_json
from bluejay_results.report import html_report

SMALL = 1_000
"""The size of the smallest body, in bytes; the others are two and four times as large."""


def _steps(do: Callable[[], object]) -> int:
    """Count the bytecode instructions that a call executes.

    The garbage collector would run finalizers and callbacks of other tests' objects meanwhile.
    """
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    gc.disable()
    sys.settrace(trace)
    try:
        do()
    finally:
        sys.settrace(before)
        gc.enable()
    return count


def _all_outputs(shape: Shape, size: int) -> None:
    """Make every output about a run, compared with a base run of the same shape."""
    body = shape(size)
    with suppress(BluejayError):
        run, base = (
            SimulationRun.from_bytes(each, on_violation="collect")
            for each in (body, body.replace(b'"48221"', b'"48220"', 1))
        )
        verdict = gate(run, Rules(max_void=100, no_counters=True), base=base)
        to_json(verdict), junit(verdict), comment(verdict), to_json(run)
        html_report(run, Rules())


@pytest.mark.parametrize("shape", SHAPES)
def test_the_work_for_a_hostile_body_grows_no_faster_than_its_size(shape: str) -> None:
    _all_outputs(SHAPES[shape], SMALL)  # fills the caches
    small, middle, large = (
        _steps(partial(_all_outputs, SHAPES[shape], size)) for size in (SMALL, 2 * SMALL, 4 * SMALL)
    )
    assert large - middle <= 2.2 * max(middle - small, 0) + 1_000
