"""A verdict as annotations of a GitHub workflow."""

from ...results.outcome import Outcome
from ..verdict import Verdict
from ..words import not_passed, notes
from .content import headline, page_url, plain, reason_text
from .failure import Failure

MOST = 10
"""How many annotations of each kind GitHub shows for a step."""

_LONGEST_ID = 100


def annotations(verdict: Verdict) -> list[str]:
    """Return workflow commands for the reason not to ship, conversations that did not pass, and the notes.

    There are at most ten errors and warnings, the worst first, and at most ten notices. If the run ships, a
    conversation that did not pass is a warning.
    """
    name = f"Gate of run {plain(verdict.run.id, _LONGEST_ID)}"
    said = [] if verdict.ships else [_command("error", name, headline(verdict))]
    bad = [each for each in not_passed(verdict) if each.outcome is not Outcome.UNDER_WAY]
    room = MOST - len(said)
    listed = bad if len(bad) <= room else bad[: room - 1]
    for each in listed:
        level = "error" if each.outcome is Outcome.FAILED and not verdict.ships else "warning"
        message = f"{reason_text(each)} {page_url(verdict.run)}"
        said.append(_command(level, f"Conversation {each.id}: {each.outcome}", message))
    if more := len(bad) - len(listed):
        said.append(_command("warning", name, f"{more} more conversations did not pass"))
    said += [_command("notice", name, note) for note in notes(verdict)[:MOST]]
    return said


def failure_annotations(failure: Failure) -> list[str]:
    """Return a workflow command that says why there is no verdict."""
    name = f"Gate of run {plain(failure.run_id, _LONGEST_ID)}" if failure.run_id else "Gate"
    return [_command("error", name, failure.headline)]


def _command(level: str, title: str, message: str) -> str:
    """Return a workflow command; `plain` has removed the line breaks."""
    name = plain(title).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={name}::{plain(message, None).replace('%', '%25')}"
