"""Deliveries over HTTP from the stub to a receiver: whole, repeated, out of order, forged and cut."""

from collections.abc import Iterator

import pytest
from bluejay_contract.stub import SCENARIOS, Stub
from bluejay_results.webhooks import (
    Deliveries,
    SimulationEnded,
    SimulationResultEvaluated,
    WebhookEvent,
    parse,
)

from .receiver import SECRET, receiver

RUN = SCENARIOS["settled"].run_id


@pytest.fixture
def events() -> list[WebhookEvent]:
    return []


@pytest.fixture
def url(events: list[WebhookEvent]) -> Iterator[str]:
    with receiver(events.append) as address:
        yield address


def test_each_delivery_arrives_as_a_typed_event_of_its_run(
    bluejay_stub: Stub, url: str, events: list[WebhookEvent]
) -> None:
    assert set(bluejay_stub.deliver(url, SECRET, RUN)) == {204}
    assert {event.run_id for event in events} == {RUN}
    assert [type(event.data) for event in events[:2]] == [SimulationEnded, SimulationResultEvaluated]


@pytest.mark.parametrize("fault", ["forged", "cut"])
def test_a_delivery_whose_signature_does_not_match_is_refused(
    bluejay_stub: Stub, url: str, events: list[WebhookEvent], fault: str
) -> None:
    assert set(bluejay_stub.deliver(url, SECRET, RUN, fault=fault)) == {401}
    assert events == []


@pytest.mark.parametrize(("fault", "repeats"), [("none", 0), ("out of order", 0), ("twice", 1)])
def test_only_the_second_of_two_deliveries_with_one_id_is_a_repeat(
    bluejay_stub: Stub, url: str, events: list[WebhookEvent], fault: str, repeats: int
) -> None:
    bluejay_stub.deliver(url, SECRET, RUN, fault=fault)
    deliveries = Deliveries()
    found = [deliveries.is_new(event) for event in events]
    assert found == ([True, *[False] * repeats] * len(found))[: len(found)]


def _event(number: int, delivery_id: str | None = None) -> WebhookEvent:
    return parse(b'{"type": "new", "number": %d}' % number, delivery_id=delivery_id)


@pytest.mark.parametrize(
    ("bodies", "ids", "new"),
    [
        ((1, 1), ("a", "b"), [True, False]),
        ((1, 2), ("a", "a"), [True, False]),
        ((1, 2, 1), (None, None, None), [True, True, False]),
    ],
    ids=["a body with another id", "another body with the same id", "bodies without an id"],
)
def test_a_delivery_with_a_seen_body_or_a_seen_id_is_a_repeat(
    bodies: tuple[int, ...], ids: tuple[str | None, ...], new: list[bool]
) -> None:
    deliveries = Deliveries()
    assert [deliveries.is_new(_event(*each)) for each in zip(bodies, ids, strict=True)] == new


def test_the_oldest_deliveries_are_forgotten_first() -> None:
    deliveries = Deliveries(size=2)
    seen = [_event(number, str(number)) for number in range(3)]
    assert all(map(deliveries.is_new, seen))
    assert not deliveries.is_new(seen[1])
    assert deliveries.is_new(seen[0])
