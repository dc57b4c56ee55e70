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
OF_A_REQUEST = {
    "status-code-conformance",
    "known-undocumented-status",
    "unsupported-method",
    "same-run",
    "content-type-conformance",
}


def _inapplicable(*exchanges: Exchange) -> set[str]:
    return {rule.name for rule in inapplicable_rules(CONTRACT, exchanges)}


def test_rules_about_requests_do_not_apply_to_a_file() -> None:
    others = {"positive-data-acceptance", "validation-error-details", "leaked-api-key", "page-size"}
    assert _inapplicable(Exchange.saved(RUN)) == OF_A_REQUEST | OF_KEYS | others


def test_rules_about_refusals_do_not_apply_to_a_request_with_a_valid_key() -> None:
    assert _inapplicable(answered(RUN, 200, secret="key")) == OF_KEYS | {"validation-error-details"}


def test_rules_about_valid_requests_do_not_apply_to_a_request_without_a_key() -> None:
    inapplicable = _inapplicable(answered(b"{}", 422, Key.MISSING))
    assert {
        "positive-data-acceptance",
        "leaked-api-key",
        "unknown-conversation-status",
    } | OF_A_RUN < inapplicable
    assert inapplicable.isdisjoint(
        OF_KEYS | OF_A_SCHEMA | OF_A_REQUEST | {"validation-error-details", "json-body"}
    )


def test_the_rule_missing_header_named_applies_only_to_a_422() -> None:
    assert _inapplicable(answered(b"{}", 401, Key.MISSING)) & OF_KEYS == {"missing-header-named"}


def test_rules_about_a_missing_key_do_not_apply_to_a_wrong_key() -> None:
    assert _inapplicable(answered(b"{}", 422, Key.WRONG)) & OF_KEYS == OF_KEYS - {"ignored-auth"}


def test_the_rule_positive_data_acceptance_applies_only_to_get() -> None:
    assert "positive-data-acceptance" in _inapplicable(answered(b"{}", 405, method="POST"))


def test_rules_about_bodies_and_headers_do_not_apply_to_undocumented_statuses() -> None:
    inapplicable = _inapplicable(answered(RUN, 404))
    assert (
        OF_A_SCHEMA | OF_A_RUN | {"content-type-conformance", "json-body", "validation-error-details"}
        < inapplicable
    )
    assert inapplicable.isdisjoint({"status-code-conformance", "unique-keys"})


@pytest.mark.parametrize("status", [200, 422])
def test_rules_about_json_do_not_apply_to_other_bodies(status: int) -> None:
    inapplicable = _inapplicable(answered(b"<html>", status))
    assert OF_A_SCHEMA | OF_A_RUN | {"unique-keys", "validation-error-details"} < inapplicable
    assert "json-body" not in inapplicable


def test_a_rule_applies_to_several_exchanges_if_it_applies_to_one() -> None:
    exchanges = answered(RUN, 200, secret="key"), answered(b"{}", 422, Key.MISSING), answered(b"", 404)
    assert _inapplicable(*exchanges) == set()


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
    assert applied == {rule.name for rule in SEQUENCE_RULES if rule.is_of_one_read is is_of_one_read}
