"""What the generated decoder accepts, what it refuses, and how it says so."""

import contextlib
import datetime
import decimal
import gc
import subprocess
import sys
from typing import Any

import msgspec
import pytest
from bluejay_api.decoding import decode
from bluejay_api.models import SimulationResultsResponse, SimulationRunStatus

from .. import builders

UTC = datetime.UTC


def _decoded(document: Any) -> SimulationResultsResponse:
    return decode(builders.encoded(document), SimulationResultsResponse)


def _with_duration(text: str) -> bytes:
    """A body whose one result has a duration that is spelled exactly so."""
    return builders.encoded(builders.response(builders.result(duration="@"))).replace(b'"@"', text.encode())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("81", 81),
        ("81.0", 81),
        ("8.1e1", 81),
        ("-0.0", 0),
        ("18446744073709551616", 2**64),
        ("1e30", int(1e30)),
    ],
)
def test_an_integer_may_be_written_in_any_way(text: str, value: int) -> None:
    results = decode(_with_duration(text), SimulationResultsResponse).simulation_results
    assert results is not None
    assert results[0].duration == value
    assert type(results[0].duration) is int


@pytest.mark.parametrize("text", ["81.5", "1e400", "true", '"81"', "[]", "{}"])
def test_what_is_no_integer_is_refused_with_its_path(text: str) -> None:
    with pytest.raises(
        msgspec.ValidationError, match=r"Expected `int \| null`.*\$\.simulation_results\[0\]\.duration"
    ):
        decode(_with_duration(text), SimulationResultsResponse)


def test_an_integer_written_81_0_does_not_excuse_a_wrong_value_elsewhere() -> None:
    document = builders.response(builders.result(duration=81.0, digital_human_id="7"))
    with pytest.raises(msgspec.ValidationError, match=r"\$\.simulation_results\[0\]\.digital_human_id"):
        _decoded(document)


