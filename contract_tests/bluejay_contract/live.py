"""The checks of a live service: six GET requests with pauses between them.

Two requests read the first page of the same run, so that the responses can be compared. One asks for a page
with one result, which shows whether the service sends pages. The service must refuse the others: one has no
key, one has a wrong key, and one asks for a run that doesn't exist.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from attrs import field, frozen

from .exchange import Exchange, Key
from .operations import Page

NOBODYS_RUN = "00000000-0000-4000-8000-000000000000"


@frozen
class Step:
    """One request.

    Attributes:
        name: The name of the request in reports, and in the name of the file that `--keep` writes.
        page: The page to request.
    """

    name: str
    run_id: str
    key: Key = Key.VALID
    exists: bool = True
    page: Page = field(factory=Page)


class Service(Protocol):
    """A service that can be read."""

    def get(
        self, run_id: str, key: Key = Key.VALID, *, exists: bool = True, page: Page | None = None
    ) -> Exchange:
        """Send one GET request for a run and return any response."""


def one_read(run_id: str) -> tuple[Step, ...]:
    """Return the one request that `check RUN` makes."""
    return (Step("read", run_id),)


def all_checks(run_id: str) -> tuple[Step, ...]:
    """Return the six requests that `live` makes."""
    return (
        Step("first read", run_id),
        Step("second read", run_id),
        Step("small page", run_id, page=Page(limit=1)),
        Step("no key", run_id, Key.MISSING),
        Step("wrong key", run_id, Key.WRONG),
        Step("unknown run", NOBODYS_RUN, exists=False),
    )


def exchanges(
    service: Service, steps: tuple[Step, ...], pause: float, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Exchange]:
    """Send the request of each step, with a pause between requests, and yield each exchange.

    Raises:
        BluejayError: A request got no response.
    """
    for index, step in enumerate(steps):
        if index:
            sleep(pause)
        yield service.get(step.run_id, step.key, exists=step.exists, page=step.page)


def keep(answers: list[Exchange], steps: tuple[Step, ...], folder: Path) -> None:
    """Write the bodies as received, to files that only this user can read.

    Raises:
        OSError: A file can't be written.
    """
    for number, (step, answer) in enumerate(zip(steps, answers, strict=True), 1):
        path = folder / f"{number}-{step.name.replace(' ', '-')}.json"
        path.touch(mode=0o600)
        path.write_bytes(answer.body)
