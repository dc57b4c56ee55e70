"""The product and the oracle agree about random runs, and the random runs show every case."""

import os
from collections.abc import Callable, Iterator
from itertools import product as pairs_of
from math import isclose
from typing import Any

import pytest
from bluejay_results.compare import compare

from . import facts, product
from .cases import all_rules, cases, options, options_of_several
from .changes import WrongUsageError
from .documents import base_of, pairs, readable, several
from .failed_fetches import BROKEN, FAILURES, awaited, outcomes_of
from .figures import AGGREGATES
from .gates import RULES
from .outcomes import Json, read
from .verdicts import Options

FINDINGS = ("kept", "broken", "inconclusive")
CONDITIONS = ("min-conversations", "max-void", "run-status", "total-tests", "counters")


def differences(found: Any, expected: Any, path: str = "") -> Iterator[str]:
    """Yield where two facts differ; numbers may differ by rounding errors."""
    if isinstance(found, list | tuple) and isinstance(expected, list | tuple):
        found, expected = dict(enumerate(found)), dict(enumerate(expected))
    if isinstance(found, dict) and isinstance(expected, dict) and found.keys() == expected.keys():
        for key in found:
            yield from differences(found[key], expected[key], f"{path}/{key}")
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


def _shown(verdict: Json | None) -> Iterator[str]:
    yield f"exit code {verdict['answer'][1]}" if verdict else "wrong usage"
    for run in verdict["runs"] if verdict else ():
        yield from (f"{name}: {is_met}" for name, is_met, _ in run["conditions"])
    for each in (verdict, *verdict["runs"]) if verdict else ():
        for rule, subject, finding, *_ in each.get("must-pass", each.get("findings")):
            yield from (f"{rule}: {finding}", f"{subject.split(' ')[0]}: {finding}")


def a_run(seed: str) -> Iterator[str]:
    """Compare everything about one run, and the gate's verdict on it."""
    document, chosen = cases(seed)
    reading = read(document, fetched=chosen.fetched, queued=chosen.queued)
    run, expected = product.run_of(document, chosen), verdict_of([reading], chosen)
    agree(product.of_run(run), facts.of_run(reading))
    agree(product.of_verdict([run], chosen), expected)
    yield from (*reading.reasons, *_shown(expected))
    is_corrected = reading.outcomes != reading.by_judge
    yield f"confident {chosen.confident}, corrected {is_corrected}"


def several_runs(seed: str) -> Iterator[str]:
    """Compare the verdict on one to three runs, some of which can't be read."""
    documents, chosen = several(seed), options_of_several(seed)
    runs = [each if isinstance(each, int) else product.run_of(each) for each in documents]
    expected = verdict_of([readable(each) for each in documents], chosen)
    agree(product.of_verdict(runs, chosen), expected)
    yield from _shown(expected)


def a_pair(seed: str) -> Iterator[str]:
    """Compare every number of a comparison, and the verdict on a run with a base run."""
    before, now = pairs(seed)
    run, reading = product.run_of(now), read(now)
    found = facts.of_comparison(read(before), reading)
    agree(product.of_comparison(compare(product.run_of(before), run)), found)
    yield found["change"]
    base, chosen = base_of(seed), options(seed)
    expected = verdict_of([reading], chosen, readable(base))
    of_base = base if isinstance(base, int) else product.run_of(base)
    agree(product.of_verdict([run], chosen, of_base), expected)
    yield from _shown(expected)


def failed_fetches(seed: str) -> Iterator[str]:
    """Compare an awaited run in which requests by id fail."""
    drawn = awaited(seed)
    run, requests = product.awaited(drawn.answers())
    received = drawn.received(requests)
    reading = outcomes_of(drawn, received)
    if isinstance(run, int) or isinstance(reading, int):
        assert run == reading
    else:
        agree(product.of_run(run), facts.of_run(reading))
        agree(product.of_verdict([run], Options()), verdict_of([reading], Options()))
        failed = {id_ for id_, each in received.items() if each and isinstance(each[-1], str)}
        assert product.not_fetched(run) == failed
    for first, *rest in filter(None, received.values()):
        yield from (f"{each}: last" for each in (rest or [first])[-1:] if isinstance(each, str))
        yield from (
            f"{first}: once" for each in rest[-1:] if isinstance(first, str) and isinstance(each, dict)
        )


def rules(seed: str) -> Iterator[str]:
    """Compare which rules about figures are wrong usage."""
    for rule in all_rules(seed):
        assert (product.rules_of(Options(require=(rule,))) is None) == bool(rule.faults), str(rule)
        yield from rule.faults if len(rule.faults) == 1 else ()


def each_finding(*rules: str) -> list[str]:
    return [f"{rule}: {finding}" for rule, finding in pairs_of(rules, FINDINGS)]


SUBJECTS: dict[str, tuple[Callable[[str], Iterator[str]], list[str]]] = {
    "rules": (rules, ["figure", "unit", "direction", "aggregate", "never broken", "never kept"]),
    "a run": (
        a_run,
        [
            *("stopped", "cut short", "status under way", "inconclusive status", "verdicts disagree"),
            *("no verdict", "no tool call recorded", "goal missed", "status of an error"),
            *("tools not called", "goal reached", "exit code 0", "exit code 1", "exit code 6"),
            *(f"{name}: {is_met}" for name, is_met in pairs_of(CONDITIONS, (True, False))),
            *each_finding("min-pass-rate", "max-always-failing", *AGGREGATES),
            *(f"confident {one}, corrected {other}" for one, other in pairs_of((True, False), repeat=2)),
        ],
    ),
    "several runs": (
        several_runs,
        [
            *(f"exit code {each}" for each in (0, 1, 3, 4, 5, 6, 70)),
            *each_finding("must-pass"),
            "wrong usage",
        ],
    ),
    "failed fetches": (
        failed_fetches,
        [*(f"{each}: last" for each in (*FAILURES, *BROKEN)), *(f"{each}: once" for each in FAILURES)],
    ),
    "a pair": (a_pair, ["worse", "better", "can't tell", *each_finding("base"), "wrong usage"]),
}
"""What to compare, and what the random runs show."""
NEW_SEEDS = os.environ.get("ORACLE_SEED", "")
SEEDS = [f"{NEW_SEEDS}{number}" for number in range(400 if NEW_SEEDS else 240)]
"""The seeds of the random runs. `make oracle` starts each with the day, so that the runs are new."""


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_product_and_the_oracle_agree_on_random_runs(subject: str) -> None:
    compared, expected = SUBJECTS[subject]
    shown = {event for seed in SEEDS for event in compared(seed)}
    assert NEW_SEEDS or {*expected} - shown == set()


def test_the_oracle_evaluates_every_rule_in_the_product() -> None:
    assert product.rule_names() == {*RULES}
