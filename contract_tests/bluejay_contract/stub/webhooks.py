"""Deliveries of webhooks, signed as the service signs them, and faults that a test can ask for."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import uuid4

import httpx

from .scenarios.conversation import Document

_TIMEOUT = 5.0
"""Seconds in which a receiver must respond."""

_COPIED = ("status", "result", "evaluations", "events", "start_time", "end_time")
"""The fields that an event copies from the result unchanged."""


@dataclass(frozen=True)
class Delivery:
    """One delivery.

    Attributes:
        event: The type of the event.
        body: The body.
        signature: The signature in the header.
        id: The id in the header.
    """

    event: str
    body: bytes
    signature: str
    id: str

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the request."""
        return {
            "Content-Type": "application/json",
            "X-Bluejay-Signature": self.signature,
            "X-Bluejay-Event": self.event,
            "X-Bluejay-Delivery": self.id,
        }

    def send(self, url: str) -> int | None:
        """Post the delivery and return the response's status; None if no response came within 5 seconds."""
        try:
            with httpx.Client(trust_env=False, timeout=_TIMEOUT) as client:
                return client.post(url, content=self.body, headers=dict(self.headers)).status_code
        except httpx.TransportError:
            return None


def signed(event: Document, secret: str) -> Delivery:
    """Return the delivery of an event, signed with a secret."""
    body = json.dumps(event).encode()
    return Delivery(event["type"], body, _signature(body, secret), str(uuid4()))


def _signature(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _changed(change: Callable[[Delivery], Iterable[Delivery]]) -> "_Fault":
    return lambda deliveries: [each for delivery in deliveries for each in change(delivery)]


_Fault = Callable[[list[Delivery]], Iterable[Delivery]]
FAULTS: Mapping[str, _Fault] = MappingProxyType(
    {
        "none": list,
        "twice": _changed(lambda each: (each, each)),
        "out of order": reversed,
        "forged": _changed(lambda each: [replace(each, signature=_signature(each.body, "forged"))]),
        "cut": _changed(lambda each: [replace(each, body=each.body[: len(each.body) // 2])]),
    }
)
"""The faults of deliveries. For late deliveries, `send_all` has the argument `delay`."""


def events_of(run_id: str, pages: Iterable[bytes]) -> list[Document]:
    """Return two events for each conversation of a run: that it ended, and that it was evaluated."""
    return [event for page in pages for event in _events_of(run_id, json.loads(page))]


def _events_of(run_id: str, whole: Document) -> list[Document]:
    run = whole["simulation_run"]
    events = []
    for result in whole["simulation_results"] or ():
        ids = {
            "id": result["id"],
            "digital_human_id": result.get("digital_human_id") or 0,
            "simulation_run_id": int(run_id),
        }
        copied = {name: result.get(name) for name in _COPIED}
        copied |= {"created_at": run["created_at"], "duration": (result.get("duration") or 0) // 1000}
        times = {name: copied[name] for name in ("created_at", "start_time", "end_time", "duration")}
        ended = {"type": "simulation_ended", **ids, "status": "CONVERSATION_ENDED", **times}
        evaluated = {"type": "simulation_result_evaluated", **ids, **copied}
        evaluated |= {"simulation_id": int(run["simulation_id"]), "agent_id": 17}
        evaluated |= {"tool_calls": list(_calls(result)), "folder_id": None}
        evaluated |= {"custom_metrics": [], "latency": [], "tags": [], "metadata": {}}
        events += [ended, evaluated]
    return events


def _calls(result: Document) -> Iterator[Document]:
    """Yield the calls that the agent made, as an event lists them: flat, without the expected calls."""
    for group in result.get("tool_calls") or ():
        for call in group.get("actual") or ():
            offset = call.get("start_offset_ms") or 0
            call = {"parameters": call.get("parameters"), "output": call.get("output")}
            yield {"name": group["name"], "start_offset_ms": offset, "description": None, **call}


def send_all(url: str, events: Iterable[Document], secret: str, fault: str, delay: float) -> list[int | None]:
    """Deliver events one after another, pausing before each; apply the fault, and return the statuses."""
    if fault not in FAULTS:
        raise ValueError(f"fault must be one of {', '.join(FAULTS)}, got {fault!r}")
    statuses = []
    for each in FAULTS[fault]([signed(event, secret) for event in events]):
        time.sleep(delay)
        statuses.append(each.send(url))
    return statuses
