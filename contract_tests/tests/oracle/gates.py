"""A second implementation of findings, decisions and exit codes, written only from the definitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .changes import Unreadable, WrongUsageError, base_finding, name_one_simulation
from .figures import Finding, judged
from .outcomes import Json, Reading, read
from .verdicts import (
    Options,
    always_failing_finding,
    not_a_measurement,
    pass_rate_finding,
)

Run = Reading | Unreadable
Answer = tuple[str, int]
"""A decision and an exit code."""

RULES = ("min-pass-rate", "max-always-failing", "must-pass", "base", "require")
INTERNAL_ERROR = 70
FIRST = (1, 3, 5, 4, 6)
"""The order in which exit codes decide about several runs; 0 if no run has one of these."""


@dataclass(frozen=True)
class Found:
    """A rule's finding about a run: the verdict, and the lowest and highest value that the rule limits.

    `subject` is the caller that must pass.
    """

    rule: str
    verdict: Finding
    lowest: Fraction | float | None = None
    highest: Fraction | float | None = None
    subject: str = ""


def received(document: Json, run_id: str, simulation_id: str | None = None) -> Run:
    """Return a requested run's outcomes, or 5 for a response about another run.

    A URL of the app also has the id of the simulation.
    """
    run = document["simulation_run"]
    is_requested = run["id"] == run_id and simulation_id in {None, run["simulation_id"]}
    return read(document) if is_requested else 5


def must_pass_findings(runs: Sequence[Run], options: Options) -> list[Found]:
    """Judge each `--must-pass` rule by the caller's conversations in all settled measurements together."""
    measured = [
        each
        for each in runs
        if isinstance(each, Reading) and each.settled and not not_a_measurement(each, options)
    ]
    found = []
    for caller in options.must_pass:
        outcomes = {
            outcome
            for reading in measured
            for (kind, id_), of_caller in reading.callers().items()
            if kind == "id" and str(id_) == caller
            for outcome in of_caller
        }
        verdict: Finding = "inconclusive"
        if "failed" in outcomes:
            verdict = "broken"
        elif "passed" in outcomes and outcomes <= {"passed", "void"}:
            verdict = "kept"
        found.append(Found("must-pass", verdict, subject=caller))
    return found


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
        found.append(Found("require", verdict, value, value))
    if base is not None:
        found.append(Found("base", base_finding(base, reading, options)))
    return found


def code_of(verdicts: set[Finding]) -> int:
    """Return the exit code of rules with these verdicts."""
    if "broken" in verdicts:
        return 1
    return 6 if "inconclusive" in verdicts or not verdicts else 0


def answer(code: int) -> Answer:
    return {0: "ship", 1: "don't ship", INTERNAL_ERROR: "no verdict"}.get(code, "inconclusive"), code


def is_wrong(options: Options) -> bool:
    """Return whether options are wrong usage, whatever the runs."""
    rules = [(each.aggregate, each.figure, each.operator) for each in options.require]
    is_repeated = any(len({*each}) < len(each) for each in (rules, options.must_pass))
    is_a_fraction = 0 < options.min_pass_rate <= 1
    return is_repeated or is_a_fraction or any(each.faults for each in options.require)


def gate_one(run: Run, options: Options, base: Run | None = None) -> Answer:
    """Judge a run by the rules for single runs. `--must-pass`, which spans all runs, counts as applicable."""
    if not isinstance(run, Reading):
        return answer(run)
    if not run.settled:
        return answer(4)
    if not_a_measurement(run, options):
        return answer(6)
    verdicts = {each.verdict for each in findings(run, options, base)}
    return answer(code_of(verdicts) if verdicts or not options.must_pass else 0)


def gate(
    runs: Sequence[Run], options: Options, base: Run | None = None, *, is_queued: bool = False
) -> Answer:
    """Judge one run or several; `is_queued` is whether they were requested with `--queue`."""
    ids = [each.run["id"] for each in runs if isinstance(each, Reading)]
    if INTERNAL_ERROR in (base, *runs):
        return answer(INTERNAL_ERROR)
    if is_wrong(options) or len({*ids}) < len(ids) or (base is not None and len(runs) > 1):
        raise WrongUsageError
    if isinstance(base, Reading) and isinstance(runs[0], Reading):
        name_one_simulation(base, runs[0])
    if is_queued and base is not None and not isinstance(base, Reading):
        return answer(base)
    codes = [gate_one(each, options, base)[1] for each in runs]
    codes += [code_of({each.verdict}) for each in must_pass_findings(runs, options)]
    return answer(next((code for code in FIRST if code in codes), 0))
