"""A second implementation of findings, decisions and exit codes, written only from the definitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .changes import Unreadable, WrongUsageError, base_finding, name_one_simulation
from .figures import Finding, Rule, judged
from .outcomes import Reading
from .verdicts import (
    Options,
    always_failing_finding,
    is_measurement,
    pass_rate_finding,
)

Run = Reading | Unreadable
Answer = tuple[str, int]
"""A decision and an exit code."""

RULES = ("min-pass-rate", "max-always-failing", "must-pass", "base", "require")
INTERNAL_ERROR = 70
FIRST = (INTERNAL_ERROR, 1, 3, 5, 4, 6)
"""The order in which exit codes decide about several runs; 0 if no run has one of these."""


@dataclass(frozen=True)
class Found:
    """A rule's finding about a run: the verdict, and the lowest and highest value that the rule limits.

    `subject` is the caller that must pass, or the figure.
    """

    rule: str
    verdict: Finding
    lowest: Fraction | float | None = None
    highest: Fraction | float | None = None
    subject: str = ""


def must_pass_findings(runs: Sequence[Run], options: Options) -> list[Found]:
    """Judge each `--must-pass` rule by the caller's conversations in all settled measurements together."""
    measured = [each for each in runs if isinstance(each, Reading) and each.settled]
    found = []
    for caller in options.must_pass:
        outcomes = [
            outcome
            for reading in measured
            if is_measurement(reading, options)
            for (kind, id_), of_caller in reading.callers().items()
            if kind == "id" and str(id_) == caller
            for outcome in of_caller
        ]
        passed, unknown = outcomes.count("passed"), outcomes.count("unknown")
        verdict: Finding = "kept" if passed and not unknown else "inconclusive"
        if "failed" in outcomes:
            verdict = "broken"
        found.append(Found("must-pass", verdict, passed, passed + unknown, caller))
    return found


def subject_of(rule: Rule) -> str:
    return f"{rule.aggregate} {rule.figure} {rule.is_metric} {rule.operator}"


def findings(reading: Reading, options: Options, base: Run | None = None) -> list[Found]:
    """Judge each enabled rule that applies to single runs."""
    found = []
    if options.min_pass_rate:
        verdict, lowest, highest = pass_rate_finding(reading, options)
        found.append(Found("min-pass-rate", verdict, lowest, highest))
    always = always_failing_finding(reading.callers().values(), options.max_always_failing)
    if always:
        found.append(Found("max-always-failing", *always))
    for rule in options.require:
        verdict, value = judged(rule, reading, options.latency_unit)
        found.append(Found("require", verdict, value, value, subject_of(rule)))
    if base is not None:
        verdict, changes = base_finding(base, reading, options)
        found.append(Found("base", verdict, *(changes and (min(changes), max(changes)))))
    return found


CODES = {
    "broken": 1,
    "not settled": 4,
    "violation": 5,
    "not a measurement": 6,
    "undecided": 6,
    "no rule": 6,
    "kept": 0,
}
DECISIONS = {0: "ship", 1: "don't ship", 3: "failed", INTERNAL_ERROR: "internal error"}


def answer(code: int) -> Answer:
    return DECISIONS.get(code, "inconclusive"), code


def is_wrong(options: Options) -> bool:
    """Return whether options are wrong usage, whatever the runs."""
    rules = [(each.aggregate, each.figure, each.operator) for each in options.require]
    is_repeated = any(len({*each}) < len(each) for each in (rules, options.must_pass))
    is_a_fraction = 0 < options.min_pass_rate <= 1
    return is_repeated or is_a_fraction or any(each.faults for each in options.require)


def cause(run: Run, options: Options, base: Run | None = None) -> str:
    """Return what decides about a run by the rules for single runs.

    `--must-pass`, which spans all runs, counts as applicable.
    """
    if not isinstance(run, Reading):
        return "violation" if run == 5 else "failed"
    if not run.settled:
        return "not settled"
    if not is_measurement(run, options):
        return "not a measurement"
    verdicts = {each.verdict for each in findings(run, options, base)}
    if "broken" in verdicts:
        return "broken"
    if "inconclusive" in verdicts:
        return "undecided"
    return "kept" if verdicts or options.must_pass else "no rule"


def gate_one(run: Run, options: Options, base: Run | None = None) -> int:
    """Return a run's exit code by the rules for single runs."""
    return CODES[cause(run, options, base)] if isinstance(run, Reading) else run


def gate(runs: Sequence[Run], options: Options, base: Run | None = None) -> Answer:
    """Judge one run or several; raise WrongUsageError for runs or options that are wrong usage."""
    ids = [each.run["id"] for each in runs if isinstance(each, Reading)]
    if is_wrong(options) or len({*ids}) < len(ids) or (base is not None and len(runs) > 1):
        raise WrongUsageError
    if isinstance(base, Reading) and isinstance(runs[0], Reading):
        name_one_simulation(base, runs[0])
    codes = [gate_one(each, options, base) for each in runs]
    of_rules = {each.verdict for each in must_pass_findings(runs, options)}
    codes += [1] * ("broken" in of_rules) + [6] * ("inconclusive" in of_rules)
    return answer(next((code for code in FIRST if code in codes), 0))
