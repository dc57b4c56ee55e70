"""The section about callers: one row per caller, one mark per conversation, and pass^k."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from ..judging.repeats import PassHatK, all_pass, flips, pass_hat_k
from ..judging.tally import Tally, tally
from ..results.digital_human import DigitalHuman
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..writing.safe_text import percent_text
from .scale import x_of
from .words import outcome_text, rate_text

MOST_ROWS = 60
_BINS = 5


@frozen
class CallerRow:
    """One caller.

    Attributes:
        id: The digital human's id; a dash if the conversation names no digital human.
        results: The caller's conversations in order of time.
        tally: How many conversations were judged, and how many of them passed.
        chances: pass^k of this caller alone, for each k that the page shows.
        rate: The caller's pass rate.
    """

    id: str
    results: tuple[SimulationResult, ...]
    tally: Tally
    chances: tuple[str, ...]
    rate: str


@frozen
class Bin:
    """How many of the callers without a row have a pass rate in one range."""

    text: str
    count: int
    width: str


@frozen
class Callers:
    """The section about callers.

    Attributes:
        rows: The rows of the worst callers, the worst first.
        hats: pass^k over all callers.
        flips: How often two conversations of one caller disagree; empty without repeats.
        folded: The callers without a row, counted by their pass rate.
        count: How many callers there are.
        has_repeats: Whether a caller has more than one conversation.
    """

    rows: list[CallerRow]
    hats: list[PassHatK]
    flips: str
    folded: list[Bin]
    count: int
    has_repeats: bool


def callers(run: SimulationRun) -> Callers:
    """Return the section: the rows of the worst callers, and the other callers counted by pass rate."""
    tallies = {index: tally(each.results) for index, each in enumerate(run.by_digital_human)}
    hats = pass_hat_k(list(tallies.values()))
    humans = sorted(enumerate(run.by_digital_human), key=lambda item: _badness(item[1], tallies[item[0]]))
    shown, folded = humans[:MOST_ROWS], humans[MOST_ROWS:]
    share = flips(list(tallies.values()))
    return Callers(
        [_row(human, tallies[index], hats) for index, human in shown],
        hats,
        "" if share is None else percent_text(share),
        _bins([tallies[index] for index, _ in folded]),
        len(humans),
        any(each.conversations > 1 for each in run.by_digital_human),
    )


def _badness(human: DigitalHuman, counts: Tally) -> tuple[float, int, int]:
    passed = counts.passed / counts.judged if counts.judged else 0.5
    doubtful = sum(bool(each.doubt) for each in human.results)
    return passed, counts.passed - counts.judged, -doubtful


def _row(human: DigitalHuman, counts: Tally, hats: Sequence[PassHatK]) -> CallerRow:
    chances = [all_pass(counts, each.k) for each in hats[1:]]
    return CallerRow(
        "-" if human.id is None else f"{human.id}",
        tuple(sorted(human.results, key=_begin)),
        counts,
        tuple("-" if each is None else percent_text(each) for each in chances),
        rate_text(*counts),
    )


def _begin(result: SimulationResult) -> tuple[bool, float]:
    """Return the start time as a sort key; conversations without a start come last, in listed order."""
    start = result.response.start_time
    return (False, start.timestamp()) if start else (True, 0.0)


def _bins(folded: Sequence[Tally]) -> list[Bin]:
    """Count callers by pass rate: always failed, in steps of 20 %, always passed, and never judged."""
    if not folded:
        return []
    labels = [f"{100 * low // _BINS} to {100 * (low + 1) // _BINS} %" for low in range(_BINS)]
    names = ["always failed", *labels, "always passed", "never judged"]
    counts = dict.fromkeys(names, 0)
    for passed, judged in folded:
        if not judged:
            name = names[-1]
        elif passed in {0, judged}:
            name = names[-2] if passed else names[0]
        else:
            name = labels[min(_BINS * passed // judged, _BINS - 1)]
        counts[name] += 1
    largest = max(counts.values())
    return [Bin(name, count, x_of(100 * count / largest)) for name, count in counts.items()]


def caption_text(result: SimulationResult) -> str:
    """Return the tooltip of a conversation's letter in the table of callers."""
    return f"{result.id}: {outcome_text(result)}"
