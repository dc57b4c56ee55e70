"""The goals, which are ratios between our client and others, because times differ between machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from statistics import median

from attrs import frozen

from . import export, growth

Figures = Mapping[str, Sequence[float]]


@frozen
class Goal:
    """The ratio of our case to another case, and the ratio's maximum.

    Attributes:
        name: What is compared.
        ours: The name of our case.
        other: The name of the case that ours is compared with.
        at_most: The maximum.
        reason: Why the maximum is higher than users might want; otherwise empty.
    """

    name: str
    ours: str
    other: str
    at_most: float
    reason: str = ""

    @property
    def cases(self) -> tuple[str, ...]:
        """The names of the cases from which the ratio is computed."""
        return self.ours, self.other

    def value(self, figures: Figures) -> float:
        """Return the median of the rounds' ratios. Only values from the same round are compared."""
        pairs = zip(figures[self.ours], figures[self.other], strict=True)
        return median(ours / other for ours, other in pairs)


@frozen
class Growth:
    """The exponent with which a cost grows with the number of conversations: 1 is linear.

    The cost of the smallest body is subtracted first.
    """

    name: str
    cases: tuple[str, str, str]
    at_most: float = 1.1
    reason: str = ""

    def value(self, figures: Figures) -> float:
        """Return the exponent with which the cost grows from the second case to the third.

        The body of the third case is ten times as large. An exponent below 1 counts as 1: it only shows that
        fixed costs still matter.
        """
        least, smaller, larger = (min(figures[case]) for case in self.cases)
        return max(1.0, log10((larger - least) / (smaller - least)))


def _decode() -> list[Goal]:
    others = {"openapi-python-client": 1 / 6, "bluejay-sdk": 1 / 12}
    return [
        *(_structs(*each) for each in (("70 kB", 1.5, _ATTRS), ("7 MB", 1.1, ""))),
        *(
            Goal(f"{group} / {other}", f"{group}: ours", f"{group}: {other}", limit)
            for group in ("decode 70 kB", "decode 7 MB")
            for other, limit in others.items()
        ),
    ]


def _pages() -> list[Goal]:
    return [
        Goal(
            f"retrieve 1,000 conversations{what}: ten pages / one body",
            f"retrieve 1,000 conversations{what}: ten pages",
            f"retrieve 1,000 conversations{what}: one body",
            limit,
        )
        for what, limit in (("", 1.5), (", memory", 1.2), (", bytes", 1.01))
    ]


def _structs(size: str, limit: float, reason: str) -> Goal:
    name = f"decode {size}"
    return Goal(f"{name} / msgspec structs", f"{name}: ours", f"{name}: msgspec structs", limit, reason)


def _growth(name: str, conversation: str, figure: str) -> Growth:
    group = growth.group(name, conversation, figure)
    first, *_, smaller, larger = (f"{group}: {count:,}" for count in growth.SERIES[conversation][0])
    cases = first, smaller, larger
    if figure == "time" and (conversation == "7 kB" or name == "show"):
        return Growth(f"growth of {group}", cases, 1.2, _CACHES)
    if name == growth.INCOMPLETE:
        return Growth(f"growth of {group}", cases, 1.2, _COLLECTOR)
    return Growth(f"growth of {group}", cases)


_ATTRS = "filling attrs classes adds 0.4 to the ratio, and parsing date-times by RFC 3339 adds 0.1"
_COLLECTOR = "the garbage collector searches all objects more often; without it, the growth is 1.02"
_CACHES = (
    "the bodies exceed the processor's caches: even `json.loads` has a growth of 1.34 at 70 MB, 1.17 at 17 MB"
)
_POOLS = "the allocator fills its pools in the first runs: 3,000 runs take 1.01 times the memory of 1,000"
_JUDGED = "our export also computes the outcome of each conversation, and every column"
_LIMITS = "our client limits time, size and connections, and keeps the key out of every text"
_ROUNDS = (
    "50 reads of 20 ms each, 8 at a time, take 7 rounds; before them, a list of 7 MB is read and decoded"
)
_IMPORTS = "it imports rich, attrs and msgspec as well as typer, and shows a run"


_BARE, _BARE_ASYNC = "httpx.Client.get, json.loads", "httpx.AsyncClient.get, json.loads"
GOALS: list[Goal | Growth] = [
    *_decode(),
    Goal(
        "decode 7 MB, memory / msgspec structs",
        "decode 7 MB, memory: ours",
        "decode 7 MB, memory: msgspec structs",
        1.2,
    ),
    Goal(f"retrieve 7 kB / {_BARE}", "retrieve 7 kB: ours", f"retrieve 7 kB: {_BARE}", 1.3, _LIMITS),
    Goal(f"retrieve 7 MB / {_BARE}", "retrieve 7 MB: ours", f"retrieve 7 MB: {_BARE}", 0.9),
    *_pages(),
    Goal(
        "reread 50 of 1,000 conversations / httpx, one after the other",
        "reread 50 of 1,000 conversations: ours",
        "reread 50 of 1,000 conversations: httpx, one after the other",
        1 / 3,
        _ROUNDS,
    ),
    Goal(
        f"fetch 1,000 runs / {_BARE_ASYNC}",
        "fetch 1,000 runs: ours",
        f"fetch 1,000 runs: {_BARE_ASYNC}",
        1 / 0.9,
    ),
    Goal(
        "fetch, memory of 1,000 runs / 100 runs", "fetch, memory: 1,000 runs", "fetch, memory: 100 runs", 1.1
    ),
    Goal("import bluejay_results / httpx", "import: ours", "import: httpx", 1 / 3),
    Goal(
        "bluejay-results --help / import typer", "start: bluejay-results --help", "start: import typer", 1.3
    ),
    Goal(
        "bluejay-results show / import typer",
        "start: bluejay-results show FILE, 70 kB",
        "start: import typer",
        2.6,
        _IMPORTS,
    ),
    Goal(
        f"export {export.TIMED} saved runs / {export.OTHER}",
        f"export {export.TIMED} saved runs: {export.OURS}",
        f"export {export.TIMED} saved runs: {export.OTHER}",
        3.0,
        _JUDGED,
    ),
    Goal(
        "export, memory of 1,000 runs / 100 runs",
        "export, memory: 1,000 runs",
        "export, memory: 100 runs",
        1.15,
        _POOLS,
    ),
    *(_growth(*each) for each in growth.GROUPS),
]


def ratios(figures: Figures, goals: Sequence[Goal | Growth] = GOALS) -> dict[str, float]:
    """Return the measured ratio for each goal, by goal name."""
    return {goal.name: goal.value(figures) for goal in goals}
