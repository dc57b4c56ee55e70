"""Events in random runs, so that a test can assert that the runs cover every case in the definitions.

An event is a text such as "latency: kept". Only the oracle decides which events a run contains.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from .cases import all_rules, cases, options, options_of_several
from .changes import WrongUsageError, base_finding, compare, compared, name_one_simulation
from .documents import bases, pairs, readable, several, waits
from .figures import FLAGS, Finding, Rule
from .figures import judged as evaluated
from .gates import RULES, Answer, Run, findings, gate, gate_one, must_pass_findings
from .outcomes import KNOWN, Json, Outcome, Reading, goals, read, spelled
from .verdicts import (
    COUNTERS,
    MANY,
    Options,
    fewest_passed,
    not_a_measurement,
)

FINDINGS = ("kept", "broken", "inconclusive")
KINDS = ("latency", "duration", "flag", "metric")
JUDGED = (
    *(*RULES, "confident", *KINDS),
    *("mean", "median", "min", "max", "p5", "p10", "p90", "p95", "rate"),
)
CONDITIONS = ("min-conversations", "max-void", "run-status", "total-tests", "counters")
STATUSES = {
    "new": ("failed", "unknown", "under way"),
    "no status": ("passed", "failed", "unknown", "under way"),
    "CALL_DROPPED": ("passed", "failed", "unknown"),
}
FAULTS = ("figure", "unit", "direction", "aggregate", "never broken", "never kept")
CORRECTED: list[tuple[Outcome, Outcome]] = [
    *(("passed", "failed"), ("failed", "passed"), ("unknown", "passed"), ("unknown", "failed")),
    *(("passed", "unknown"), ("failed", "unknown")),
]
CHANGES = (
    *("goal but not tool calls", "to agree", "to disagree", "gate", "compare", "wait", "flag", "metric"),
    *("metric to not applicable", "metric to four", "metric to 99"),
)
COUNTED = (
    *("too few", "too few passed by the reviewer alone", "too few passed by the judge alone"),
    *("as few as possible", "more than passed", "a dropped call failed", "negative"),
)
SEVERAL = (
    *("don't ship beside a run that isn't settled", "don't ship beside a run that breaks the contract"),
    *("must-pass alone refuses", "must-pass alone is inconclusive", "a caller in two runs must pass"),
)
EXPECTED = [
    *(f"gate: {each}" for each in ("ship", "don't ship", "inconclusive", "wrong usage")),
    *(f"compare: {each}" for each in ("worse", "better", "can't tell")),
    *(f"wait: {each}" for each in ("settled", "not settled")),
    *(f"{rule}: {finding}" for rule, finding in product(JUDGED, FINDINGS)),
    *(f"{each}: {is_}" for each, is_ in product(CONDITIONS, ("met", "not met"))),
    *(f"corrected: from {before} to {now}" for before, now in CORRECTED),
    *(f"corrected: {each}" for each in CHANGES),
    *(f"counters: {each}" for each in COUNTED),
    *(f"{status}: {outcome}" for status, outcomes in STATUSES.items() for outcome in outcomes),
    *(f"wrong usage: {each}" for each in FAULTS),
    *(f"runs: exit code {each}" for each in (0, 1, 4, 5, 6)),
    *(f"runs: {each}" for each in SEVERAL),
    *(f"{each}: wrong usage" for each in ("base", "runs")),
    *(f"always failing: {each}" for each in ("four failures", "fewer failures")),
    *("a run without a status is settled", "base: void conversations in k"),
    "base: fewer than five callers",
]


def _kind(rule: Rule) -> str:
    """Return the kind of figure that a rule is about."""
    if rule.is_metric:
        return "metric"
    return "latency" if rule.is_latency else "flag" if rule.figure in FLAGS else "duration"


def _of_findings(reading: Reading, chosen: Options) -> Iterator[tuple[str, Finding]]:
    """Yield each rule's subject, and its finding."""
    for found in findings(reading, chosen):
        is_confident = chosen.confident and found.rule == "min-pass-rate"
        yield "confident" if is_confident else found.rule, found.verdict
    for rule in chosen.require:
        finding, _ = evaluated(rule, reading, chosen.latency_unit)
        yield from ((_kind(rule), finding), (rule.aggregate, finding))


