"""Clones of the checkout, one for each worker, in which our own code is broken, one bug at a time.

A clone has environments of its own: every process that a test starts imports the clone, not the checkout.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from attrs import frozen

ROOT = Path(__file__).parents[2]
STAGE = ROOT / ".build" / "broken"
EXTRAS = "contract_tests/tests/export/with_extras"
_FAILED = re.compile(r"^(?:FAILED|ERROR) ([\w/.]+(?:::\w+)*)", re.MULTILINE)
# Python takes old bytecode for a file that was changed in the same second and kept its size.
_ENVIRONMENT = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
Task = TypeVar("Task")
Done = TypeVar("Done")


@frozen
class Clone:
    """A clone of the checkout."""

    folder: Path

    @classmethod
    def of(cls, commit: str, folder: Path) -> Clone:
        """Check out a commit in a new or an old clone."""
        if not folder.exists():
            run(ROOT, "git", "clone", "--quiet", "--shared", "--no-checkout", str(ROOT), str(folder))
        run(folder, "git", "checkout", "--quiet", "--force", "--detach", commit)
        run(folder, "make", "--silent", ".venv/.compiled", ".build/export/.ready")
        return cls(folder)

    def restore(self) -> None:
        """Undo every change since the clone was made."""
        run(self.folder, "git", "checkout", "--quiet", "--force")
        run(self.folder, "git", "clean", "--quiet", "--force", "-d")

    def failed(self, *tests: str, timeout: float | None = None) -> str:
        """Run tests until one fails, and return its name; return an empty string if none fails."""
        pytest = ".build/export/bin/pytest" if tests[0].startswith(EXTRAS) else ".venv/bin/pytest"
        command = [pytest, "-q", "-x", "-p", "no:cacheprovider", *tests]
        try:
            ended = subprocess.run(  # noqa: S603 - ours
                command,
                cwd=self.folder,
                env=_ENVIRONMENT,
                capture_output=True,
                text=True,
                check=False,
                timeout=timeout,
            )
        except subprocess.TimeoutExpired:
            return tests[0]
        found = _FAILED.search(ended.stdout)
        # A test that hangs, or a module that can't be imported, ends pytest before it names a test.
        return found[1] if found else tests[0] if ended.returncode else ""


def in_clones(
    workers: int, tasks: Iterable[Task], work: Callable[[Clone, Task], Done]
) -> Iterator[tuple[Task, Done]]:
    """Do each task in a clone of the tracked files as they are now; yield the results in order."""
    commit, listed = commit_of_now(), list(tasks)
    idle = SimpleQueue[Clone]()

    def done(task: Task) -> Done:
        clone = idle.get()
        try:
            return work(clone, task)
        finally:
            clone.restore()
            idle.put(clone)

    with ThreadPoolExecutor(workers) as pool:
        for clone in pool.map(partial(Clone.of, commit), (STAGE / f"{each}" for each in range(workers))):
            idle.put(clone)
        yield from zip(listed, pool.map(done, listed), strict=True)


def commit_of_now() -> str:
    """Return a commit of the tracked files as they are now."""
    identity = ("-c", "user.name=clones", "-c", "user.email=clones@localhost")
    return run(ROOT, "git", *identity, "stash", "create") or run(ROOT, "git", "rev-parse", "HEAD")


def run(folder: Path, *command: str) -> str:
    """Run a program and return its output; raise SystemExit with its command and errors if it fails."""
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if ended.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{ended.stdout}{ended.stderr}")
    return ended.stdout.strip()
