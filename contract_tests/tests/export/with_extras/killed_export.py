"""`killed_export.py SAVED ROOT` kills exports of saved runs, each one at a later file operation.

Each export has a folder in ROOT, named after the number of the operation at which it is killed. A second
export, which continues the first, is killed at the same operation. In the last folder, none was killed.
"""

import os
import signal
import sys
from itertools import count
from typing import Any

from bluejay_results.export import dataset, export, exporting, saved_runs

exporting.PART = 2
dataset.ROWS = 3
OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.listdir", "os.scandir"}


def main(saved: str, root: str) -> None:
    """Kill exports until one ends."""
    export(saved_runs([saved]), os.path.join(root, "0"))  # noqa: PTH118 - loads all modules before the forks
    for operation in count(1):
        place = os.path.join(root, str(operation))  # noqa: PTH118 - pathlib would be counted
        was_killed = _is_killed(saved, place, operation, resume=False)
        if not was_killed:
            return
        _is_killed(saved, place, operation, resume=True)


def _is_killed(saved: str, place: str, operation: int, *, resume: bool) -> bool:
    """Export in a process that kills itself at a file operation; return whether it reached that operation."""
    process = os.fork()
    if process:
        status = os.waitpid(process, 0)[1]
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return os.WIFSIGNALED(status)
    done = 0

    def kill(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal done
        if event in OPERATIONS and str(arguments[0]).startswith((saved, place)):
            done += 1
            if done == operation:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(kill)
    export(saved_runs([saved]), place, resume=resume)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
