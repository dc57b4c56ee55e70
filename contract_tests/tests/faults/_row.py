"""A row of the fault matrix: what a server does, how it is asked, and how every call must end."""

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
"""The command for faults that last: it has time for few polls and attempts."""

SHORT_TIMEOUT = 4.9
"""For waits that a fault outlasts: their last look, a tenth before the end, has no room for another attempt,
which would end as a time-out and not as the fault."""

CANCELLABLE = (Way.RETRIEVE_ASYNC, Way.WAIT_ASYNC)
RETRIEVE = (Way.RETRIEVE, Way.RETRIEVE_ASYNC)
WAIT = (Way.WAIT, Way.WAIT_ASYNC)
"""For rows that take long: by the other two ways, the same happens again."""

OTHERS = {
    Way.RETRIEVE: (Way.RESULT, Way.QUEUE, Way.RUNS),
    Way.RETRIEVE_ASYNC: (Way.RESULT_ASYNC, Way.QUEUE_ASYNC, Way.RUNS_ASYNC),
}
"""The other operations: they meet every fault that a retrieve meets."""


class Role(Enum):
    """What the misbehaving server is to the client."""

    SERVICE = "the service itself"
    PROXY = "the proxy of the user's own httpx client"
    PROXY_OF_THE_ENVIRONMENT = "the proxy in HTTP_PROXY and HTTPS_PROXY"


@frozen
class Ends:
    """How a call must end, in the words of `Ending`.

    Attributes:
        passes: Whether the fault may be over in a moment, so that there may be other attempts.
        says: What the message must say, where that isn't the same for every error of its kind.
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
    """Return the ending of a wait that lives through a fault to its deadline; without one, to a run's."""
    beneath = error.__name__ if error else ""
    return Ends(WaitTimeoutError.__name__, None, True, beneath, status)


@frozen
class Row:
    """One fault.

    Attributes:
        wait_ends: How a wait must end, where that is another way.
        queue_ends: How queueing a run must end, where that is another way: it is hardly ever sent again.
        list_ends: How listing runs must end, where it differs: the contract requires no field of the list.
        ways: The ways to ask for the run, without the command.
        is_of_runs: Whether it has to do with runs alone, and not with the other operations.
        command: The command and its options; none where the command isn't tried.
        certificate: The server's; None for a server without TLS.
        is_trusted: Whether the client trusts the authority that signed it.
        url: Makes the client's base URL of the server's.
        most_mib: How much memory the call may take at its peak; None where that isn't measured.
        is_interrupted: Whether the call is cancelled, or the command gets a Ctrl-C, at the script's point.
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

    @property
    def all_ways(self) -> tuple[Way, ...]:
        """The ways to use the service, without the command."""
        others = () if self.is_of_runs else (each for way in self.ways for each in OTHERS.get(way, ()))
        return (*self.ways, *others)

    @property
    def is_apart(self) -> bool:
        """Whether its calls take a process of their own."""
        is_of_the_process = self.is_trusted or self.role is Role.PROXY_OF_THE_ENVIRONMENT
        is_measured = self.options.traces_memory or self.options.wall_clock_jumps
        return bool(self.environment) or is_of_the_process or is_measured

    def takes_more_looks(self, way: Way) -> bool:
        """Whether a call of this way sees something else before it sees the fault."""
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
