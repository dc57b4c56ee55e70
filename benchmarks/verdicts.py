"""The verdicts that PEERS.md and LEAGUE.md count, in the order of their columns."""

from contract_kit.judge.matrix import Verdict

SHOWN = (
    Verdict.REFUSED_BY_BODY,
    Verdict.REFUSED_BY_STATUS,
    Verdict.BELIEVED,
    Verdict.CRASHED,
    Verdict.HUNG,
    Verdict.WRONGLY_REFUSED,
    Verdict.ACCEPTED,
    Verdict.TOLERATED,
    Verdict.INCONCLUSIVE,
)
