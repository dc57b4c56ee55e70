"""The harness's reports for each rule."""

from collections.abc import Iterator

from ..harness.findings import CONTRACT, failures
from ..harness.mutants import catalogue


def findings() -> Iterator[str]:
    """Yield each rule's exact report about the first mutant that it finds."""
    told = set[str]()
    for case in catalogue(CONTRACT):
        if case.rule and case.rule not in told:
            for failure in [each for each in failures(case) if each.rule == case.rule][:1]:
                told.add(case.rule)
                yield f"{case.id}: {failure}"
