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

from .checks import RULES, SEQUENCE_RULES, check, check_sequence, inapplicable_rules, is_under_way, pairs
from .checks.document import results_of, run_of
from .contract import Contract
from .exchange import Exchange, Key
from .failure import as_json, each_once
from .operations import RESULTS
from .page import Page
from .redaction import Redaction
from .reports import Paging, Report

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


def report(
    contract: Contract,
    answers: list[Exchange],
    source: str,
    *,
    strict: bool = False,
    redaction: Redaction | None = None,
) -> Report:
    """Judge exchanges by all rules. A failure that two exchanges share is reported once."""
    show = redaction.received if redaction else as_json
    compared = list(pairs(_reads(answers)))
    found = [each for answer in answers for each in check(contract, answer, show=show)]
    found += [each for pair in compared for each in check_sequence(*pair, show=show)]
    of_two = [rule for rule in SEQUENCE_RULES if not any(rule.is_applicable(*pair) for pair in compared)]
    return Report(
        source,
        contract.version,
        (*RULES, *SEQUENCE_RULES),
        each_once(map(redaction.failure, found) if redaction else found),
        (*inapplicable_rules(contract, answers), *of_two),
        refusal=_refusal(contract, answers),
        under_way=any(map(is_under_way, _reads(answers, Page())[-1:])),
        strict=strict,
    )


def _refusal(contract: Contract, answers: list[Exchange]) -> str:
    """Return the statuses if the service refused every valid request; otherwise an empty string."""
    statuses = [each.status for each in _valid(answers)]
    if any(status in contract.operations[RESULTS].statuses for status in statuses):
        return ""
    return " and ".join(str(status) for status in dict.fromkeys(statuses))


def paging(answers: list[Exchange]) -> Paging:
    """Return whether the service sends pages, by the number of results with and without a limit."""
    small, full = (
        max((len(results_of(each)) for each in _reads(answers, page) if run_of(each)), default=0)
        for page in (Page(limit=1), Page())
    )
    if small == 0 or full <= 1:
        return Paging.UNKNOWN
    return Paging.SENT if small == 1 else Paging.IGNORED


def _valid(answers: list[Exchange]) -> list[Exchange]:
    return [each for each in answers if each.request.key is Key.VALID and each.request.exists]


def _reads(answers: list[Exchange], page: Page | None = None) -> list[Exchange]:
    reads = [each for each in _valid(answers) if each.request.operation == RESULTS]
    return [each for each in reads if page in (None, each.request.page)]


def keep(answers: list[Exchange], steps: tuple[Step, ...], folder: Path) -> None:
    """Write the bodies as received, to files that only this user can read.

    Raises:
        OSError: A file can't be written.
    """
    for number, (step, answer) in enumerate(zip(steps, answers, strict=True), 1):
        path = folder / f"{number}-{step.name.replace(' ', '-')}.json"
        path.touch(mode=0o600)
        path.write_bytes(answer.body)
