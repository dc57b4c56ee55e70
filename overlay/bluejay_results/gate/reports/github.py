"""A verdict as annotations of a GitHub workflow, and as the outputs of its step."""

from ...results.outcome import Outcome
from ..verdict import NoVerdict, Verdict
from ..verdict_text import headline, page_url, plain

_MOST = 10
"""How many annotations of each kind GitHub shows for a step."""
_LONGEST_ID = 100


def annotations(verdict: Verdict | NoVerdict) -> list[str]:
    """Return workflow commands for the reason not to ship, conversations that did not pass, and the notes.

    There are at most ten errors and warnings together, the worst first, and at most ten notices. If the run
    ships, a conversation that did not pass is a warning.
    """
    name = f"Gate of run {plain(verdict.run.id, _LONGEST_ID)}" if verdict.run.id else "Gate"
    said = [] if verdict.ships else [_command("error", name, headline(verdict))]
    bad = [each for each in verdict.not_passed if each.outcome is not Outcome.UNDER_WAY]
    for each in bad[: _MOST - len(said)]:
        level = "error" if each.outcome is Outcome.FAILED and not verdict.ships else "warning"
        message = f"{plain(each.reason)} {page_url(verdict.run)}"
        said.append(_command(level, f"Conversation {each.id}: {each.outcome}", message))
    return said + [_command("notice", name, plain(note)) for note in verdict.run.notes[:_MOST]]


def github_output(verdict: Verdict | NoVerdict) -> str:
    """Return the lines for the file GITHUB_OUTPUT; the id of an unknown run is empty."""
    return f"decision={verdict.decision.name.lower()}\nrun-id={plain(verdict.run.id, None)}\n"


def _command(level: str, title: str, message: str) -> str:
    """Return a workflow command, which is one line, because `plain` removes line breaks."""
    name = plain(title).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={name}::{plain(message, None).replace('%', '%25')}"
