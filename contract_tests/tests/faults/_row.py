"""A row of the fault matrix: what the server does, which calls are made, and how each must end."""

from enum import Enum

from attrs import field, frozen
from bluejay_results import BluejayError, ConnectionFailedError, RateLimitError, ServerError, TLSError

from ._certificates import Certificate
from ._connection import Script

KEY = "canary-of-the-faults"
SIMULATION_ID = "733"


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
    """One fault.

    Attributes:
        script: What the server does; None if it refuses connections.
        ends: The error that the call must raise; None if it must return, possibly after retries.
        queue_ends: The error that queueing must raise; by default `ends`. It can differ, because queue
            requests are rarely retried.
        url: The client's base URL, for the host and port of the server; empty for the server's own URL.
        is_trusted: Whether the call is made with a user's client that trusts our CA.
        is_proxy: Whether the server is the proxy for a user's client.
        max_mib: The maximum peak memory of the call (MiB); None if it isn't measured.
        is_cancelled: Whether the call is cancelled when the script calls `reach`. Otherwise, the clock skips
            pauses, and only requests take time.
    """

    name: str
    script: Script | None
    ends: type[BluejayError] | None = None
    queue_ends: type[BluejayError] | None = field()
    ways: tuple[Way, ...] = tuple(Way)
    timeout: float = 20.0
    request_timeout: float = 10.0
    retries: int = 2
    max_body_bytes: int = 1 << 28
    certificate: Certificate | None = None
    url: str = ""
    is_trusted: bool = False
    is_proxy: bool = False
    max_mib: float | None = None
    is_cancelled: bool = False

    @queue_ends.default
    def _as_others(self) -> type[BluejayError] | None:
        return self.ends

    def ends_by(self, way: Way) -> type[BluejayError] | None:
        return self.queue_ends if way.queues else self.ends

    def may_repeat(self, way: Way) -> bool:
        """Whether another attempt could succeed; if not, the client must send only one request."""
        ends = self.ends_by(way)
        is_transient = ends is None or issubclass(ends, (ConnectionFailedError, ServerError, RateLimitError))
        return is_transient and ends is not TLSError