def without_reviewers(document: Json) -> Json:
    """Return a response, or part of one, without the reviewers' answers."""
    found = {name: value for name, value in document.items() if not name.startswith("human_")}
    for name in ("simulation_results", "evaluations", "custom_metrics"):
        if parts := found.get(name):
            found[name] = [without_reviewers(each) for each in parts]
    return found


def answered(runs: Sequence[Run], chosen: Options, base: Run | None = None) -> Answer | None:
    """Return the gate's answer; None if the runs or the options are wrong usage."""
    try:
        return gate(runs, chosen, base)
    except WrongUsageError:
        return None


def _of_rules(seed: str) -> Iterator[str]:
    """Yield why rules about figures are wrong usage, if there is a single reason."""
    for rule in all_rules(seed):
        if len(rule.faults) == 1:
            yield f"wrong usage: {rule.faults[0]}"


def _of_statuses(reading: Reading) -> Iterator[str]:
    """Yield the outcomes of conversations in a new status, without a status, and dropped."""
    for each, outcome in zip(reading.conversations, reading.outcomes, strict=True):
        status = spelled(each.get("status"))
        yield f"{'no status' if status is None else status if status in KNOWN else 'new'}: {outcome}"


def _of_callers(reading: Reading) -> Iterator[str]:
    """Yield the kinds of callers with at least five conversations of which none passed or is unknown."""
    for each in reading.callers().values():
        if len(each) >= MANY and "failed" in each and not {"passed", "unknown"} & {*each}:
            failures = each.count("failed")
            yield "four failures" if failures == MANY - 1 else "fewer failures" if failures < MANY else "all"


def _of_counters(reading: Reading) -> Iterator[str]:
    """Yield how `tests_passed` compares with both kinds of answers together, and with each kind alone."""
    tests_passed = reading.run.get("tests_passed")
    if any((reading.run.get(name) or 0) < 0 for name in COUNTERS):
        yield "negative"
    elif tests_passed is not None:
        by_reviewer, by_judge = (
            replace(reading, outcomes=each, by_judge=each) for each in (reading.outcomes, reading.by_judge)
        )
        lowest, of_reviewer, of_judge = map(fewest_passed, (reading, by_reviewer, by_judge))
        both = max(each.count("passed") for each in (by_reviewer, by_judge))
        found = {
            "too few": tests_passed < lowest,
            "too few passed by the reviewer alone": lowest <= tests_passed < of_reviewer,
            "too few passed by the judge alone": lowest <= tests_passed < of_judge,
            "as few as possible": tests_passed == lowest,
            "more than passed": tests_passed > both,
            "a dropped call failed": of_reviewer <= tests_passed < by_reviewer.count("passed"),
        }
        yield from (name for name, is_so in found.items() if is_so)


def _of_corrections(reading: Reading, judged: Reading, chosen: Options) -> Iterator[str]:
    """Yield the events for what the reviewer's answers changed."""
    sides = zip(reading.conversations, reading.outcomes, judged.outcomes, strict=True)
    for each, now, before in sides:
        effective, by_judge = goals(each), goals(each, by_judge=True)
        if now != before:
            yield f"from {before} to {now}"
        if (agree := len(effective) == 1) != (len(by_judge) == 1):
            yield "to agree" if agree else "to disagree"
        if now == "failed" and effective == {True} != by_judge:
            yield "goal but not tool calls"
    for rule in chosen.require:
        values = [evaluated(rule, side, chosen.latency_unit)[1] for side in (reading, judged)]
        if values[0] != values[1] and None not in values:
            yield _kind(rule)
    if answered([reading], chosen) != answered([judged], chosen):
        yield "gate"


def _of_metrics(document: Json) -> Iterator[str]:
    """Yield the events for a reviewer's answers to metrics."""
    for conversation in document["simulation_results"] or []:
        for evaluation in conversation.get("evaluations") or []:
            for metric in evaluation.get("custom_metrics", []):
                yield f"metric to {metric.get('human_response_value')}".lower()


