"""The rule about callers that always fail."""

from __future__ import annotations

from ..results.outcome import Outcome
from ..results.run import SimulationRun
from .verdict import Finding, Obstacle, RuleVerdict

FEWEST = 5
"""The rule is about callers with at least this many conversations: with fewer, chance looks like a defect."""
_CERTAIN = 4
"""A caller certainly always fails if at least this number of its conversations failed and none is unknown."""


def max_always_failing(run: SimulationRun, limit: int) -> Finding:
    """Judge how many callers may always fail, and how many certainly do."""
    repeated = [each for each in run.callers if each.counted + each.void >= FEWEST]
    never_passed = [each for each in repeated if not each.passed]
    may = [each for each in never_passed if each.failed or each.unknown]
    certain = [each for each in may if each.failed >= _CERTAIN and not each.unknown]
    if not repeated:
        return Finding(
            "max-always-failing",
            RuleVerdict.NOT_APPLICABLE,
            limit,
            obstacle=Obstacle.NO_REPEATED_CALLER,
        )
    is_kept, is_broken = len(may) <= limit, len(certain) > limit
    verdict = RuleVerdict.KEPT if is_kept else RuleVerdict.BROKEN if is_broken else RuleVerdict.INCONCLUSIVE
    shown = certain if is_broken else [] if is_kept else may
    return Finding(
        "max-always-failing",
        verdict,
        limit,
        float(len(certain)),
        float(len(certain)),
        float(len(may)),
        sample=len(repeated),
        total=len(repeated),
        obstacle=None if is_kept or is_broken else Obstacle.UNKNOWN_CONVERSATIONS,
        details=tuple(str(each.id) for each in shown),
        conversations=tuple(
            result.id
            for each in shown
            for result in run.results
            if result.digital_human_id == each.id and result.outcome in {Outcome.FAILED, Outcome.UNKNOWN}
        ),
    )
