"""Events in random runs, so that a test can assert that the runs cover every case in the definitions.

An event is a text such as "latency: kept". Only the oracle decides which events a run contains.
"""

from collections.abc import Iterator
from itertools import product

from .cases import cases, options, options_of_several
from .changes import WrongUsageError, base_finding, compare, compared, name_one_simulation
from .documents import bases, pairs, readable, several, waits
from .figures import FLAGS, Finding, Rule
from .figures import judged as evaluated
from .gates import RULES, findings, gate, gate_one, must_pass_findings
from .outcomes import Json, Outcome, Reading, answered, goals, read
from .verdicts import (
    MOST_CALLERS,
    Options,
    callers_needed,
    not_a_measurement,
    pass_rate_finding,
    tests_passed_bounds,
)

FINDINGS = ("kept", "broken", "inconclusive")
KINDS = ("latency", "duration", "flag", "metric")
JUDGED = (
    *(*RULES, "confident", *KINDS),
    *("mean", "median", "min", "max", "p5", "p10", "p90", "p95", "rate"),
)
CONDITIONS = ("min-conversations", "max-void", "total-tests", "counters")
CORRECTED: list[tuple[Outcome, Outcome]] = [
    *(("passed", "failed"), ("failed", "passed"), ("unknown", "passed"), ("unknown", "failed")),
    *(("passed", "unknown"), ("failed", "unknown")),
]
CHANGES = (
    *("goal but not tool calls", "to agree", "to disagree", "gate", "compare", "wait", "flag", "metric"),
    *("metric to not applicable", "metric to four", "metric to 99"),
)
COUNTERS = (
    *("too few", "too many", "too few passed by the reviewer alone", "too many passed by the reviewer alone"),
    *("too few passed by the judge alone", "too many passed by the judge alone", "a dropped call failed"),
)
SEVERAL = (
    *("don't ship beside a run that isn't settled", "don't ship beside a run that breaks the contract"),
    *("must-pass alone refuses", "must-pass alone is inconclusive", "a caller in two runs must pass"),
)
EXPECTED = [
    *(f"gate: {each}" for each in ("ship", "don't ship", "inconclusive")),
    *(f"compare: {each}" for each in ("worse", "better", "can't tell")),
    *(f"wait: {each}" for each in ("settled", "not settled")),
    *(f"{rule}: {finding}" for rule, finding in product(JUDGED, FINDINGS)),
    *(f"{each}: {is_}" for each, is_ in product(CONDITIONS, ("met", "not met"))),
    *(f"corrected: from {before} to {now}" for before, now in CORRECTED),
    *(f"corrected: {each}" for each in CHANGES),
    *(f"counters: {each}" for each in COUNTERS),
    *(f"callers needed: {each}" for each in ("some", "over 1,000", "no number")),
    *(f"runs: exit code {each}" for each in (0, 1, 4, 5, 6)),
    *(f"runs: {each}" for each in SEVERAL),
    *(f"{each}: wrong usage" for each in ("base", "runs")),
    "base: void conversations in k",
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


def _of_counters(reading: Reading, judged: Reading, reviewed: Reading) -> Iterator[str]:
    """Yield how `tests_passed` compares with its bounds, by both kinds of answers and by each kind alone."""
    tests_passed = reading.run.get("tests_passed")
    if tests_passed is None:
        return
    lowest, highest = tests_passed_bounds(reading)
    if not lowest <= tests_passed <= highest:
        yield "too few" if tests_passed < lowest else "too many"
        return
    for of_one, name in ((reviewed, "reviewer"), (judged, "judge")):
        lowest, highest = tests_passed_bounds(of_one)
        if not lowest <= tests_passed <= highest:
            yield f"too {'few' if tests_passed < lowest else 'many'} passed by the {name} alone"
    if tests_passed_bounds(reviewed)[0] <= tests_passed < reviewed.count("passed"):
        yield "a dropped call failed"


def _of_corrections(reading: Reading, judged: Reading, chosen: Options) -> Iterator[str]:
    """Yield the events for what the reviewer's answers changed."""
    sides = zip(reading.conversations, reading.outcomes, judged.by_judge, strict=True)
    for each, now, (before, outcome) in sides:
        if now != outcome:
            yield f"from {outcome} to {now}"
        if (agree := len(goals(each)) == 1) != (len(goals(before)) == 1):
            yield "to agree" if agree else "to disagree"
        if now == "failed" and goals(each) == {True} != goals(before):
            yield "goal but not tool calls"
    for rule in chosen.require:
        values = [evaluated(rule, side, chosen.latency_unit)[1] for side in (reading, judged)]
        if values[0] != values[1] and None not in values:
            yield _kind(rule)
    if gate([reading], chosen) != gate([judged], chosen):
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
    records = [document, *chosen.fetched]
    original, judged, reviewed = (
        read(first, fetched=fetched, queued=chosen.queued)
        for first, *fetched in (
            records,
            *([answered(each, by_reviewer=by_reviewer) for each in records] for by_reviewer in (False, True)),
        )
    )
    decision, _ = gate([original], chosen)
    if not original.settled:
        return {f"gate: {decision}"}
    unmet = not_a_measurement(original, chosen)
    return {
        f"gate: {decision}",
        *(f"{each}: {'not met' if each in unmet else 'met'}" for each in CONDITIONS),
        *(f"{rule}: {finding}" for rule, finding in _of_findings(original, chosen)),
        *(f"corrected: {each}" for each in _of_corrections(original, judged, chosen)),
        *(f"corrected: {each}" for each in _of_metrics(document)),
        *(f"counters: {each}" for each in _of_counters(original, judged, reviewed)),
        *(f"callers needed: {each}" for each in _of_callers_needed(original, chosen)),
    }


def _of_callers_needed(reading: Reading, chosen: Options) -> Iterator[str]:
    """Yield the events for the number of callers needed, if it is printed."""
    if chosen.min_pass_rate and chosen.confident and pass_rate_finding(reading, chosen)[0] == "inconclusive":
        needed = callers_needed(reading, chosen)
        yield "no number" if needed is None else "over 1,000" if needed > MOST_CALLERS else "some"


def _of_several_runs(seed: str) -> Iterator[str]:
    """Yield the events of one to three runs that are judged together."""
    runs, chosen = [readable(each) for each in several(seed)], options_of_several(seed)
    try:
        _, code = gate(runs, chosen)
    except WrongUsageError:
        yield "runs: wrong usage"
        return
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
    settled, by_judge = (
        read(each, watch=watch).settled for each in (last, answered(last, by_reviewer=False))
    )
    shown = {f"wait: {'settled' if settled else 'not settled'}"}
    return shown | ({"corrected: wait"} if settled != by_judge else set())


def _of_a_comparison(seed: str) -> set[str]:
    """Return the events of a comparison of two runs."""
    both = pairs(seed)
    verdict = compare(*map(read, both))
    by_judge = compare(*(read(answered(each, by_reviewer=False)) for each in both))
    return {f"compare: {verdict}"} | ({"corrected: compare"} if verdict != by_judge else set())


def events(seed: str) -> set[str]:
    """Return the events of the runs, the wait and the comparisons with this seed."""
    of_runs = {*_of_several_runs(seed), *_of_a_base(seed)}
    return _of_a_run(seed) | _of_a_wait(seed) | _of_a_comparison(seed) | of_runs