@pytest.mark.parametrize("text", ["1e400", "-1e9223372036854775803"])
def test_a_number_that_no_double_holds_is_refused_where_a_number_is_due(text: str) -> None:
    body = builders.encoded(
        builders.response(builders.result(evaluations=[builders.evaluation(sentiment_score="@")]))
    )
    with pytest.raises(msgspec.ValidationError, match=r"evaluations\[0\]\.sentiment_score"):
        decode(body.replace(b'"@"', text.encode()), SimulationResultsResponse)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e400", "1e400"),
        ("1e9223372036854775803", "Infinity"),  # no Decimal holds these two
        ("-1e9223372036854775803", "-Infinity"),
    ],
)
def test_a_number_that_no_double_holds_is_kept_in_a_free_form_object(text: str, value: str) -> None:
    body = builders.encoded(builders.response(builders.result(result={"huge": "@"}))).replace(
        b'"@"', text.encode()
    )
    results = decode(body, SimulationResultsResponse).simulation_results
    assert results is not None
    assert results[0].result == {"huge": decimal.Decimal(value)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-19T16:04:10Z", datetime.datetime(2026, 11, 19, 16, 4, 10, tzinfo=UTC)),
        ("2026-11-19t16:04:10z", datetime.datetime(2026, 11, 19, 16, 4, 10, tzinfo=UTC)),
        ("2026-11-19T16:04:10.123456789Z", datetime.datetime(2026, 11, 19, 16, 4, 10, 123456, tzinfo=UTC)),
        ("2026-11-19T21:34:10+05:30", datetime.datetime(2026, 11, 19, 16, 4, 10, tzinfo=UTC)),
        ("2026-11-19T16:04:10-00:00", datetime.datetime(2026, 11, 19, 16, 4, 10, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime.datetime(2016, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2016-12-31T15:59:60.5-08:00", datetime.datetime(2016, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2026-11-19T16:04:10", datetime.datetime(2026, 11, 19, 16, 4, 10, tzinfo=UTC)),
        ("2026-11-19T16:04:10.5", datetime.datetime(2026, 11, 19, 16, 4, 10, 500000, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_every_form_and_has_a_zone(text: str, expected: datetime.datetime) -> None:
    """Without a zone it is UTC; that and no other deviation from RFC 3339 is accepted."""
    time = _decoded(builders.response(created_at=text)).simulation_run.created_at
    assert time == expected
    assert time.tzinfo is not None


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "",
        "2026-11-19",
        "2026-11-19 16:04:10Z",
        "2026-02-29T00:00:00Z",
        "2026-11-19T24:00:00Z",
        "2026-11-19T16:04:10.Z",
        "2026-11-19T16:04:10+24:00",
        "2026-11-19T16:04:60Z",
        "2026-11-19T16:04:0,Z",
        "20261119T160410Z",
        "２026-11-19T16:04:10Z",  # noqa: RUF001 - a digit, but none of RFC 3339's
        1763568250,
        {},
    ],
)
def test_what_is_no_time_is_refused_with_its_path(text: object) -> None:
    with pytest.raises(
        msgspec.ValidationError, match=r"Expected RFC 3339 date-time.*\$\.simulation_run\.created_at"
    ):
        _decoded(builders.response(created_at=text))


@pytest.mark.parametrize("value", ["NEVER_LISTED", " never listed\n", " RUNNING "])
def test_an_unknown_enum_value_is_kept_as_it_came_and_tells_that_it_is_unknown(value: str) -> None:
    status = _decoded(builders.response(status=value)).simulation_run.status
    assert status == value
    assert isinstance(status, SimulationRunStatus)
    assert (status.value, status.is_known, hash(status)) == (value, False, hash(value))


def test_a_known_enum_value_is_its_member() -> None:
    status = _decoded(builders.response(status="RUNNING")).simulation_run.status
    assert status is SimulationRunStatus.RUNNING
    assert status.is_known


def test_an_enum_value_of_another_type_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\.simulation_run\.status"):
        _decoded(builders.response(status=5))


@pytest.mark.parametrize("field", ["id", "created_at"])
def test_null_is_refused_where_a_field_may_only_be_absent(field: str) -> None:
    document = builders.response(builders.result(evaluations=[builders.evaluation(**{field: None})]))
    with pytest.raises(msgspec.ValidationError, match=rf"evaluations\[0\]\.{field}"):
        _decoded(document)


def test_a_missing_required_field_is_named_with_its_path() -> None:
    document = builders.response(builders.result(events=[{"title": "interruption"}]))
    with pytest.raises(
        msgspec.ValidationError,
        match=r"required field `start_offset_ms` - at `\$\.simulation_results\[0\]\.events\[0\]`",
    ):
        _decoded(document)


def test_a_wrong_value_deep_in_a_list_is_named_with_its_path() -> None:
    events = [{"title": "interruption", "start_offset_ms": 1}, {"title": "silence", "start_offset_ms": "1"}]
    with pytest.raises(
        msgspec.ValidationError, match=r"\$\.simulation_results\[0\]\.events\[1\]\.start_offset_ms"
    ):
        _decoded(builders.response(builders.result(events=events)))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>", id="html"),
        pytest.param(b'{"simulation_run": {', id="truncated"),
        pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
        pytest.param(b"{} {}", id="two documents"),
        pytest.param(b'{"extra": "\xff"}', id="not UTF-8"),
        pytest.param(b'{"extra": NaN}', id="NaN"),
        pytest.param(b"[" * 100_000, id="deep nesting"),
        pytest.param(b'{"simulation_run":' + b"1" * 5000 + b"}", id="endless integer"),
    ],
)
def test_what_is_no_json_is_a_decode_error(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(body, SimulationResultsResponse)


def test_bytes_that_are_not_utf8_are_refused_even_in_a_field_that_no_model_holds() -> None:
    body = builders.encoded(builders.response(extra="@")).replace(b'"@"', b'"\xff"')
    with pytest.raises(msgspec.DecodeError, match="utf-8"):
        decode(body, SimulationResultsResponse)


@pytest.mark.parametrize("body", [builders.encoded(builders.response()), b"{"])
def test_the_search_for_garbage_goes_on_after_decoding_if_it_did_before(body: bytes) -> None:
    with contextlib.suppress(msgspec.DecodeError):
        decode(body, SimulationResultsResponse)
    assert gc.isenabled()


def test_it_stays_off_where_it_was() -> None:
    gc.disable()
    try:
        decode(builders.encoded(builders.response()), SimulationResultsResponse)
        assert not gc.isenabled()
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


def test_threads_may_decode_for_the_first_time_at_the_same_time() -> None:
    """Without a lock around it msgspec takes the process down."""
    done = subprocess.run([sys.executable, "-c", FIRST_DECODES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
