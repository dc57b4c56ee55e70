"""Several workers at once, watched from outside: for one that hangs, one that dies, and their memory."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import frozen

from ..endurance.process import resident_bytes
from .crashes import CRASHES, keep
from .figures import Figures
from .slot import Slot

ROOT = Path(__file__).parents[3]
_EVERY = 0.2
_WARM = 0.2


@frozen
class Plan:
    """What a campaign is to do.

    Attributes:
        bodies: How many at most.
        seconds: How long at most.
        commands_every: Which bodies go through both commands as well: 1 all, 10 every tenth.
        workers: In how many processes.
        seed: Of the first worker; the others count on from it.
        guided: Whether atheris chooses what to mutate.
        crashes: Where to keep what is found.
        hangs_after: How long one body may take (seconds): thousands of times what the slowest takes.
    """

    bodies: int
    seconds: float
    commands_every: int = 1
    workers: int = 1
    seed: int = 1
    guided: bool = False
    crashes: Path = CRASHES
    hangs_after: float = 60.0


@frozen
class Result:
    """What came of a campaign.

    Attributes:
        figures: Of all workers together.
        memory: Of each worker its resident bytes after the first fifth of its bodies, and at its end.
    """

    figures: Figures
    memory: tuple[tuple[int, int], ...]


def run(plan: Plan) -> Result:
    """Run a campaign to its end."""
    with ExitStack() as stack:
        workers = [_Worker(plan, number, stack) for number in range(plan.workers)]
        at_work = workers
        while at_work := [worker for worker in at_work if worker.watch()]:
            time.sleep(_EVERY)
        figures = Figures()
        for worker in workers:
            figures.add(worker.figures())
        return Result(figures, tuple(worker.memory() for worker in workers))


class _Worker:
    """A worker as its parent sees it."""

    def __init__(self, plan: Plan, number: int, stack: ExitStack) -> None:
        self._plan = plan
        self._folder = Path(stack.enter_context(TemporaryDirectory(prefix="fuzz-")))
        self._slot = Slot(self._folder / "slot")
        self._log = stack.enter_context((self._folder / "log").open("wb"))
        self._process = subprocess.Popen(
            self._command(number), cwd=ROOT, stdout=self._log, stderr=subprocess.STDOUT
        )
        stack.callback(self._process.kill)
        self._samples: list[tuple[int, int]] = []
        self._failure: str | None = None
        self._last, self._since = 0, time.monotonic()

    def _command(self, number: int) -> list[str]:
        plan = self._plan
        limits = {
            "--bodies": -(-plan.bodies // plan.workers),
            "--seconds": plan.seconds,
            "--commands-every": plan.commands_every,
            "--seed": plan.seed + number,
        }
        command = [sys.executable, "-m", f"{__package__}.worker", str(self._folder), str(plan.crashes)]
        command += [f"{name}={value}" for name, value in limits.items()]
        return [*command, "--guided"] if plan.guided else command

    def watch(self) -> bool:
        """Look at it once; return whether it is still at work."""
        if self._process.poll() is not None:
            return False
        number, now = self._slot.number, time.monotonic()
        if resident := resident_bytes(self._process.pid):
            self._samples.append((number, resident))
        if number != self._last:
            self._last, self._since = number, now
        elif now - self._since > self._plan.hangs_after:
            self._process.kill()
            self._failure = "hang"
        return True

    def figures(self) -> Figures:
        """Return what it has seen; one that hung or died counts as a failure, and its body is kept."""
        figures = Figures.load(self._folder)
        code = self._process.wait()
        if code and not self._failure:
            self._failure = f"exit{code}"
            sys.stderr.write((self._folder / "log").read_text(errors="replace")[-2000:])
        if self._failure:
            figures.failures[self._failure] += 1
            keep(self._slot.body, self._failure, self._plan.crashes)
        return figures

    def memory(self) -> tuple[int, int]:
        """Return its resident bytes when it was warm, and at its end."""
        last, end = self._samples[-1]
        warm = next(resident for number, resident in self._samples if number >= last * _WARM)
        return warm, end
