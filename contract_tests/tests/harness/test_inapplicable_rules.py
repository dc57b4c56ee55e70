"""Which rules apply to an exchange; a report lists the others as inapplicable."""

import pytest
from bluejay_contract.checks import RULES, SEQUENCE_RULES, inapplicable_rules
from bluejay_contract.exchange import Exchange, Key
from bluejay_contract.page import Page

from .. import builders
from .exchanges import CONTRACT, answered

RUN = builders.encoded(builders.response())
OF_KEYS = {"ignored-auth", "missing-required-header", "missing-header-named"}
OF_A_RUN = {rule.name for rule in RULES if rule.name.startswith(("results-", "verdicts-", "metric-"))}
OF_A_SCHEMA = {"response-schema-conformance", "unknown-enum-value", "time-without-zone", "unknown-field"}
OF_HEADERS, OF_BODIES = {"content-type-conformance"}, {"json-body"}
OF_A_REQUEST = {
    "status-code-conformance",
    "known-undocumented-status",
    "unsupported-method",
    "same-run",
} | OF_HEADERS
DETAILS, ACCEPTED, LEAKED = {"validation-error-details"}, {"positive-data-acceptance"}, {"leaked-api-key"}


def _inapplicable(*exchanges: Exchange) -> set[str]:
    return {rule.name for rule in inapplicable_rules(CONTRACT, exchanges)}


@pytest.mark.parametrize(
    ("exchanges", "inapplicable"),
    [
        (
            [Exchange.saved(RUN)],
            OF_A_REQUEST | OF_KEYS | DETAILS | ACCEPTED | LEAKED | {"page-size"},
        ),
        ([answered(RUN, secret="key")], OF_KEYS | DETAILS),
        ([answered(RUN, secret="key"), answered(b"{}", 422, Key.MISSING), answered(b"", 404)], set()),
    ],
    ids=["a file", "a valid request", "several exchanges"],
)
def test_the_rules_that_do_not_apply(exchanges: list[Exchange], inapplicable: set[str]) -> None:
    assert _inapplicable(*exchanges) == inapplicable


@pytest.mark.parametrize(
    ("exchange", "inapplicable", "applicable"),
    [
        (
            answered(b"{}", 422, Key.MISSING),
            ACCEPTED | LEAKED | OF_A_RUN | {"unknown-conversation-status"},
            OF_KEYS | OF_A_SCHEMA | OF_A_REQUEST | DETAILS | OF_BODIES,
        ),
        (answered(b"{}", 401, Key.MISSING), {"missing-header-named"}, {"missing-required-header"}),
        (answered(b"{}", 422, Key.WRONG), OF_KEYS - {"ignored-auth"}, {"ignored-auth"}),
        (answered(b"{}", 405, method="POST"), ACCEPTED, {"unsupported-method"}),
        (
            answered(RUN, 404),
            OF_A_SCHEMA | OF_A_RUN | OF_HEADERS | OF_BODIES | DETAILS,
            {"status-code-conformance", "unique-keys"},
        ),
        (answered(b"<html>"), OF_A_SCHEMA | OF_A_RUN | {"unique-keys"} | DETAILS, OF_BODIES),
        (answered(b"<html>", 422), OF_A_SCHEMA | OF_A_RUN | {"unique-keys"} | DETAILS, OF_BODIES),
    ],
    ids=["no key", "401", "wrong key", "method", "undocumented status", "no JSON", "422 without JSON"],
)
def test_some_rules_do_not_apply_and_others_do(
    exchange: Exchange, inapplicable: set[str], applicable: set[str]
) -> None:
    found = _inapplicable(exchange)
    assert inapplicable <= found
    assert applicable.isdisjoint(found)


@pytest.mark.parametrize("other", [answered(RUN, 503), answered(b"<html>"), answered(b"[]")])
@pytest.mark.parametrize("first", [True, False])
def test_sequence_rules_apply_only_if_both_reads_contain_a_run(other: Exchange, first: bool) -> None:
    reads = (other, answered(RUN, 200)) if first else (answered(RUN, 200), other)
    assert [rule.is_applicable(*reads) for rule in SEQUENCE_RULES] == [False] * len(SEQUENCE_RULES)


@pytest.mark.parametrize(("offset", "is_of_one_read"), [(0, False), (99, False), (100, True), (200, True)])
def test_a_sequence_rule_applies_either_to_two_reads_or_to_two_pages_of_one_read(
    offset: int, is_of_one_read: bool
) -> None:
    pages = answered(RUN, 200), answered(RUN, 200, page=Page(offset=offset))
    applied = {rule.name for rule in SEQUENCE_RULES if rule.is_applicable(*pages)}
    of_pages = {"pages-of-one-run", "results-on-one-page"}
    assert applied == (of_pages if is_of_one_read else {rule.name for rule in SEQUENCE_RULES} - of_pages)
