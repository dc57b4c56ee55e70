"""A session of the fuzzer: bodies are judged, timed and counted, and failures are kept."""

import faulthandler
import gc
import math
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ..endurance.samples import resident_bytes
from .commands import judge_commands
from .crashes import CRASHES, keep, minimised, signature
from .judging import judge

GROWTH = 32 << 20
"""The maximum growth of the process after its warm-up (bytes). A leak of 100 bytes per body exceeds it."""

_WARM = 0.2
_COLLECTED_EVERY = 50
_MOST_SHAPES = 1_000
_LISTED = 12


class Session:
    """Judges bodies until the given number or time is reached.

    Attributes:
        bodies: The number of bodies, all read by the decoder.
        in_commands: The number of bodies that both commands read too.
        slowest: The longest time for one body (seconds).
        outcomes: The number of bodies with each outcome.
        shapes: The number of errors of each kind.
        failures: The number of failures with each signature.
        memory: Resident bytes after a fifth of the session, and at its end.
    """

    def __init__(
        self,
        folder: Path,
        *,
        bodies: int,
        seconds: float,
        commands_every: int = 1,
        crashes: Path = CRASHES,
        hangs_after: float = 60.0,
    ) -> None:
        self.bodies = self.in_commands = 0
        self.slowest = 0.0
        self.outcomes, self.shapes, self.failures = Counter[str](), Counter[str](), Counter[str]()
        self.memory = [0, 0]
        self._folder = folder
        self._commands_every = commands_every
        self._crashes = crashes
        self._hangs_after = hangs_after
        self._most, self._seconds = bodies, seconds
        self._started = time.perf_counter()
        self._armed = -math.inf
        # A body that kills this process or hangs stays in this file.
        self._at_hand = keep(b"", f"died-{os.getpid()}", crashes).open("r+b", buffering=0)

    @property
    def is_over(self) -> bool:
        return self._share_done() >= 1

    def take(self, body: bytes) -> None:
        """Judge a body. A failure is minimised and kept, and does not end the session."""
        self.bodies += 1
        self._at_hand.seek(0)
        self._at_hand.write(body)
        self._at_hand.truncate()
        started, failure = time.perf_counter(), None
        # Not for each body: setting the timer takes as long as judging a body.
        if started > self._armed + self._hangs_after / 10:
            self._armed = started
            faulthandler.dump_traceback_later(self._hangs_after, exit=True)
        try:
            self._judge(body)
        except Exception as error:
            failure = error
        self.slowest = max(self.slowest, time.perf_counter() - started)
        if failure:
            self._failed(body, failure)
        if self._share_done() <= _WARM or not self.memory[0]:
            self.memory[0] = resident_bytes()

    def finish(self) -> int:
        """Close everything; return 0 without failures and memory growth."""
        faulthandler.cancel_dump_traceback_later()
        self._at_hand.close()
        Path(self._at_hand.name).unlink()
        self.memory[1] = resident_bytes()
        return int(bool(self.failures) or self.memory[1] - self.memory[0] > GROWTH)

    def report(self) -> Iterator[str]:
        seconds = time.perf_counter() - self._started
        warm, end = (each / 1e6 for each in self.memory)
        yield f"bodies    {self.bodies:,} through the decoder"
        yield f"          {self.in_commands:,} of them through both commands as well"
        yield f"time      {seconds:.0f} s, {self.bodies / seconds:,.0f} bodies a second"
        yield "outcomes  " + ", ".join(f"{name} {count:,}" for name, count in self.outcomes.most_common())
        yield f"errors    {len(self.shapes)} kinds, such as:"
        yield from (f"          {count:>9,}  {said}" for said, count in self.shapes.most_common(_LISTED))
        yield f"slowest   {self.slowest * 1000:.0f} ms"
        yield f"memory    {warm:.1f} -> {end:.1f} MB resident, warm and at the end"
        yield from (f"FAILED    {count:,} times {kind}" for kind, count in self.failures.items())

    def _share_done(self) -> float:
        return max(self.bodies / self._most, (time.perf_counter() - self._started) / self._seconds)

    def _judge(self, body: bytes) -> None:
        outcome, said = judge(body)
        self.outcomes[outcome] += 1
        if said and (said in self.shapes or len(self.shapes) < _MOST_SHAPES):
            self.shapes[said] += 1
        if self.bodies % self._commands_every == 0:
            self.in_commands += 1
            judge_commands(body, self._folder)
            if self.in_commands % _COLLECTED_EVERY == 0:
                gc.collect()  # a command freezes all objects, which resets the collector's count

    def _failed(self, body: bytes, error: Exception) -> None:
        kind = signature(error)
        self.failures[kind] += 1
        if self.failures[kind] == 1:
            keep(minimised(body, self._judge_fully), kind, self._crashes)

    def _judge_fully(self, body: bytes) -> None:
        judge(body)
        judge_commands(body, self._folder)
