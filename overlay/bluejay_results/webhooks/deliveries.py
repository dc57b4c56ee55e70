"""Recognizes repeated deliveries."""

from __future__ import annotations

import hashlib
from threading import Lock

from .._errors import ConfigurationError
from .event import WebhookEvent


class Deliveries:
    """Recognizes repeats among the last deliveries, in one process. Threads can share one object.

    An event is a repeat if its delivery id or its exact body has been seen. Bodies are compared because the
    service does not document whether a repeat has the id of the first delivery.

    Args:
        size: How many deliveries to remember; the oldest are forgotten.

    Raises:
        ConfigurationError: The size is below 1.
    """

    def __init__(self, size: int = 10_000) -> None:
        if size < 1:
            raise ConfigurationError(f"size must be 1 or more, got {size!r}.")
        self._size = size
        self._seen: dict[str | bytes, None] = {}
        self._lock = Lock()

    def is_new(self, event: WebhookEvent) -> bool:
        """Remember an event; return whether it is new.

        Pass only events of verified deliveries: a forged event could make a genuine event a repeat.
        """
        keys: set[str | bytes] = {hashlib.sha256(event.raw).digest()}
        if event.delivery_id is not None:
            keys.add(event.delivery_id)
        with self._lock:
            is_new = self._seen.keys().isdisjoint(keys)
            self._seen.update(dict.fromkeys(keys))
            while len(self._seen) > 2 * self._size:
                del self._seen[next(iter(self._seen))]
        return is_new
