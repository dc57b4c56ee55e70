"""A row of the fault matrix: what the server does, and which calls are made."""

from enum import Enum

from attrs import frozen

from ._certificates import Certificate
from ._connection import Script

KEY = "canary-of-the-faults"
SIMULATION_ID = "733"
LONG = 20.0
"""A call's timeout that no call reaches."""


class Way(Enum):
    """An operation, and the client that calls it. `retrieve` stands for all operations except `queue`."""

    RETRIEVE = "retrieve"
    RETRIEVE_ASYNC = "async retrieve"
    QUEUE = "queue"
    QUEUE_ASYNC = "async queue"

    @property
    def is_async(self) -> bool:
        return self.value.startswith("async")

    @property
    def queues(self) -> bool:
        """Whether the operation queues a run, so that the request must not be sent twice."""
        return self in {Way.QUEUE, Way.QUEUE_ASYNC}


RETRIEVE = (Way.RETRIEVE, Way.RETRIEVE_ASYNC)
ASYNC = (Way.RETRIEVE_ASYNC, Way.QUEUE_ASYNC)
"""The calls that can be cancelled. Only these meet the deadline if headers arrive slowly (docs/limits.md)."""


@frozen
class Row:
    """One fault. `endings.txt` has how each of its calls must end.

    Attributes:
        script: What the server does; None if it refuses connections.
        url: The client's base URL, for the host and port of the server; empty for the server's own URL.
        is_trusted: Whether the call is made with a user's client that trusts our CA.
        is_proxy: Whether the server is the proxy for a user's client.
        max_mib: The maximum peak memory of the call (MiB); None if it isn't measured.
        is_cancelled: Whether the call is cancelled when the script calls `reach`. Otherwise, the clock skips
            pauses, and only requests take time.
    """

    name: str
    script: Script | None
    ways: tuple[Way, ...] = tuple(Way)
    timeout: float = LONG
    request_timeout: float = 10.0
    retries: int = 2
    max_body_bytes: int = 1 << 28
    certificate: Certificate | None = None
    url: str = ""
    is_trusted: bool = False
    is_proxy: bool = False
    max_mib: float | None = None
    is_cancelled: bool = False
