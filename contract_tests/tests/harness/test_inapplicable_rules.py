"""Which rules apply to an exchange; a report lists the others as inapplicable."""

import pytest
from bluejay_contract.checks import RULES, SEQUENCE_RULES, inapplicable_rules
from bluejay_contract.exchange import Exchange, Key
from bluejay_contract.operations import Page

from .. import builders
from .findings import CONTRACT, answered

RUN = builders.encoded(builders.response())
OF_KEYS = {"ignored-auth", "missing-required-header", "missing-header-named"}
OF_A_RUN = {rule.name for rule in RULES if rule.name.startswith(("results-", "verdicts-", "metric-"))}
OF_A_SCHEMA = {"response-schema-conformance", "unknown-enum-value", "time-without-zone", "unknown-field"}
OF_A_STATUS = {"status-code-conformance", "known-undocumented-status"}
OF_A_REQUEST = OF_A_STATUS | {"unsupported-method", "same-run", "content-type-conformance"}
DETAILS, ACCEPTED, LEAKED = "validation-error-details", "positive-data-acceptance", "leaked-api-key"
OF_JSON = OF_A_SCHEMA | OF_A_RUN | {"unique-keys"}


@pytest.mark.parametrize(
    ("exchange", "inapplicable", "applicable"),
    [
        (
            Exchange.saved(RUN),
            OF_A_REQUEST | OF_KEYS | {DETAILS, ACCEPTED, LEAKED, "page-size"},
            OF_JSON | {"json-body"},
        ),
        (answered(RUN, secret="key"), OF_KEYS | {DETAILS}, OF_JSON | OF_A_REQUEST | {ACCEPTED, LEAKED}),
        (
            answered(b"{}", 422, Key.MISSING),
            OF_A_RUN | {ACCEPTED, LEAKED, "unknown-conversation-status"},
            OF_KEYS | OF_A_SCHEMA | OF_A_REQUEST | {DETAILS, "json-body"},
        ),
        (answered(b"{}", 401, Key.MISSING), {"missing-header-named"}, {"missing-required-header"}),
        (answered(b"{}", 422, Key.WRONG), OF_KEYS - {"ignored-auth"}, {"ignored-auth"}),
        (answered(b"{}", 405, method="POST"), {ACCEPTED}, {"unsupported-method"}),
        (
            answered(RUN, 404),
            OF_A_SCHEMA | OF_A_RUN | {"content-type-conformance", "json-body", DETAILS},
            OF_A_STATUS | {"unique-keys"},
        ),
        (answered(b"<html>"), OF_JSON | {DETAILS}, {"json-body"}),
        (answered(b"<html>", 422), OF_JSON | {DETAILS}, {"json-body"}),
    ],
    ids=["file", "valid", "no key", "401", "wrong key", "method", "404", "no JSON", "422 without JSON"],
)
def test_the_exchange_determines_which_rules_apply(
    exchange: Exchange, inapplicable: set[str], applicable: set[str]
) -> None:
    found = {rule.name for rule in inapplicable_rules(CONTRACT, [exchange])}
    assert inapplicable <= found
    assert applicable.isdisjoint(found)


def test_a_rule_is_listed_as_inapplicable_only_if_it_applies_to_no_exchange() -> None:
    several = [answered(RUN, secret="key"), answered(b"{}", 422, Key.MISSING), answered(b"", 404)]
    assert list(inapplicable_rules(CONTRACT, several)) == []


@pytest.mark.parametrize("other", [answered(RUN, 503), answered(b"<html>"), answered(b"[]")])
@pytest.mark.parametrize("first", [True, False])
def test_sequence_rules_do_not_apply_if_one_of_the_two_reads_contains_no_run(
    other: Exchange, first: bool
) -> None:
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
