"""A verdict as GitHub workflow annotations and step outputs."""

from collections.abc import Iterator

from ...results.outcome import Outcome
from ..verdict import RunVerdict, Verdict
from ..verdict_text import headline, page_url, plain

_MOST = 10
"""The maximum number of annotations of each kind that GitHub shows per step."""
_LONGEST_ID = 100


def annotations(verdict: Verdict) -> list[str]:
    """Return workflow commands: the reason not to ship, the conversations that did not pass, and the notes.

    There are at most ten errors and warnings in total, worst first, and at most ten notices. If the decision
    is to ship, a conversation that didn't pass is a warning.
    """
    ids = " and ".join(plain(each, _LONGEST_ID) for each in verdict.run_ids)
    name = f"Gate for run {ids}" if ids else "Gate"
    said = [] if verdict.ships else [_command("error", name, headline(verdict))]
    said += [each for run in verdict.runs for each in _conversations(run, is_fine=verdict.ships)]
    notes = [note for each in verdict.runs for note in each.notes]
    return said[:_MOST] + [_command("notice", name, plain(note)) for note in notes[:_MOST]]


def _conversations(verdict: RunVerdict, *, is_fine: bool) -> Iterator[str]:
    for each in verdict.not_passed:
        if each.outcome is not Outcome.UNDER_WAY:
            level = "error" if each.outcome is Outcome.FAILED and not is_fine else "warning"
            message = f"{plain(each.reason)} {page_url(verdict.run)}"
            yield _command(level, f"Conversation {each.id}: {each.outcome}", message)


def github_output(verdict: Verdict) -> str:
    """Return the lines for the GITHUB_OUTPUT file; run ids are separated by spaces."""
    ids = " ".join(plain(each, None) for each in verdict.run_ids)
    return f"decision={verdict.decision.name.lower()}\nrun-id={ids}\n"


def _command(level: str, title: str, message: str) -> str:
    """Return a workflow command, which is a single line because `plain` removes line breaks."""
    name = plain(title).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={name}::{plain(message, None).replace('%', '%25')}"
