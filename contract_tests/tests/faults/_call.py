"""A call of the client that meets a fault, and how it ended; both can be pickled for another process."""

from collections.abc import Mapping
from enum import Enum

from attrs import frozen

KEY = "canary-of-the-faults"
RUN_ID = "48215"
RESULT_ID = "482150001"
SIMULATION_ID = "733"
MIB = 1 << 20
SLACK = 60.0
"""How many seconds after its deadline a call counts as hung: enough for a slow machine."""


class Way(Enum):
    """A way to use the service.

    A new way also needs its URL below, its call in `_performing.py`, its fields of the body in `_http.py`,
    the id of its result and of its errors in `_judging.py`, a place in `OTHERS` of `_row.py`, a column in
    `__main__.py`, and a place in the test of every section in `test_faults.py`.
    """

    RETRIEVE = "sync retrieve"
    RETRIEVE_ASYNC = "async retrieve"
    WAIT = "sync wait"
    WAIT_ASYNC = "async wait"
    COMMAND = "command"
    RESULT = "sync retrieve_result"
    RESULT_ASYNC = "async retrieve_result"
    QUEUE = "sync queue"
    QUEUE_ASYNC = "async queue"
    RUNS = "sync runs"
    RUNS_ASYNC = "async runs"

    @property
    def is_async(self) -> bool:
        return self.value.startswith("async")

    @property
    def queues(self) -> bool:
        """Whether the request must not be sent twice."""
        return self in {Way.QUEUE, Way.QUEUE_ASYNC}

    @property
    def reads_one_result(self) -> bool:
        return self in {Way.RESULT, Way.RESULT_ASYNC}

    @property
    def lists_runs(self) -> bool:
        return self in {Way.RUNS, Way.RUNS_ASYNC}

    @property
    def waits(self) -> bool:
        """Whether the call waits until the run is settled."""
        return self in {Way.WAIT, Way.WAIT_ASYNC}


@frozen
class Options:
    """How a call is made.

    Attributes:
        repeat: The number of calls by the same client; each must end as expected.
        pauses: Whether pauses take time. Otherwise, the clock skips them, and only requests take time.
        proxy: The proxy of a user's own httpx client; empty for our own client.
        wall_clock_jumps: Whether the system's time of day jumps back and forth during the call.
        traces_memory: Whether to measure the peak memory, which needs a separate process.
    """

    timeout: float = 20.0
    request_timeout: float = 10.0
    retries: int = 2
    poll_interval: float = 8.0
    max_body_bytes: int | None = None
    repeat: int = 1
    pauses: bool = False
    proxy: str = ""
    wall_clock_jumps: bool = False
    traces_memory: bool = False


@frozen
class Call:
    """One call, possibly repeated, in a process with this environment."""

    way: Way
    base_url: str
    options: Options
    environment: Mapping[str, str] = {}

    @property
    def url(self) -> str:
        """The URL that an error must name, without the query that selects a page."""
        if self.way.queues:
            return f"{self.base_url}/v1/queue-simulation-run"
        if self.way.reads_one_result:
            return f"{self.base_url}/v1/retrieve-simulation-result/{RESULT_ID}"
        if self.way.lists_runs:
            return f"{self.base_url}/v1/get-simulation-runs/{SIMULATION_ID}"
        return f"{self.base_url}/v1/retrieve-simulation-results/{RUN_ID}"

    @property
    def pages(self) -> tuple[str, ...]:
        """The queries of the pages that the call may request."""
        if self.way.queues or self.way.reads_one_result or self.way.lists_runs:
            return ("",)
        return ("?limit=1&offset=0", "?limit=100&offset=0") if self.way.waits else ("?limit=100&offset=0",)

    @property
    def limit(self) -> float:
        """The seconds after which all repetitions must have ended."""
        return self.options.timeout * self.options.repeat + SLACK


@frozen
class Ending:
    """How a call ended.

    Attributes:
        what: The error's class, or `recovered`, `cancelled`, `hung`, `crashed`; for a command, its exit code.
        message: The error's text; for a command, its stderr.
        run_id: The id of the run, of the result or of the simulation that was requested.
        beneath: The class of the last poll's error, if a wait timed out.
        busy: Connections that were neither idle nor closed after the call.
        tasks: Tasks that were still running a second after the call.
        transports: Transports of the event loop that were still open after close().
        peak_mib: The peak memory in MiB, if it was traced.
    """

    what: str
    status: int | None = None
    message: str = ""
    url: str | None = None
    run_id: str | None = None
    run_may_exist: bool = False
    beneath: str = ""
    beneath_status: int | None = None
    seconds: float = 0.0
    busy: int = 0
    tasks: int = 0
    transports: int = 0
    peak_mib: float | None = None
