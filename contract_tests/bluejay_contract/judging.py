"""Judges exchanges by all rules: the exchanges of a live service or a recording, or one saved body."""

from __future__ import annotations

from .checks import RULES, SEQUENCE_RULES, check, check_sequence, inapplicable_rules, is_under_way, pairs
from .checks.document import results_of, run_of
from .contract import Contract
from .exchange import Exchange, Key
from .failure import as_json, each_once
from .operations import RESULTS, Page
from .redaction import Redaction
from .reports import Paging, Report


def report(
    contract: Contract,
    answers: list[Exchange],
    source: str,
    *,
    strict: bool = False,
    redaction: Redaction | None = None,
) -> Report:
    """Judge exchanges by all rules. A failure that two exchanges share is reported once."""
    show = redaction.received if redaction else as_json
    compared = list(pairs(_reads(answers)))
    found = [each for answer in answers for each in check(contract, answer, show=show)]
    found += [each for pair in compared for each in check_sequence(*pair, show=show)]
    of_two = [rule for rule in SEQUENCE_RULES if not any(rule.is_applicable(*pair) for pair in compared)]
    return Report(
        source,
        contract.version,
        (*RULES, *SEQUENCE_RULES),
        each_once(map(redaction.failure, found) if redaction else found),
        (*inapplicable_rules(contract, answers), *of_two),
        refusal=_refusal(contract, answers),
        under_way=any(map(is_under_way, _reads(answers, Page())[-1:])),
        strict=strict,
    )


def _refusal(contract: Contract, answers: list[Exchange]) -> str:
    """Return the statuses as text if the service refused every valid request; otherwise an empty string."""
    statuses = [each.status for each in _valid(answers)]
    if any(status in contract.operations[RESULTS].statuses for status in statuses):
        return ""
    return " and ".join(str(status) for status in dict.fromkeys(statuses))


def paging(answers: list[Exchange]) -> Paging:
    """Return whether the service sends pages: whether a limit reduces the number of results."""
    small, full = (
        max((len(results_of(each)) for each in _reads(answers, page) if run_of(each)), default=0)
        for page in (Page(limit=1), Page())
    )
    if small == 0 or full <= 1:
        return Paging.UNKNOWN
    return Paging.SENT if small == 1 else Paging.IGNORED


def _valid(answers: list[Exchange]) -> list[Exchange]:
    return [each for each in answers if each.request.key is Key.VALID and each.request.exists]


def _reads(answers: list[Exchange], page: Page | None = None) -> list[Exchange]:
    reads = [each for each in _valid(answers) if each.request.operation == RESULTS]
    return [each for each in reads if page in (None, each.request.page)]
