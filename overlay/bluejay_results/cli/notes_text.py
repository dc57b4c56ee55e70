"""What a person has to know to judge a run: what a void means, what is incomplete, and what repeats show."""

from collections.abc import Iterator

from bluejay_results.results.digital_human import DigitalHuman, Failing
from bluejay_results.results.result import Outcome, SimulationResult
from bluejay_results.results.run import SimulationRun

from .layout import Line
from .state import conversations

NO_CALLS = "tool calls expected, none recorded: either the recording failed or the agent called no tool"
_WORST = 5
"""Digital humans that are named."""


def lacks_calls(result: SimulationResult) -> bool:
    """Whether a conversation is void because no tool call is recorded."""
    return result.outcome is Outcome.VOID and result.reason.startswith("no tool call recorded")


def remarks(run: SimulationRun, *, is_waited: bool) -> Iterator[Line]:
    """Yield a line for each; after a wait nothing is left to read singly in a run that has settled."""
    incomplete = () if is_waited and run.is_settled else run.incomplete
    left_out = {each.id for each in incomplete}
    if void := sum(lacks_calls(each) and each.id not in left_out for each in run.results):
        yield "Void", f"{conversations(void)} with {NO_CALLS}"
    if incomplete:
        yield (
            "Note",
            f"{conversations(len(incomplete))} can't be judged yet, as tool calls may be missing: "
            f"bluejay-results wait {run.id} fetches {'it' if len(incomplete) == 1 else 'them'} by id",
        )
    yield from _repeats(run)


def _repeats(run: SimulationRun) -> Iterator[Line]:
    humans = [each for each in run.by_digital_human if each.conversations > 1]
    if not humans:
        return
    counts = {failing: sum(each.failing is failing for each in humans) for failing in (*Failing, None)}
    said = [f"{number} {failing or 'never judged'}" for failing, number in counts.items() if number]
    yield "Repeats", f"{len(humans)} callers with more than one conversation: {', '.join(said)}"
    worst = sorted((each for each in humans if each.failed), key=_failure, reverse=True)
    named = [f"{each.id} ({each.failed} of {each.passed + each.failed} failed)" for each in worst[:_WORST]]
    more = f" and {len(worst) - _WORST} more" if len(worst) > _WORST else ""
    yield "Worst", ", ".join(named) + more


def _failure(human: DigitalHuman) -> tuple[float, int]:
    return human.failed / (human.passed + human.failed), human.failed
