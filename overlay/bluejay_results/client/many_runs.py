"""Retrieves many runs: decides which run is next, and slows all calls after a 429."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any, TypeAlias

from ..clock import Clock
from ..errors import BluejayError, RateLimitError, UsageError
from ..results.run import SimulationRun
from .retry import requested_pause
from .steps import (
    Send,
    SendAll,
    Sleep,
    Steps,
    next_step,
)

Retrieved: TypeAlias = tuple[str, SimulationRun | BluejayError]

PAUSE = 1.0
"""The pause of all calls after a 429 without Retry-After, in seconds."""


class Many:
    """The runs of one `retrieve_many`. Each worker takes the next run until none is left.

    After a 429, half of the workers end, and no request is sent during the pause that the server asked for.
    The pause is never longer than the timeout of a call.
    """

    def __init__(
        self,
        run_ids: Iterable[str],
        concurrency: int,
        timeout: float,
        clock: Clock,
        make_steps: Callable[[str], Steps[SimulationRun]],
    ) -> None:
        self._run_ids = iter(run_ids)
        self._timeout = timeout
        self._clock = clock
        self._make_steps = make_steps
        self._resume_at = -math.inf
        self._lock = Lock()
        self._workers = concurrency
        self.workers = range(concurrency)

    def take(self, worker: int) -> str | None:
        """Return the next run for a worker; None if the worker must end."""
        with self._lock:
            return next(self._run_ids, None) if worker < self._workers else None

    def stop(self) -> None:
        """Start no more calls."""
        self._workers = 0

    def steps(self, run_id: str) -> Steps[SimulationRun]:
        """Retrieve one run; its timeout starts when its first request is sent."""
        yield from self._pause(math.inf)
        if not self._workers:
            raise UsageError("The iterator was closed before this call started.")
        steps, outcome = self._make_steps(run_id), None
        while True:
            try:
                step = next_step(steps, outcome)
            except StopIteration as stop:
                run: SimulationRun = stop.value
                return run
            if isinstance(step, Send):
                yield from self._pause(step.call.deadline.room())
            elif isinstance(step, SendAll):
                yield from self._pause(min(each.deadline.room() for each in step.calls))
            try:
                outcome = yield step
            except BluejayError as error:
                outcome = error
            self._note(outcome)

    def _pause(self, longest: float) -> Steps[None]:
        left = min(self._resume_at - self._clock.now(), longest)
        if left > 0:
            yield Sleep(left)

    def _note(self, outcome: Any) -> None:
        for each in outcome.values() if isinstance(outcome, dict) else [outcome]:
            if isinstance(each, RateLimitError):
                self._slow_down(each)

    def _slow_down(self, error: RateLimitError) -> None:
        requested = requested_pause(error)
        with self._lock:
            now = self._clock.now()
            if now >= self._resume_at:  # calls that are already under way may get a 429 for the same reason
                self._workers = min(self._workers, max(1, self._workers // 2))
            pause = min(PAUSE if requested is None else requested, self._timeout)
            self._resume_at = max(self._resume_at, now + pause)
