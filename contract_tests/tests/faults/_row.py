"""A row of the fault matrix: what the server does, which calls are made, and how each must end."""

from collections.abc import Callable, Mapping
from enum import Enum

from attrs import evolve, field, frozen
from bluejay_results import (
    BluejayError,
    NotFoundError,
    RunNotFoundError,
    WaitTimeoutError,
)

from ._call import Options, Way
from ._certificates import Certificate
from ._connection import Script
from ._server import Door

LIBRARY = (Way.RETRIEVE, Way.RETRIEVE_ASYNC, Way.WAIT, Way.WAIT_ASYNC)
DEFAULT = Options()
SHORTLY = ("wait", "--timeout", "0.7", "--poll-interval", "0.2")
"""The command for permanent faults, with time for only a few polls and attempts."""
TWO_POLLS = ("wait", "--timeout", "4.9", "--poll-interval", "4")
"""The command for permanent faults whose last attempt must not end in a timeout: it has 0.49 s."""

LASTING = Options(timeout=60.0, poll_interval=60.0)
"""For waits with a permanent fault. The last poll comes 6 s before the deadline, and the pauses between its
attempts take at most 2.5 s of the clock, so no attempt can end in a timeout instead of the fault."""

ASYNC = (Way.RETRIEVE_ASYNC, Way.WAIT_ASYNC)
"""The ways that can be cancelled. Only they meet the deadline if headers arrive slowly (docs/limits.md)."""
RETRIEVE = (Way.RETRIEVE, Way.RETRIEVE_ASYNC)
WAIT = (Way.WAIT, Way.WAIT_ASYNC)
"""Two of the four ways, for slow rows: the other two would repeat what these show."""

OTHERS = {
    Way.RETRIEVE: (Way.RESULT, Way.QUEUE, Way.RUNS),
    Way.RETRIEVE_ASYNC: (Way.RESULT_ASYNC, Way.QUEUE_ASYNC, Way.RUNS_ASYNC),
}
"""The ways that are also tested with every fault of these two ways."""


class Role(Enum):
    """The role of the misbehaving server."""

    SERVICE = "the service itself"
    PROXY = "the proxy of the user's own httpx client"
    PROXY_OF_THE_ENVIRONMENT = "the proxy in HTTP_PROXY and HTTPS_PROXY"


@frozen
class Ends:
    """How a call must end, as an `Ending` reports it.

    Attributes:
        passes: Whether the fault is transient, so that other attempts are allowed.
        says: Text that the message must contain, in addition to the text of its error class.
    """

    what: str
    status: int | None = None
    passes: bool = False
    beneath: str = ""
    beneath_status: int | None = None
    says: str = ""


RECOVERED = Ends("recovered")
CANCELLED = Ends("cancelled")


def fails(
    error: type[BluejayError], status: int | None = None, *, passes: bool = False, says: str = ""
) -> Ends:
    return Ends(error.__name__, status, passes, says=says)


def outlasted(error: type[BluejayError] | None = None, status: int | None = None) -> Ends:
    """Return the ending of a wait that meets a fault until its deadline, or until its run settles."""
    beneath = error.__name__ if error else ""
    return Ends(WaitTimeoutError.__name__, None, True, beneath, status)


@frozen
class Row:
    """One fault.

    Attributes:
        wait_ends: How a wait must end, if not as `ends`.
        queue_ends: How queueing a run must end, if not as `ends`: its request is rarely repeated.
        list_ends: How listing runs must end, if not as `ends`: the contract requires no field of the list.
        ways: The ways to request the run, without the command.
        is_of_runs: Whether the fault concerns only runs, and not the other operations.
        command: The command and its options; empty if the command isn't tested.
        certificate: The server's certificate; None for a server without TLS.
        is_trusted: Whether the client trusts the authority that signed the certificate.
        url: Turns the server's URL into the client's base URL.
        most_mib: The maximum peak memory of the call (MiB); None if it isn't measured.
        leaks: Whether httpx keeps a connection that failed in the TLS handshake; docs/limits.md says when.
        is_interrupted: Whether the script's `reach` cancels the call, or sends Ctrl-C to the command.
    """

    name: str
    script: Script
    ends: Ends
    options: Options = DEFAULT
    wait_ends: Ends | None = None
    queue_ends: Ends | None = None
    list_ends: Ends | None = None
    ways: tuple[Way, ...] = LIBRARY
    command: tuple[str, ...] = ()
    door: Door = Door.OPEN
    certificate: Certificate | None = None
    is_trusted: bool = False
    role: Role = Role.SERVICE
    url: Callable[[str], str] = str
    environment: Mapping[str, str] = field(factory=dict)
    most_mib: float | None = None
    is_interrupted: bool = False
    is_of_runs: bool = False
    leaks: bool = False

    @property
    def all_ways(self) -> tuple[Way, ...]:
        """The ways to use the service, without the command."""
        others = () if self.is_of_runs else (each for way in self.ways for each in OTHERS.get(way, ()))
        return (*self.ways, *others)

    @property
    def is_apart(self) -> bool:
        """Whether its calls need a separate process."""
        is_of_the_process = self.is_trusted or self.role is Role.PROXY_OF_THE_ENVIRONMENT
        is_measured = self.options.traces_memory or self.options.wall_clock_jumps
        return bool(self.environment) or is_of_the_process or is_measured

    def takes_more_looks(self, way: Way) -> bool:
        """Whether a call of this way gets another response before the fault."""
        return way.waits and self.wait_ends is not None

    def ends_by(self, way: Way) -> Ends:
        if way.waits:
            return self.wait_ends or self.ends
        of_operation = self.queue_ends if way.queues else self.list_ends if way.lists_runs else None
        ends = of_operation or self.ends
        is_about_a_run = not (way.queues or way.reads_one_result or way.lists_runs)
        if ends.what == RunNotFoundError.__name__ and not is_about_a_run:
            return evolve(ends, what=NotFoundError.__name__)
        return ends
