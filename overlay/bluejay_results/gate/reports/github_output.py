"""A verdict as the outputs of a step of a GitHub workflow."""

from __future__ import annotations

from ...judging.thresholds import plain_number
from ..verdict import Decision, Verdict
from .content import page_url, plain
from .failure import Failure


def github_output(verdict: Verdict) -> str:
    """Return the lines for the file GITHUB_OUTPUT.

    `score` is the pass rate, 0 to 100. It is empty if the run is inconclusive.
    """
    is_decided = verdict.decision is not Decision.INCONCLUSIVE
    score = plain_number(verdict.pass_rate.value or 0.0) if is_decided else ""
    return _lines(verdict.decision, verdict.exit_code, score, verdict.run.id, page_url(verdict.run))


def failure_output(failure: Failure) -> str:
    """Return the same lines for a gate without a verdict; unknown values are empty."""
    return _lines(failure.decision, failure.exit_code, "", failure.run_id, failure.url)


def _lines(decision: str, exit_code: int, score: str, run_id: str, url: str) -> str:
    values = {
        "decision": decision,
        "exit-code": f"{exit_code}",
        "score": score,
        "run-id": plain(run_id, None),
        "report-url": plain(url, None),
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())
