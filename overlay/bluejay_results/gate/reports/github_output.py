"""A verdict as the outputs of a step of a GitHub workflow."""

from __future__ import annotations

from ...judging.thresholds import plain_number
from ..verdict import Decision, Verdict
from .content import page_url, plain
from .failure import Failure

_SCORED = {Decision.SHIP, Decision.DO_NOT_SHIP}
"""The decisions with a score. After any other decision, the pass rate isn't a valid measurement."""


def github_output(verdict: Verdict) -> str:
    """Return the lines for the file GITHUB_OUTPUT.

    `score` is the pass rate, 0 to 100. It is empty if the gate reached neither `ship` nor `don't ship`.
    """
    decision = verdict.decision.name.lower().replace("_", "-")
    rate = verdict.run.judged_pass_rate if verdict.decision in _SCORED else None
    score = "" if rate is None else plain_number(100 * rate)
    return _lines(decision, verdict.exit_code, score, verdict.run.id, page_url(verdict.run))


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
