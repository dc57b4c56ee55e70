"""Waiting with a queue of webhook events: an event is a hint, and the service decides."""

import asyncio
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    AsyncBluejayClient,
    ConfigurationError,
    RunProgress,
    SimulationRun,
    WaitTimeoutError,
)
from bluejay_results.webhooks import WebhookEvent, parse

from .. import builders
from ..webhooks.receiver import SECRET, receiver
from .answers import RUNNING, SETTLED
from .conftest import MakeReader, ManualClock, Reader

RUN = "48213"
EVALUATED = parse(builders.encoded({"type": "new", "simulation_run_id": int(RUN)}))
OF_ANOTHER_RUN = parse(builders.encoded({"type": "new", "simulation_run_id": 1}))

MakeQueue = Callable[..., Any]


@pytest.fixture
def make_queue(reader: Reader) -> MakeQueue:
    """Return a function that makes a queue of the kind that the client takes, and puts items into it."""

    def make(*items: object) -> Any:
        made: Any = asyncio.Queue() if reader.is_async else queue.Queue()
        for each in items:
            made.put_nowait(each)
        return made

    return make


@pytest.mark.parametrize("count", [1, 500])
def test_events_of_the_run_cause_one_poll_after_a_second(
    reader: Reader, stub: Stub, clock: ManualClock, make_queue: MakeQueue, count: int
) -> None:
    stub.serve(RUN, RUNNING, SETTLED)
    assert reader.wait(RUN, poll_interval=60, events=make_queue(*[EVALUATED] * count)).is_settled
    assert clock.slept == [1]


def test_an_event_never_lengthens_the_pause_before_the_next_poll(
    reader: Reader, stub: Stub, clock: ManualClock, make_queue: MakeQueue
) -> None:
    stub.serve(RUN, RUNNING, SETTLED)
    assert reader.wait(RUN, poll_interval=0.5, events=make_queue(EVALUATED)).is_settled
    assert clock.slept == [0.5]


@pytest.mark.parametrize("events", [[], [OF_ANOTHER_RUN]], ids=["no event", "an event of another run"])
def test_without_an_event_of_the_run_the_wait_polls_at_its_interval(
    reader: Reader, stub: Stub, clock: ManualClock, make_queue: MakeQueue, events: list[WebhookEvent]
) -> None:
    stub.serve(RUN, RUNNING, SETTLED)
    assert reader.wait(RUN, poll_interval=60, events=make_queue(*events)).is_settled
    assert sum(clock.slept) == pytest.approx(60)


def test_an_event_does_not_settle_a_run_that_the_service_still_evaluates(
    reader: Reader, stub: Stub, make_queue: MakeQueue
) -> None:
    stub.serve(RUN, RUNNING)
    with pytest.raises(WaitTimeoutError) as caught:
        reader.wait(RUN, timeout=30, events=make_queue(EVALUATED))
    assert caught.value.run
    assert caught.value.run.results[0].status == "EVALUATING"


def test_an_event_does_not_shorten_the_pause_that_the_service_asks_for(
    make_reader: MakeReader, stub: Stub, clock: ManualClock, make_queue: MakeQueue
) -> None:
    stub.serve(RUN, RUNNING, Answer(b"", 429, {"retry-after": "20"}), SETTLED)
    events = make_queue()

    def arrive(_: object) -> None:
        events.put_nowait(EVALUATED)

    make_reader(retries=0).wait(RUN, poll_interval=60, events=events, on_fault=arrive)
    assert clock.slept == [60, 20]


def test_a_queue_of_another_kind_is_refused_before_anything_is_sent(reader: Reader, stub: Stub) -> None:
    other = queue.Queue[WebhookEvent]() if reader.is_async else asyncio.Queue[WebhookEvent]()
    with pytest.raises(ConfigurationError, match=r"events must be of type (queue|asyncio)\.Queue, got Queue"):
        reader.wait(RUN, events=other)
    assert stub.requests == []


def test_an_item_that_is_no_event_is_refused(reader: Reader, stub: Stub, make_queue: MakeQueue) -> None:
    stub.serve(RUN, RUNNING)
    with pytest.raises(ConfigurationError, match="an event that `receive` returned, got dict"):
        reader.wait(RUN, events=make_queue({"type": "simulation_ended"}))


@contextmanager
def _delivering(stub: Stub, url: str, fault: str) -> Iterator[Callable[[RunProgress], None]]:
    """Yield an `on_update` that has the stub send a delivery after the first poll; wait until it is sent."""
    event, threads = {"type": "new", "simulation_run_id": int(RUN)}, list[Thread]()

    def deliver(progress: RunProgress) -> None:
        if progress.run is None:
            options: dict[str, Any] = {"events": [event], "fault": fault, "delay": 0.05}
            threads.append(Thread(target=stub.deliver, args=(url, SECRET), kwargs=options))
            threads[-1].start()

    yield deliver
    for each in threads:
        each.join()


@pytest.mark.parametrize("fault", ["none", "twice"])
def test_a_delivery_over_http_wakes_a_blocking_wait(stub: Stub, fault: str) -> None:
    stub.serve(RUN, RUNNING, SETTLED)
    events = queue.Queue[WebhookEvent]()
    with (
        receiver(events.put) as url,
        _delivering(stub, url, fault) as on_update,
        stub.client() as client,
    ):
        assert client.wait(RUN, poll_interval=1000, events=events, on_update=on_update).is_settled


def test_a_delivery_over_http_wakes_an_asynchronous_wait(stub: Stub) -> None:
    stub.serve(RUN, RUNNING, SETTLED)

    async def wait() -> SimulationRun:
        events, loop = asyncio.Queue[WebhookEvent](), asyncio.get_running_loop()

        def take(event: WebhookEvent) -> None:
            loop.call_soon_threadsafe(events.put_nowait, event)

        with receiver(take) as url, _delivering(stub, url, "none") as on_update:
            async with AsyncBluejayClient(stub.api_key, stub.url) as client:
                return await client.wait(RUN, poll_interval=1000, events=events, on_update=on_update)

    assert asyncio.run(wait()).is_settled
