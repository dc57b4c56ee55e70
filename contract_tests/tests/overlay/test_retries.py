"""Which errors are retried, after which pause, and how often."""

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import BluejayError, ConnectionFailedError, RateLimitError, ServerError
from bluejay_results.client.deadline import Deadline
from bluejay_results.client.retries import Retries

from .. import builders
from .answers import listed
from .conftest import MakeReader, ManualClock, Reader

GOOD = listed(builders.result())


DEFAULT = (0.5, 1.0)


@pytest.mark.parametrize(
    ("headers", "slept"),
    [
        ({"date": "Wed, 21 Oct 2015 07:28:00 GMT", "retry-after": "Wed, 21 Oct 2015 07:28:07 GMT"}, (7, 7)),
        ({"date": "yesterday", "retry-after": "Thu, 19 Nov 2026 16:04:05 GMT"}, (5, 5)),
        ({"date": "", "retry-after": "Thu, 19 Nov 2026 18:04:04 +0200"}, (4, 4)),
        ({"date": "", "retry-after": "Thu Nov 19 16:04:06 2026"}, (6, 6)),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, (0, 0)),
        ({"retry-after": "7"}, (7, 7)),
        ({"retry-after": "soon"}, DEFAULT),
        ({"retry-after": "-5"}, DEFAULT),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 +99999999999999999999"}, DEFAULT),
    ],
)
def test_the_server_can_set_the_pause_before_a_retry_in_seconds_or_as_a_date(
    reader: Reader, stub: Stub, clock: ManualClock, headers: dict[str, str], slept: tuple[float, float]
) -> None:
    """If the value is invalid, the client uses its default pause."""
    stub.serve("48213", Answer(body=b"", status=503, headers=headers), GOOD)
    reader.retrieve("48213")
    [pause] = clock.slept
    assert slept[0] <= pause <= slept[1]


@pytest.mark.parametrize(
    ("status", "requests"),
    [
        *((status, 2) for status in (429, 500, 502, 503, 504)),
        *((status, 1) for status in (200, 401, 403, 404, 418, 422, 501, 520)),
    ],
)
def test_only_transient_errors_are_retried(
    make_reader: MakeReader, stub: Stub, status: int, requests: int
) -> None:
    stub.serve("48213", Answer(body=b"{}", status=status))
    with pytest.raises(BluejayError):
        make_reader(retries=1).retrieve("48213")
    assert len(stub.requests) == requests


def test_pauses_double_and_retries_are_limited(
    make_reader: MakeReader, stub: Stub, clock: ManualClock
) -> None:
    stub.serve("48213", Answer(body=b"", status=500))
    with pytest.raises(ServerError):
        make_reader(retries=3).retrieve("48213")
    assert len(stub.requests) == 4
    assert [0.5 * 2**n <= pause <= 0.5 * 2**n + 0.5 for n, pause in enumerate(clock.slept)] == [True] * 3


def test_the_pause_never_exceeds_its_maximum(clock: ManualClock) -> None:
    retries = Retries(2_000, Deadline(clock, 1e6))
    pauses = [retries.pause_after(ConnectionFailedError("no")) for _ in range(2_000)]
    assert set(pauses[4:]) == {8.0}


@pytest.mark.parametrize(
    ("asked", "slept"), [("18", [18]), ("19", []), ("31536000", []), ("Wed, 21 Oct 2099 07:28:00 GMT", [])]
)
def test_the_client_does_not_pause_if_no_time_is_left_for_another_attempt(
    make_reader: MakeReader, stub: Stub, clock: ManualClock, asked: str, slept: list[float]
) -> None:
    """An attempt with less than a second left would time out, and its error would hide the earlier one."""
    stub.serve("48213", Answer(body=b"", status=429, headers={"retry-after": asked}))
    with pytest.raises(RateLimitError) as caught:
        make_reader(retries=1).retrieve("48213", timeout=20)
    assert clock.slept == slept
    assert (caught.value.retry_after or 0) >= 18
