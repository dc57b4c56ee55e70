"""The rules about callers with several conversations; one conversation of a caller says little."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..judging.statistics import chance_that_many_fail_all
from ..judging.tally import Tally, tally
from ..judging.void_share import void_of
from ..results.digital_human import DigitalHuman
from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from .evidence import Evidence
from .verdict import Finding, RuleVerdict, kept_if

FEWEST = 3
"""The minimum number of judged conversations for a caller to count as failing every time."""
BY_CHANCE = 0.05
"""If chance alone causes a result in at most this share of runs, chance doesn't explain the result."""

Judged = tuple[DigitalHuman, Tally]


def always_failing(evidence: Evidence, at_most: int) -> Finding:
    """Judge how many callers fail every time, if chance doesn't explain the failures.

    Only callers with at least three judged conversations count. docs/definitions.md (Always failing) has the
    formula.
    """
    callers = _with_enough(_with_missing(_tallies(evidence), evidence.missing))
    failing = [each for each in callers if each[1].passed == 0]
    sizes = [judged for _, (_, judged) in callers]
    fails = 1 - (evidence.run.judged_pass_rate or 0.0)
    finding = Finding(
        "max-always-failing",
        f"{at_most}",
        f"{len(failing)} of {len(callers)} callers with {FEWEST} or more judged conversations failed "
        f"every time{_ids_text(failing)}",
        len(callers),
        RuleVerdict.NOT_APPLICABLE,
        broken_by=_failed(failing, evidence),
    )
    if not callers:
        return finding.without_value(f"needs at least {FEWEST} judged conversations per caller")
    failed_sizes = [judged for _, (_, judged) in failing]
    if not is_applicable(failed_sizes, sizes, fails):
        rate = f"{100 * (1 - fails):.1f} %"
        return finding.without_value(
            f"at a pass rate of {rate}, chance alone explains callers that fail every time; more "
            "conversations per caller are needed"
        )
    chance = chance_that_many_fail_all(len(failing), sizes, fails)
    explanation = (
        f"callers that failed all of at least {FEWEST} judged conversations; chance alone would make as many "
        f"callers fail in {_percent_text(chance)} of runs"
    )
    is_broken = is_beyond_chance(failed_sizes, sizes, fails, at_most)
    return finding.with_verdict(kept_if(not is_broken), explanation)


def is_applicable(failed: Sequence[int], sizes: Sequence[int], fails: float) -> bool:
    """Whether the rule applies.

    It applies if most callers failed every time, or if chance alone would make every caller fail every time
    in at most 5 % of runs.

    Args:
        failed: For each caller that failed every time, its number of conversations.
        sizes: How many conversations each caller has.
        fails: The chance that one conversation fails.
    """
    is_most = 2 * len(failed) > len(sizes)
    return is_most or chance_that_many_fail_all(len(sizes), sizes, fails) <= BY_CHANCE


def is_beyond_chance(failed: Sequence[int], sizes: Sequence[int], fails: float, at_most: int) -> bool:
    """Whether more callers than allowed fail every time, and chance doesn't explain the failures.

    Chance doesn't explain them in three cases: chance rarely makes as many callers fail; more callers than
    allowed have so many conversations that chance rarely makes them all fail; or most callers fail.
    `is_applicable` describes the arguments.
    """
    each_beyond = sum(len(sizes) * fails**size <= BY_CHANCE for size in failed)
    return len(failed) > at_most and (
        chance_that_many_fail_all(len(failed), sizes, fails) <= BY_CHANCE
        or each_beyond > at_most
        or 2 * len(failed) > len(sizes)
    )


def baseline_broken(evidence: Evidence, baseline: SimulationRun, max_void: float) -> Finding:
    """Judge whether callers that always passed in the baseline always fail now."""
    as_passed = Outcome.PASSED if evidence.doubtful_as else None
    before: dict[int | None, Tally] = {
        each.id: tally(each.results, as_passed) for each in baseline.by_digital_human if each.id is not None
    }
    both = [
        (before[each.id], each, now)
        for each, now in _with_enough(_with_missing(_paired(evidence, before), evidence.missing))
        if before[each.id].judged >= FEWEST
    ]
    turned = [(each, now) for then, each, now in both if then.passed == then.judged and not now.passed]
    finding = Finding(
        "baseline",
        f"against run {baseline.id}",
        f"{len(turned)} of {len(both)} callers always passed in the baseline and always fail now"
        f"{_ids_text(turned)}",
        len(both),
        kept_if(not turned),
        f"callers with at least {FEWEST} judged conversations in both runs",
        _failed(turned, evidence),
    )
    if reason := _unusable_reason(baseline, max_void):
        return finding.inconclusive(reason)
    return (
        finding if both else finding.inconclusive(f"no caller has {FEWEST} judged conversations in both runs")
    )


def _paired(evidence: Evidence, before: Mapping[int | None, Tally]) -> list[Judged]:
    """Return the callers of the baseline, also those that have no conversations now."""
    callers = [(each, now) for each, now in _tallies(evidence) if each.id in before]
    listed = {each.id for each, _ in callers}
    absent = [DigitalHuman(id_, ()) for id_ in before if id_ not in listed]
    return [*callers, *((each, Tally(0, 0)) for each in absent)]


def _unusable_reason(baseline: SimulationRun, max_void: float) -> str:
    if baseline.violations:
        return "the baseline breaks the contract"
    if not baseline.is_settled:
        return "the baseline is not settled"
    void = void_of(baseline)
    return f"{void} of the baseline is void or missing" if void.is_over(max_void) else ""


def _tallies(evidence: Evidence) -> list[Judged]:
    return [(each, tally(each.results, evidence.doubtful_as)) for each in evidence.run.by_digital_human]


def _with_enough(callers: Iterable[Judged]) -> list[Judged]:
    return [each for each in callers if each[1].judged >= FEWEST]


def _with_missing(callers: Sequence[Judged], missing: int) -> Iterator[Judged]:
    """Count missing conversations as failures of callers that always failed but have too few conversations.

    The callers of missing conversations are unknown, so this assumes the worst case.
    """
    for human, (passed, judged) in sorted(callers, key=lambda each: -each[1].judged):
        needed = FEWEST - judged
        if passed == 0 and 0 < needed <= missing and (judged or not human.results):
            missing -= needed
            judged += needed
        yield human, Tally(passed, judged)


def _failed(callers: Sequence[Judged], evidence: Evidence) -> tuple[SimulationResult, ...]:
    return tuple(
        each for human, _ in callers for each in human.results if evidence.outcome(each) is Outcome.FAILED
    )


def _ids_text(callers: Sequence[Judged], most: int = 3) -> str:
    ids = [f"{human.id}" for human, _ in callers]
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return f": {', '.join(ids[:most])}{more}" if ids else ""


def _percent_text(share: float) -> str:
    return "less than 0.1 %" if share < 0.001 else f"{100 * share:.1f} %"
