"""One worker's bodies: each is judged, timed and counted, and what must not happen is kept."""

from __future__ import annotations

import os
import time
from pathlib import Path

from .commands import Commands
from .crashes import CRASHES, keep, minimised, signature
from .figures import Figures
from .judging import judge
from .slot import Slot


class Session:
    """Takes bodies until it has had as many, or for as long, as it should."""

    def __init__(
        self,
        folder: Path,
        *,
        bodies: int,
        seconds: float,
        commands_every: int = 1,
        crashes: Path = CRASHES,
    ) -> None:
        self.figures = Figures()
        self._folder = folder
        self._crashes = crashes
        self._slot = Slot(folder / "slot")
        self._commands = Commands(folder)
        self._parent = os.getppid()
        self._most = bodies
        self._commands_every = commands_every
        self._started = time.perf_counter()
        self._end = self._started + seconds

    @property
    def is_over(self) -> bool:
        """Whether there were enough, or nobody waits for more."""
        return (
            os.getppid() != self._parent
            or self.figures.bodies >= self._most
            or time.perf_counter() >= self._end
        )

    def take(self, body: bytes) -> None:
        """Judge a body; what must not happen is kept, smaller, and does not end the session."""
        figures = self.figures
        figures.bodies += 1
        self._slot.put(figures.bodies, body)
        started, failure = time.perf_counter(), None
        try:
            outcome, said = judge(body)
            figures.count(outcome, said)
            if figures.bodies % self._commands_every == 0:
                figures.in_commands += 1
                self._commands.judge(body)
        except Exception as error:
            failure = error
        figures.slowest = max(figures.slowest, time.perf_counter() - started)
        if failure:
            self._failed(body, failure)

    def finish(self) -> None:
        """Leave the figures where the parent looks for them."""
        self._commands.close()
        self.figures.seconds = time.perf_counter() - self._started
        self.figures.save(self._folder)

    def _failed(self, body: bytes, error: Exception) -> None:
        kind = signature(error)
        self.figures.failures[kind] += 1
        if self.figures.failures[kind] == 1:
            keep(minimised(body, self._judge_fully), kind, self._crashes)

    def _judge_fully(self, body: bytes) -> None:
        judge(body)
        self._commands.judge(body)
