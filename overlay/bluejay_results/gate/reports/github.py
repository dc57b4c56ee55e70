"""A verdict as annotations of a GitHub workflow, and as the outputs of its step."""

from ...judging.thresholds import plain_number
from ...results.outcome import Outcome
from ..verdict import Decision, Verdict
from ..words import not_passed, notes
from .content import headline, page_url, plain
from .failure import Failure

_MOST = 10
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
    room = _MOST - len(said)
    listed = bad if len(bad) <= room else bad[: room - 1]
    for each in listed:
        level = "error" if each.outcome is Outcome.FAILED and not verdict.ships else "warning"
        message = f"{plain(each.reason)} {page_url(verdict.run)}"
        said.append(_command(level, f"Conversation {each.id}: {each.outcome}", message))
    if more := len(bad) - len(listed):
        said.append(_command("warning", name, f"{more} more conversations did not pass"))
    return said + [_command("notice", name, note) for note in notes(verdict)[:_MOST]]


def failure_annotations(failure: Failure) -> list[str]:
    """Return a workflow command that says why there is no verdict."""
    name = f"Gate of run {plain(failure.run_id, _LONGEST_ID)}" if failure.run_id else "Gate"
    return [_command("error", name, failure.headline)]


def github_output(verdict: Verdict) -> str:
    """Return the lines for the file GITHUB_OUTPUT.

    `score` is the pass rate, 0 to 100. It is empty if the run is inconclusive.
    """
    is_decided = verdict.decision is not Decision.INCONCLUSIVE
    score = plain_number(verdict.pass_rate.value or 0.0) if is_decided else ""
    return _outputs(verdict.decision, verdict.exit_code, score, verdict.run.id, page_url(verdict.run))


def failure_output(failure: Failure) -> str:
    """Return the same lines for a gate without a verdict; unknown values are empty."""
    return _outputs(failure.decision, failure.exit_code, "", failure.run_id, failure.url)


def _command(level: str, title: str, message: str) -> str:
    """Return a workflow command; `plain` has removed the line breaks."""
    name = plain(title).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={name}::{plain(message, None).replace('%', '%25')}"


def _outputs(decision: str, exit_code: int, score: str, run_id: str, url: str) -> str:
    ids = f"run-id={plain(run_id, None)}\nreport-url={plain(url, None)}\n"
    return f"decision={decision}\nexit-code={exit_code}\nscore={score}\n{ids}"
