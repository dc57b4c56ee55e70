"""Webhook deliveries, signed the way the service signs them, and faults that a test can request."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Iterator
from typing import TypeAlias
from uuid import uuid4

import httpx

from .scenarios.conversation import Document

FAULTS = ("none", "twice", "out of order", "forged", "cut")
"""The delivery faults. For late deliveries, use the `delay` argument of `send_all`."""

_TIMEOUT = 5.0
"""The timeout for a receiver's response, in seconds."""
_COPIED = ("status", "result", "evaluations", "events", "start_time", "end_time")
"""The fields that an event copies from the result unchanged."""
_Delivery: TypeAlias = tuple[bytes, dict[str, str]]
"""A body and its headers."""


def events_of(run_id: str, pages: Iterable[bytes]) -> list[Document]:
    """Return two events for each of a run's conversations: that it ended, and that it was evaluated."""
    return [event for page in pages for event in _events_of(run_id, json.loads(page))]


def _events_of(run_id: str, whole: Document) -> Iterator[Document]:
    run = whole["simulation_run"]
    for result in whole["simulation_results"] or ():
        ids = {
            "id": result["id"],
            "digital_human_id": result.get("digital_human_id") or 0,
            "simulation_run_id": int(run_id),
        }
        copied = {name: result.get(name) for name in _COPIED}
        copied |= {"created_at": run["created_at"], "duration": (result.get("duration") or 0) // 1000}
        times = {name: copied[name] for name in ("created_at", "start_time", "end_time", "duration")}
        yield {"type": "simulation_ended", **ids, "status": "CONVERSATION_ENDED", **times}
        evaluated = {"type": "simulation_result_evaluated", **ids, **copied}
        evaluated |= {"simulation_id": int(run["simulation_id"]), "agent_id": 17}
        evaluated |= {"tool_calls": list(_calls(result)), "folder_id": None}
        yield evaluated | {"custom_metrics": [], "latency": [], "tags": [], "metadata": {}}


def _calls(result: Document) -> Iterator[Document]:
    """Yield the calls that the agent made, in the event format: flat, without the expected calls."""
    for group in result.get("tool_calls") or ():
        for call in group.get("actual") or ():
            offset = call.get("start_offset_ms") or 0
            call = {"parameters": call.get("parameters"), "output": call.get("output")}
            yield {"name": group["name"], "start_offset_ms": offset, "description": None, **call}


def send_all(url: str, events: Iterable[Document], secret: str, fault: str, delay: float) -> list[int | None]:
    """Deliver events one after another, pausing before each; apply the fault, and return the statuses.

    The status is None if no response came within 5 seconds.
    """
    if fault not in FAULTS:
        raise ValueError(f"fault must be one of {', '.join(FAULTS)}, got {fault!r}")
    deliveries = [_signed(event, "forged" if fault == "forged" else secret) for event in events]
    if fault == "out of order":
        deliveries.reverse()
    statuses: list[int | None] = []
    for body, headers in deliveries:
        for _ in range(2 if fault == "twice" else 1):
            time.sleep(delay)
            statuses.append(_sent(url, body[: len(body) // 2] if fault == "cut" else body, headers))
    return statuses


def _signed(event: Document, secret: str) -> _Delivery:
    body = json.dumps(event).encode()
    return body, {
        "Content-Type": "application/json",
        "X-Bluejay-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
        "X-Bluejay-Event": event["type"],
        "X-Bluejay-Delivery": str(uuid4()),
    }


def _sent(url: str, body: bytes, headers: dict[str, str]) -> int | None:
    try:
        with httpx.Client(trust_env=False, timeout=_TIMEOUT) as client:
            return client.post(url, content=body, headers=headers).status_code
    except httpx.TransportError:
        return None
