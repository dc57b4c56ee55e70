"""Runs the rows of the matrix, many at a time, and abandons calls that hang."""

import subprocess
import time
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle
from threading import Thread
from threading import enumerate as threads

from attrs import frozen

from ..passed_in import PASSED_IN
from ._call import Ending, Way
from ._judging import wrong, wrong_command
from ._performing import perform
from ._process import perform_apart, run_command
from ._row import Row
from ._scene import Scene
from ._server import wait_for

AT_ONCE = 5
_TO_END = 5.0


@frozen
class Cell:
    """How the calls of one row by one way ended, and the deviations from the row."""

    endings: tuple[Ending, ...]
    wrong: tuple[str, ...]


@frozen
class Result:
    """A row and its cells."""

    row: Row
    cells: dict[Way, Cell]

    @property
    def wrong(self) -> list[str]:
        """The deviations, each with the way of its call."""
        return [f"{way.value}: {each}" for way, cell in self.cells.items() for each in cell.wrong]


def run(rows: Iterable[Row], *ways: Collection[Way]) -> list[Result]:
    """Run rows, each by the next item of `ways` as in `run_row`, and by the command."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run_row, (row for row in rows if row.all_ways), cycle(ways or (tuple(Way),))))


def run_row(row: Row, ways: Collection[Way] = tuple(Way)) -> Result:
    """Make the calls of a row by these ways, or by all of its ways if it has none of these.

    Each call has its own server.
    """
    chosen = [way for way in row.all_ways if way in ways] or row.all_ways
    with ExitStack() as stack:
        scenes = [stack.enter_context(Scene(row, way)) for way in chosen]
        endings = _endings_apart(scenes) if row.is_apart else _endings(row, scenes)
        cells = {scene.way: _cell(row, scene, ended) for scene, ended in zip(scenes, endings, strict=True)}
    return Result(row, cells | ({Way.COMMAND: _command_cell(row)} if row.command and not PASSED_IN else {}))


def left_running(before: Iterable[Thread]) -> list[str]:
    """Return the names of the new threads that are still running after a moment."""
    known = set(before)
    wait_for(lambda: set(threads()) <= known, _TO_END)
    return [thread.name for thread in threads() if thread not in known]


def _cell(row: Row, scene: Scene, endings: list[Ending]) -> Cell:
    found = [each for ending in endings for each in wrong(row, scene.call, ending, scene.server.log)]
    return Cell(tuple(endings), tuple(dict.fromkeys([*found, *scene.wrong()])))


def _endings_apart(scenes: list[Scene]) -> list[list[Ending]]:
    calls = [scene.call for scene in scenes]
    try:
        return perform_apart(calls)
    except subprocess.TimeoutExpired as error:
        ended = Ending("hung", message=str(error))
    except subprocess.CalledProcessError as error:
        ended = Ending("crashed", message=str(error))
    return [[ended] for _ in calls]


def _endings(row: Row, scenes: list[Scene]) -> list[list[Ending]]:
    """Make calls in threads that can be abandoned, so that a call that hangs doesn't stop the matrix."""
    started = [_start(row, scene) for scene in scenes]
    end = time.monotonic() + scenes[0].call.limit
    for thread, _ in started:
        thread.join(max(0.0, end - time.monotonic()))
    return [ended or [Ending("hung" if thread.is_alive() else "crashed")] for thread, ended in started]


def _start(row: Row, scene: Scene) -> tuple[Thread, list[Ending]]:
    call, point = scene.call, scene.server.log.reached if row.is_interrupted else None
    ended: list[Ending] = []

    def target() -> None:
        ended.extend(perform(call, point))

    thread = Thread(target=target, name=f"fault {row.name}", daemon=True)
    thread.start()
    return thread, ended


def _command_cell(row: Row) -> Cell:
    with Scene(row, Way.COMMAND) as scene:
        point = scene.server.log.reached if row.is_interrupted else None
        ending = run_command(row.command, scene.call, point)
        found = wrong_command(row, scene.call, ending)
        return Cell((ending,), (*found, *scene.wrong()))
