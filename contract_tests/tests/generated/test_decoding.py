"""What the generated decoder accepts and rejects, and its error messages."""

import contextlib
import copy
import datetime
import decimal
import gc
import json
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from attrs import evolve
from bluejay_api.decoding import decode
from bluejay_api.models import Evaluation, SimulationResultsResponse, SimulationRunStatus

from .. import builders

SECOND = datetime.datetime(2026, 11, 19, 16, 4, 10, tzinfo=datetime.UTC)
LEAP_SECOND = datetime.datetime(2016, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.UTC)


def _decoded(document: Any, **written: str) -> SimulationResultsResponse:
    """Decode a document after replacing each string "@name" with raw text that encoders don't write."""
    body = builders.encoded(document)
    for name, text in written.items():
        body = body.replace(f'"@{name}"'.encode(), text.encode())
    return decode(body, SimulationResultsResponse)


def _result(**fields: Any) -> builders.Document:
    return builders.response(builders.result(**fields))


def _evaluated(**fields: Any) -> builders.Document:
    return _result(evaluations=[builders.evaluation(**fields)])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((text, 81) for text in ("81", "81.0", "8.1e1")),
        ("-0.0", 0),
        ("18446744073709551616", 2**64),
        ("1e30", int(1e30)),
    ],
)
def test_an_integer_may_have_a_fraction_of_0_or_an_exponent(text: str, value: int) -> None:
    [result] = _decoded(_result(duration="@n"), n=text).simulation_results or []
    assert result.duration == value
    assert type(result.duration) is int


EVENTS = [{"title": "interruption", "start_offset_ms": 1}, {"title": "silence", "start_offset_ms": "1"}]
NO_TIMES: tuple[Any, ...] = (
    *("yesterday", "", "2026-11-19", "2026-11-19 16:04:10Z", "2026-02-29T00:00:00Z"),
    *("2026-11-19T24:00:00Z", "2026-11-19T16:04:10.Z", "2026-11-19T16:04:10+24:00"),
    *("2026-11-19T16:04:60Z", "2026-11-19T16:04:0,Z", "2026-11-19T16:04:10,5Z", "20261119T160410Z"),
    *("2026-W47-4T16:04:10Z", "20261119T16:04:10.5Z", "2026-11-19T24:00:00.5Z"),
    *("2026-11-19T16:04:10.123456xZ", "2026-11-19T16:04:10.1234567xZ"),
    "２026-11-19T16:04:10Z",  # noqa: RUF001 - a digit, but none of RFC 3339's
    1763568250,
    {},
)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        *((builders.response(created_at=each), "simulation_run.created_at") for each in NO_TIMES),
        (builders.response(status=5), "simulation_run.status"),
        (_result(duration=81.0, digital_human_id="7"), "simulation_results[0].digital_human_id"),
        (_evaluated(created_at=None), "simulation_results[0].evaluations[0].created_at"),
        (_result(events=EVENTS), "simulation_results[0].events[1].start_offset_ms"),
        (_result(events=[{"title": "interruption"}]), "simulation_results[0].events[0]"),
    ],
)
def test_a_value_that_the_contract_forbids_is_refused_with_its_path(document: Any, place: str) -> None:
    """For a missing field, the error contains the path of the field's object."""
    with pytest.raises(msgspec.ValidationError, match=re.escape(f" - at `$.{place}`")):
        _decoded(document)


@pytest.mark.parametrize(
    ("document", "texts", "place"),
    [
        (_result(duration="@n"), ("81.5", "81.00000000001", "1e400", "true", '"81"', "[]"), "].duration"),
        (_evaluated(sentiment_score="@n"), ("1e400", "-1e9223372036854775803"), "[0].sentiment_score"),
    ],
)
def test_a_number_that_is_too_large_is_refused_with_its_path(
    document: Any, texts: tuple[str, ...], place: str
) -> None:
    for each in texts:
        with pytest.raises(msgspec.ValidationError, match=re.escape(f"{place}`")):
            _decoded(document, n=each)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e400", "1e400"),
        ("1e9223372036854775803", "Infinity"),  # too large for a Decimal
        ("-1e9223372036854775803", "-Infinity"),
    ],
)
def test_a_number_too_large_for_a_double_is_kept_in_a_free_form_object(text: str, value: str) -> None:
    [result] = _decoded(_result(result={"huge": "@n"}), n=text).simulation_results or []
    assert result.result == {"huge": decimal.Decimal(value)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-19T16:04:10Z", SECOND),
        ("2026-11-19t16:04:10z", SECOND),
        ("2026-11-19T16:04:10.123456789Z", SECOND.replace(microsecond=123456)),
        ("2026-11-19T21:34:10+05:30", SECOND),
        ("2026-11-19T16:04:10-00:00", SECOND),
        ("2016-12-31T23:59:60Z", LEAP_SECOND),
        ("2016-12-31T15:59:60.5-08:00", LEAP_SECOND),
        ("2026-11-19T16:04:10", SECOND),
        ("2026-11-19T16:04:10.5", SECOND.replace(microsecond=500000)),
    ],
)
def test_every_date_time_format_is_parsed_as_an_aware_datetime(
    text: str, expected: datetime.datetime
) -> None:
    """A time without a zone is UTC. No other deviation from RFC 3339 is accepted."""
    time = _decoded(builders.response(created_at=text)).simulation_run.created_at
    assert time == expected
    assert time.tzinfo is not None


@pytest.mark.parametrize("value", [" never listed\n", " RUNNING ", "RUNNING"])
def test_an_undeclared_enum_value_is_kept_and_marked_as_unknown(value: str) -> None:
    status = _decoded(builders.response(status=value)).simulation_run.status
    assert status == value
    assert isinstance(status, SimulationRunStatus)
    assert status.value == value
    assert status.is_known is (status is SimulationRunStatus.RUNNING) is (value == "RUNNING")
    assert hash(status) == hash(value)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>", b'{"simulation_run": {', b"{} {}", b'{"extra": NaN}'),
        b"\xef\xbb\xbf{}",  # a byte order mark
        b'{"extra": "\xff"}',
        builders.encoded(builders.response(extra="@")).replace(b"@", b"\xff"),
        pytest.param(b"[" * 100_000, id="deep nesting"),
        builders.encoded(builders.response(total_tests=81.0, extra="\udc00")),  # half of a surrogate pair
        pytest.param(b'{"simulation_run":' + b"1" * 5000 + b"}", id="endless integer"),
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


@pytest.mark.parametrize("made", [copy.copy, copy.deepcopy, _unpickled, evolve])
def test_copying_a_model_keeps_its_correction_fields(made: Callable[[Evaluation], Evaluation]) -> None:
    corrected = _evaluation(**CORRECTION, goal_success=True)
    again = made(corrected)
    assert again == corrected
    assert (again.human_goal_success, again.last_edited_by, again.goal_success) == (False, "7", True)


def test_absent_correction_fields_have_defaults_but_are_not_set() -> None:
    """Setting each of them would make decoding 50% slower."""
    evaluation = _evaluation()
    assert vars(evaluation) == {}
    assert evaluation.human_goal_success is None
    assert evaluation == _evaluation(**dict.fromkeys(CORRECTION))
