"""The product and the oracle agree about random runs, and the random runs show every case."""

import os
from collections.abc import Iterator
from itertools import pairwise
from itertools import product as pairs_of
from math import isclose
from typing import Any

import pytest
from bluejay_results.compare import compare

from . import facts, product
from .answers import answers
from .cases import all_rules, cases, options, options_of_several
from .changes import WrongUsageError, compared
from .documents import bases, pairs, readable, several, waits
from .figures import AGGREGATES, Rule
from .gates import RULES, gate_one, subject_of
from .outcomes import KNOWN, Json, Reading, read, spelled
from .verdicts import Options

FINDINGS = ("kept", "broken", "inconclusive")
KINDS = ("latency", "duration", "flag", "metric")
STATUSES = {
    "new": ("failed", "unknown", "under way"),
    "no status": ("passed", "failed", "unknown", "under way"),
    "CALL_DROPPED": ("passed", "failed", "unknown"),
}
CORRECTED = ("passed", "failed"), ("failed", "passed"), ("unknown", "passed"), ("unknown", "failed")
EXPECTED = {
    "rules": [
        f"wrong usage: {each}"
        for each in ("figure", "unit", "direction", "aggregate", "never broken", "never kept")
    ],
    "a run": [
        *(f"gate: {each}" for each in ("ship", "don't ship", "inconclusive", "wrong usage")),
        *(f"{each}: {finding}" for each, finding in pairs_of(("min-pass-rate", "confident"), FINDINGS)),
        *(f"{each}: {finding}" for each, finding in pairs_of(("max-always-failing", *KINDS), FINDINGS)),
        *(f"{each}: {finding}" for each, finding in pairs_of(AGGREGATES, FINDINGS)),
        *(
            f"{each}: {is_met}"
            for each in ("min-conversations", "max-void", "run-status", "total-tests", "counters")
            for is_met in (True, False)
        ),
        *(f"{status}: {outcome}" for status, outcomes in STATUSES.items() for outcome in outcomes),
        *(f"corrected from {before} to {now}" for before, now in CORRECTED),
        *("stopped", "cut short", "status under way", "inconclusive status", "verdicts disagree"),
        *("no verdict", "no tool call recorded", "goal missed", "status of an error", "tools not called"),
        *("goal reached", "a corrected metric", "an uncorrected answer"),
    ],
    "several runs": [
        *(f"exit code {each}" for each in (0, 1, 3, 4, 5, 6, 70)),
        *(f"{one} beats {other}" for one, other in pairwise((70, 1, 3, 5, 4, 6, 0))),
        *("wrong usage", "must-pass alone refuses", "must-pass alone is inconclusive"),
        *(f"must-pass: {each}" for each in FINDINGS),
    ],
    "a base": [
        *(f"base: {each}" for each in FINDINGS),
        *("wrong usage", "fewer than five callers", "void conversations"),
    ],
    "a wait": [
        *("settled", "not settled", "calls may still arrive", "verdict may still arrive", "a base run"),
    ],
    "a comparison": ["worse", "better", "can't tell", "a change of a figure", "callers left out"],
}
"""What the random runs show, for each subject."""


def differences(found: Any, expected: Any, path: str = "") -> Iterator[str]:
    """Yield where two facts differ; numbers may differ by rounding errors."""
    if isinstance(found, dict) and isinstance(expected, dict) and found.keys() == expected.keys():
        for key in found:
            yield from differences(found[key], expected[key], f"{path}/{key}")
    elif (
        isinstance(found, list | tuple) and isinstance(expected, list | tuple) and len(found) == len(expected)
    ):
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            yield from differences(one, other, f"{path}/{place}")
    elif isinstance(found, bool) or None in (found, expected) or isinstance(found, str | dict | list | tuple):
        if found != expected or isinstance(found, bool) != isinstance(expected, bool):
            yield f"{path}: the product says {found!r}, the oracle {expected!r}"
    elif not isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9):
        yield f"{path}: the product says {found!r}, the oracle {float(expected)!r}"


def agree(found: Any, expected: Any) -> None:
    assert [*differences(found, expected)][:5] == []


def verdict_of(*arguments: Any) -> Json | None:
    """Return the oracle's facts of a verdict; None for wrong usage."""
    try:
        return facts.of_verdict(*arguments)
    except WrongUsageError:
        return None


def _in_run(reading: Reading) -> Iterator[str]:
    yield from reading.reasons
    for each, now, before in zip(reading.conversations, reading.outcomes, reading.by_judge, strict=True):
        status = spelled(each.get("status"))
        yield f"{'no status' if status is None else status if status in KNOWN else 'new'}: {now}"
        if now != before:
            yield f"corrected from {before} to {now}"
        for answer in answers(each):
            is_metric = answer.judge and answer.question not in {"goal reached", "pronunciation"}
            yield "a corrected metric" if is_metric else "an uncorrected answer"