def _of_a_run(seed: str) -> set[str]:
    """Return the events of a run that is judged with options."""
    document, chosen = cases(seed)
    original, judged = (
        read(of_side(document), fetched=[of_side(each) for each in chosen.fetched], queued=chosen.queued)
        for of_side in (dict, without_reviewers)
    )
    found = answered([original], chosen)
    decision = found[0] if found else "wrong usage"
    always = {
        f"gate: {decision}",
        *_of_statuses(original),
    }
    if not found or not original.settled:
        return always
    unmet = not_a_measurement(original, chosen)
    if original.run.get("status") is None:
        always.add("a run without a status is settled")
    return always | {
        *(f"{each}: {'not met' if each in unmet else 'met'}" for each in CONDITIONS),
        *(f"{rule}: {finding}" for rule, finding in _of_findings(original, chosen)),
        *(f"corrected: {each}" for each in _of_corrections(original, judged, chosen)),
        *(f"corrected: {each}" for each in _of_metrics(document)),
        *(f"counters: {each}" for each in _of_counters(original)),
        *(f"always failing: {each}" for each in _of_callers(original)),
    }


def _of_several_runs(seed: str) -> Iterator[str]:
    """Yield the events of one to three runs that are judged together."""
    runs, chosen = [readable(each) for each in several(seed)], options_of_several(seed)
    found = answered(runs, chosen)
    if found is None:
        yield "runs: wrong usage"
        return
    _, code = found
    yield f"runs: exit code {code}"
    of_each = {gate_one(each, chosen)[1] for each in runs}
    if code == 1 and 4 in of_each:
        yield "runs: don't ship beside a run that isn't settled"
    if code == 1 and 5 in of_each:
        yield "runs: don't ship beside a run that breaks the contract"
    if of_each == {0} and code:
        yield "runs: must-pass alone refuses" if code == 1 else "runs: must-pass alone is inconclusive"
    for each in must_pass_findings(runs, chosen):
        yield f"must-pass: {each.verdict}"
        if each.verdict == "kept" and any(each not in must_pass_findings([run], chosen) for run in runs):
            yield "runs: a caller in two runs must pass"


def _of_a_base(seed: str) -> Iterator[str]:
    """Yield the events of a run that is judged with a base run."""
    (base, run), chosen = map(readable, bases(seed)), options(seed)
    if not isinstance(base, Reading) or not isinstance(run, Reading):
        return
    try:
        name_one_simulation(base, run)
    except WrongUsageError:
        yield "base: wrong usage"
        return
    yield f"base: {base_finding(base, run, chosen)}"
    callers = compared(base, run)
    if 0 < len(callers) < 5:
        yield "base: fewer than five callers"
    sizes = [(len(side), len(side) - side.count("void")) for each in callers for side in each]
    if sizes and min(size for size, _ in sizes) > min(size for _, size in sizes):
        yield "base: void conversations in k"


def _of_a_wait(seed: str) -> set[str]:
    """Return the events of a run that `wait` read twice."""
    received, watch = waits(seed)
    last, _ = received[-1]
    settled, by_judge = (read(each, watch=watch).settled for each in (last, without_reviewers(last)))
    shown = {f"wait: {'settled' if settled else 'not settled'}"}
    return shown | ({"corrected: wait"} if settled != by_judge else set())


def _of_a_comparison(seed: str) -> set[str]:
    """Return the events of a comparison of two runs."""
    both = pairs(seed)
    verdict = compare(*map(read, both))
    by_judge = compare(*(read(without_reviewers(each)) for each in both))
    return {f"compare: {verdict}"} | ({"corrected: compare"} if verdict != by_judge else set())


def events(seed: str) -> set[str]:
    """Return the events of the runs, the wait and the comparisons with this seed."""
    of_runs = {*_of_several_runs(seed), *_of_a_base(seed), *_of_rules(seed)}
    return _of_a_run(seed) | _of_a_wait(seed) | _of_a_comparison(seed) | of_runs
