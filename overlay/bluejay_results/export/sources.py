"""Reads saved runs for an export."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import BluejayError, UsageError
from ..reading.body import OnViolation
from ..results.run import SimulationRun
from .exporting import NamedRun


def saved_runs(
    paths: Iterable[str | os.PathLike[str]], *, on_violation: OnViolation = "raise"
) -> Iterator[NamedRun]:
    """Yield the path of each file with the run in it, or with the error if the file can't be read.

    Args:
        paths: Recordings, saved bodies, and folders with files that end in .har or .json.
        on_violation: As in `SimulationRun.from_file`.
    """
    for path in files_in(paths):
        run: SimulationRun | BluejayError
        try:
            run = SimulationRun.from_file(path, on_violation=on_violation)
        except BluejayError as error:
            run = error
        except OSError as error:
            run = UsageError(f"{path}: {error.strerror}.")
        yield path, run


def files_in(paths: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """Yield the files that `paths` name; for a folder, its .har and .json files, sorted.

    Raises:
        UsageError: A folder has no such file.
    """
    for path in map(Path, paths):
        if not path.is_dir():
            yield str(path)
        elif found := sorted(each for each in path.glob("[!._]*") if each.suffix in {".har", ".json"}):
            yield from map(str, found)
        else:
            raise UsageError(f"{path} has no file that ends in .har or .json.")