def _kind(rule: Rule) -> str:
    if rule.is_metric:
        return "metric"
    return "latency" if rule.is_latency else "duration" if rule.figure == "duration" else "flag"


def a_run(seed: str) -> Iterator[str]:
    """Compare everything about one run, and the gate's verdict on it."""
    document, chosen = cases(seed)
    reading = read(document, fetched=chosen.fetched, queued=chosen.queued)
    run, expected = product.run_of(document, chosen), verdict_of([reading], chosen)
    agree(product.of_run(run), facts.of_run(reading))
    agree(product.of_verdict([run], chosen), expected)
    yield from _in_run(reading)
    yield f"gate: {expected['answer'][0] if expected else 'wrong usage'}"
    if expected:
        [of_run] = expected["runs"]
        yield from (f"{name}: {is_met}" for name, is_met, _ in of_run["conditions"])
        for name, subject, verdict, *_ in of_run["findings"]:
            yield f"{'confident' if chosen.confident and name == 'min-pass-rate' else name}: {verdict}"
            for rule in chosen.require:
                if subject == subject_of(rule):
                    yield from (f"{_kind(rule)}: {verdict}", f"{rule.aggregate}: {verdict}")


def several_runs(seed: str) -> Iterator[str]:
    """Compare the verdict on one to three runs, some of which can't be read."""
    documents, chosen = several(seed), options_of_several(seed)
    runs = [each if isinstance(each, int) else product.run_of(each) for each in documents]
    readings = [readable(each) for each in documents]
    expected = verdict_of(readings, chosen)
    agree(product.of_verdict(runs, chosen), expected)
    if expected is None:
        yield "wrong usage"
        return
    code = expected["answer"][1]
    yield f"exit code {code}"
    yield from (f"must-pass: {verdict}" for _, _, verdict, *_ in expected["must-pass"])
    of_each = {gate_one(each, chosen) for each in readings}
    yield from (f"{code} beats {other}" for other in of_each - {code})
    if of_each == {0} and code:
        yield "must-pass alone refuses" if code == 1 else "must-pass alone is inconclusive"


def a_base(seed: str) -> Iterator[str]:
    """Compare the verdict on a run with a base run."""
    (base, now), chosen = bases(seed), options(seed)
    before, run = readable(base), readable(now)
    expected = verdict_of([run], chosen, before)
    of_base = base if isinstance(base, int) else product.run_of(base)
    agree(product.of_verdict([product.run_of(now)], chosen, of_base), expected)
    if expected is None:
        yield "wrong usage"
        return
    found = [each for run in expected["runs"] for each in run["findings"] if each[0] == "base"]
    yield from (f"base: {verdict}" for _, _, verdict, *_ in found)
    if isinstance(before, Reading) and isinstance(run, Reading):
        callers = compared(before, run)
        if 0 < len(callers) < 5:
            yield "fewer than five callers"
        if any("void" in side for sides in callers.values() for side in sides):
            yield "void conversations"


def a_wait(seed: str) -> Iterator[str]:
    """Compare a run that `wait` read twice, or a base run that was read once."""
    received, watch = waits(seed)
    reading = read(received[-1][0], watch=watch)
    run = product.run_read_at(received, is_base=watch.is_base)
    agree(product.of_reading(run), facts.of_reading(reading))
    yield from (*reading.reasons, "settled" if reading.settled else "not settled")
    if watch.is_base:
        yield "a base run"


def a_comparison(seed: str) -> Iterator[str]:
    """Compare every number of a comparison."""
    before, now = pairs(seed)
    expected = facts.of_comparison(read(before), read(now))
    agree(product.of_comparison(compare(product.run_of(before), product.run_of(now))), expected)
    yield expected["change"]
    if expected["is compared"]:
        yield from ["callers left out"] * bool(expected["left out"])
        yield from ["a change of a figure"] * any(each[-1] for each in expected["deltas"])


def rules(seed: str) -> Iterator[str]:
    """Compare which rules about figures are wrong usage."""
    for rule in all_rules(seed):
        assert (product.rules_of(Options(require=(rule,))) is None) == bool(rule.faults), str(rule)
        if len(rule.faults) == 1:
            yield f"wrong usage: {rule.faults[0]}"


SUBJECTS = {
    each.__name__.replace("_", " "): each
    for each in (rules, a_run, several_runs, a_base, a_wait, a_comparison)
}
NEW_SEEDS = os.environ.get("ORACLE_SEED", "")
SEEDS = [f"{NEW_SEEDS}{number}" for number in range(400 if NEW_SEEDS else 240)]
"""The seeds of the random runs. `make oracle` starts each with the day, so that the runs are new."""


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_product_and_the_oracle_agree_on_random_runs(subject: str) -> None:
    shown = {event for seed in SEEDS for event in SUBJECTS[subject](seed)}
    assert NEW_SEEDS or {*EXPECTED[subject]} - shown == set()


def test_the_oracle_evaluates_every_rule_in_the_product() -> None:
    assert product.rule_names() == {*RULES}
