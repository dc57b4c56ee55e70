"""An hour of waiting for a run while the service keeps failing: real HTTP, on a simulated clock."""

import gc
import itertools
from pathlib import Path
from typing import Any

import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient

from .. import builders
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._server import FaultServer
from ..overlay.conftest import ManualClock, Reader

MINUTE = 60.0
HOUR = 60 * MINUTE
ROUNDING = 1e-6
OURS = ("bluejay_", "httpx", "httpcore", "h11")
"""The packages whose objects a client makes for each request."""
DUE = {
    "running": (10, 10),
    "CDN": (10, 10),
    "asked to wait": (30, 30),
    "bad gateway": (0.5, 10),  # the pause before a retry, or before the next poll
    "reset": (0.5, 10),
}
"""For each kind of response, the minimum and maximum seconds until the next request."""

ANSWERS = {
    "running": response(builders.encoded(builders.response(status="RUNNING"))),
    "settled": response(builders.encoded(builders.response(builders.result()))),
    "bad gateway": response(b"<html>", status=502),
    "asked to wait": response(b"{}", "retry-after: 30", status=429),
    "CDN": response(b"<html>", status=520),
}
SPELL = (
    *(["running"] * 9),
    *("bad gateway", "running", "reset", "running", "CDN", "running", "asked to wait", "running"),
    *(["bad gateway"] * 6),  # more failures than one call has attempts
    *(["reset"] * 5),
    *("running", "CDN", "CDN", "asked to wait", "bad gateway", "reset"),
)


def open_files() -> int:
    """Return the number of this process's file handles, connections included."""
    return len(list(Path("/proc/self/fd").iterdir()))


class FlappingService:
    """A service that keeps failing; its run settles at the given time."""

    def __init__(self, clock: ManualClock, settles_at: float) -> None:
        self.answers: list[tuple[float, str]] = []
        self._clock = clock
        self._settles_at = settles_at
        self._spells = itertools.cycle(SPELL)

    def script(self, connection: Connection) -> None:
        """Respond to each request, and record its time and the kind of response."""
        while connection.read_request():
            kind, now = next(self._spells), self._clock.now()
            if kind == "running" and now >= self._settles_at:
                kind = "settled"
            self.answers.append((now, kind))
            if kind == "reset":
                connection.reset()
                return
            connection.send(ANSWERS[kind])


class SamplingClock(ManualClock):
    """Every six minutes, counts the client's objects and the process's open files."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[tuple[int, int]] = []
        self._next = self.time + 6 * MINUTE

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        if self.time >= self._next:
            self._next += 6 * MINUTE
            gc.collect()
            objects = sum(str(type(each).__module__).startswith(OURS) for each in gc.get_objects())
            self.held.append((objects, open_files()))


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_every_poll_is_on_time_during_an_hour_of_faults(kind: Any, request: pytest.FixtureRequest) -> None:
    gc.freeze()  # samples don't search the objects of other tests
    request.addfinalizer(gc.unfreeze)
    clock = SamplingClock()
    service = FlappingService(clock, clock.time + HOUR - 5 * MINUTE)
    with FaultServer(service.script) as server:
        assert Reader(kind, base_url=server.url, clock=clock).wait("48213", timeout=HOUR).is_settled
    kinds = [kind for _, kind in service.answers]
    polls = service.answers[: kinds.index("settled") + 1]  # without the later requests for pages
    assert len(polls) > 400
    late = [
        (time, kind, later - time)
        for (time, kind), (later, _) in itertools.pairwise(polls)
        if not DUE[kind][0] - ROUNDING <= later - time <= DUE[kind][1] + ROUNDING
    ]
    assert late == []
    assert server.log.accepted == 1 + kinds.count("reset")
    objects, files = zip(*clock.held, strict=True)
    assert len(objects) == 9
    assert min(objects[5:]) - objects[0] < 100  # a leak of one object per poll would add over 150
    assert max(files) - min(files) <= 2  # both ends of a single connection
