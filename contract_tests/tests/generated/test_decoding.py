"""What the generated decoder accepts and rejects, and its error messages."""

import contextlib
import copy
import gc
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from attrs import evolve
from bluejay_api.decoding import decode
from bluejay_api.models import Evaluation, SimulationResultsResponse
from contract_kit.tests.tables import table

from .. import builders


@table(
    "body",
    [
        *(b"", b"<html>", b'{"simulation_run": {', b"{} {}", b'{"extra": NaN}'),
        b"\xef\xbb\xbf{}",  # a byte order mark
        b'{"extra": "\xff"}',
        builders.encoded(builders.response(extra="@")).replace(b"@", b"\xff"),
        b"[" * 100_000,
        builders.encoded(builders.response(total_tests=81.0, extra="\udc00")),  # half of a surrogate pair
        b'{"simulation_run":' + b"1" * 5000 + b"}",
    ],
)
def test_invalid_json_raises_a_decode_error(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(body, SimulationResultsResponse)


@pytest.mark.parametrize("body", [builders.encoded(builders.response()), b"{"])
@pytest.mark.parametrize("is_enabled", [True, False])
def test_decoding_does_not_change_whether_the_garbage_collector_is_enabled(
    body: bytes, is_enabled: bool
) -> None:
    if not is_enabled:
        gc.disable()
    try:
        with contextlib.suppress(msgspec.DecodeError):
            decode(body, SimulationResultsResponse)
        assert gc.isenabled() is is_enabled
    finally:
        gc.enable()


FIRST_DECODES = """
import sys, threading
from attrs import field, make_class
from bluejay_api.decoding import decode

sys.setswitchinterval(1e-6)
for _ in range(40):
    inner = make_class("Inner", {f"f{n}": field(type=int, default=1) for n in range(20)})
    outer = make_class("Outer", {f"g{n}": field(type=inner, default=None) for n in range(20)})
    barrier = threading.Barrier(8)
    threads = [threading.Thread(target=lambda: (barrier.wait(), decode(b"{}", outer))) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
"""


def test_several_threads_can_decode_a_model_for_the_first_time_at_once() -> None:
    """Without our lock around first decodes, msgspec would crash the process."""
    done = subprocess.run([sys.executable, "-c", FIRST_DECODES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _evaluation(**fields: Any) -> Evaluation:
    body = {"agent_speak_percentage": 1, "avg_agent_latency": 2} | fields
    return decode(json.dumps(body).encode(), Evaluation)


def _unpickled(model: Evaluation) -> Evaluation:
    again: Evaluation = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    return again


CORRECTION = {"human_goal_success": False, "last_edited_by": "7"}


@table("made", [copy.copy, copy.deepcopy, _unpickled, evolve])
def test_copying_a_model_keeps_its_correction_fields(made: Callable[[Evaluation], Evaluation]) -> None:
    corrected = _evaluation(**CORRECTION, goal_success=True)
    again = made(corrected)
    assert again == corrected
    assert (again.human_goal_success, again.last_edited_by, again.goal_success) == (False, "7", True)
