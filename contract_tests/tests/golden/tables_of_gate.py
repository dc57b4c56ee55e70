"""What the gate decides about all small runs: a line for each run."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations_with_replacement, product
from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.gate import Finding, Rules, Verdict, gate
from bluejay_results.gate.next_step import next_step
from bluejay_results.gate.reports import annotations
from bluejay_results.gate.verdict import NoVerdict
from bluejay_results.gate.verdict_text import headline, pass_rate_text
from bluejay_results.report.first_screen import rate_chart, to_open

from ..gate.runs import FAILED, PASSED, UNKNOWN, VOID, judged, run_of

OUTCOMES = {"P": PASSED, "F": FAILED, "U": UNKNOWN, "V": VOID}
ENDS: dict[str, dict[str, Any]] = {
    "not settled": {"status": "RUNNING"},
    "not measured": {"total_tests": None},
}
CODES = (70, 1, 3, 5, 4, 6, 0, 2, 130)


def letters(of: str, counts: Iterable[int]) -> Iterator[str]:
    """Yield all texts with these numbers of letters; the order of letters makes no difference."""
    for count in counts:
        yield from map("".join, combinations_with_replacement(of, count))


def run_with(outcomes: str, caller: int | None = None, **fields: Any) -> SimulationRun:
    """Return a run with a conversation for each letter; M is a missing one."""
    listed = [OUTCOMES[each] | {"digital_human_id": caller} for each in outcomes if each != "M"]
    return run_of(*listed, **{"total_tests": len(outcomes)} | fields)


def told(finding: Finding) -> str:
    """Return all values of a finding."""
    ends = f"{finding.lowest} to {finding.highest} of {finding.sample}/{finding.total}"
    because = [finding.obstacle.name.lower()] if finding.obstacle else []
    opened = [f"open {' '.join(map(str, finding.conversations))}"] if finding.conversations else []
    return " ".join([finding.verdict, ends, *because, *finding.details, *opened])


def counts() -> Iterator[str]:
    """Yield the decision on each run with up to four conversations, passed, failed, unknown, void or missing.

    The rules are those that apply by default, and a minimum of 50 % without and with `confident`.
    """
    for each in letters("PFUVM", range(5)):
        run = run_with(each)
        lenient = judged(run, min_pass_rate=50, max_void=100)
        sure = judged(run, min_pass_rate=50, max_void=100, confident=True)
        verdict = gate(run)
        [of_run] = verdict.runs
        unmet = " ".join(condition.name for condition in of_run.unmet)
        opened = [[result.id for result in reason.results] for reason in to_open(of_run)]
        yield f"== {each or 'nothing'}"
        listed = [result.id for result in of_run.not_passed]
        yield f"{headline(verdict)} ({verdict.exit_code}; {of_run.cause}; unmet: {unmet})"
        yield f"to open: {opened} of {listed}"
        yield f"next: {next_step(verdict)}"
        yield f"50 %: {told(lenient.findings[0])}; confident: {told(sure.findings[0])}"
        yield f"{rate_chart(of_run.pass_rate, 80)}"
        yield from annotations(verdict)


def repeated_callers() -> Iterator[str]:
    """Yield the verdict on a caller with four to six conversations, alone and beside one that fails."""
    for each in letters("PFUV", range(4, 7)):
        alone = run_with(each, 7)
        both = [
            OUTCOMES[one] | {"digital_human_id": who}
            for who, all_ in ((7, each), (8, "FFFFF"))
            for one in all_
        ]
        beside = run_of(*both)
        found = [judged(alone).findings[1]]
        found += [judged(beside, max_always_failing=most).findings[1] for most in (0, 1, 2)]
        yield f"{each}: {'; '.join(map(told, found))}; {pass_rate_text(judged(beside))}"


def callers_that_must_pass() -> Iterator[str]:
    """Yield the verdict on a caller that must pass in one or two runs."""
    seconds = ("", "P", "F", "U", "V", *ENDS)
    for first, second in product(letters("PFUV", range(3)), seconds):
        others = [{"digital_human_id": each} for each in range(100, 110)]
        sides = [
            run_of(
                *(OUTCOMES[one] | {"digital_human_id": 57} for one in outcomes),
                *others,
                id=id_,
                **ENDS.get(second if id_ == "2" else "", {}),
            )
            for id_, outcomes in (("1", first), ("2", "F" if second in ENDS else second))
        ]
        verdict = gate(sides, Rules(must_pass=(57,), min_pass_rate=0, max_void=100))
        [finding] = verdict.findings
        said = f"{told(finding)}; {headline(verdict)} | {next_step(verdict)}"
        yield f"{first or '-'}, then {second or '-'}: {said}"


def precedence() -> Iterator[str]:
    """Yield the exit code and the decision for each two exit codes of runs."""
    for codes in combinations_with_replacement(CODES, 2):
        orders: list[Sequence[int]] = [codes, codes[::-1]]
        both = [Verdict(failures=tuple(NoVerdict(each, "said") for each in order)) for order in orders]
        yield f"{codes}: " + "; ".join(f"{each.exit_code} {each.decision} {bool(each)}" for each in both)
