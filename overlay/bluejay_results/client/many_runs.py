"""Retrieves many runs: pauses all calls after a 429."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

from ..clock import Clock
from ..errors import BluejayError, RateLimitError
from ..results.run import SimulationRun
from .retry import requested_pause
from .steps import Send, SendAll, Sleep, Steps, next_step

Retrieved: TypeAlias = tuple[str, SimulationRun | BluejayError]

PAUSE = 1.0
"""The pause of all calls after a 429 without Retry-After, in seconds."""


class Many:
    """The runs of one `retrieve_many`. After a 429, no call sends a request while the server asks to pause.

    The pause is never longer than the timeout of a call.
    """

    def __init__(
        self, timeout: float, clock: Clock, make_steps: Callable[[str], Steps[SimulationRun]]
    ) -> None:
        self._timeout = timeout
        self._clock = clock
        self._make_steps = make_steps
        self._resume_at = -math.inf

    def steps(self, run_id: str) -> Steps[SimulationRun]:
        """Retrieve one run; its timeout starts when its first request is sent."""
        yield from self._pause(math.inf)
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
            for each in outcome.values() if isinstance(outcome, dict) else [outcome]:
                self._note(each)

    def _pause(self, longest: float) -> Steps[None]:
        left = min(self._resume_at - self._clock.now(), longest)
        if left > 0:
            yield Sleep(left)

    def _note(self, outcome: Any) -> None:
        if isinstance(outcome, RateLimitError):
            requested = requested_pause(outcome)
            pause = min(PAUSE if requested is None else requested, self._timeout)
            self._resume_at = max(self._resume_at, self._clock.now() + pause)
