"""Which rules an exchange is about: of the others nothing is said."""

from typing import Any

import pytest
from bluejay_contract.checks import RULES, SEQUENCE_RULES, inapplicable_rules
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request

from .. import builders

CONTRACT = Contract.load()
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


def _answer(status: int, body: bytes, key: Key = Key.VALID, **request: Any) -> Exchange:
    return Exchange(Request("48213", key, **request), status, JSON_HEADERS, body)


def _inapplicable(*exchanges: Exchange) -> set[str]:
    return {rule.name for rule in inapplicable_rules(CONTRACT, exchanges)}


def test_a_file_says_nothing_of_a_request() -> None:
    others = {"positive-data-acceptance", "validation-error-details", "leaked-api-key"}
    assert _inapplicable(Exchange.saved(RUN)) == OF_A_REQUEST | OF_KEYS | others


def test_a_run_read_with_its_key_says_nothing_of_refusals() -> None:
    assert _inapplicable(_answer(200, RUN, secret="key")) == OF_KEYS | {"validation-error-details"}


def test_a_request_without_a_key_says_nothing_of_valid_ones_nor_of_runs() -> None:
    inapplicable = _inapplicable(_answer(422, b"{}", Key.MISSING))
    assert {
        "positive-data-acceptance",
        "leaked-api-key",
        "unknown-conversation-status",
    } | OF_A_RUN < inapplicable
    assert inapplicable.isdisjoint(
        OF_KEYS | OF_A_SCHEMA | OF_A_REQUEST | {"validation-error-details", "json-body"}
    )


def test_a_missing_key_that_is_refused_otherwise_need_not_be_named() -> None:
    assert _inapplicable(_answer(401, b"{}", Key.MISSING)) & OF_KEYS == {"missing-header-named"}


def test_a_wrong_key_is_not_a_missing_one() -> None:
    assert _inapplicable(_answer(422, b"{}", Key.WRONG)) & OF_KEYS == OF_KEYS - {"ignored-auth"}


def test_another_method_is_no_valid_request() -> None:
    assert "positive-data-acceptance" in _inapplicable(_answer(405, b"{}", method="POST"))


def test_a_status_that_the_contract_has_not_says_nothing_of_bodies_and_headers() -> None:
    inapplicable = _inapplicable(_answer(404, RUN))
    assert (
        OF_A_SCHEMA | OF_A_RUN | {"content-type-conformance", "json-body", "validation-error-details"}
        < inapplicable
    )
    assert inapplicable.isdisjoint({"status-code-conformance", "unique-keys"})


@pytest.mark.parametrize("status", [200, 422])
def test_what_is_no_json_says_nothing_of_what_json_says(status: int) -> None:
    inapplicable = _inapplicable(_answer(status, b"<html>"))
    assert OF_A_SCHEMA | OF_A_RUN | {"unique-keys", "validation-error-details"} < inapplicable
    assert "json-body" not in inapplicable


def test_one_exchange_is_enough_for_a_rule() -> None:
    exchanges = _answer(200, RUN, secret="key"), _answer(422, b"{}", Key.MISSING), _answer(404, b"")
    assert _inapplicable(*exchanges) == set()


@pytest.mark.parametrize("other", [_answer(503, RUN), _answer(200, b"<html>"), _answer(200, b"[]")])
@pytest.mark.parametrize("first", [True, False])
def test_two_reads_say_nothing_of_each_other_unless_both_have_a_run(other: Exchange, first: bool) -> None:
    reads = (other, _answer(200, RUN)) if first else (_answer(200, RUN), other)
    assert [rule.is_applicable(*reads) for rule in SEQUENCE_RULES] == [False] * len(SEQUENCE_RULES)


def test_two_reads_of_a_run_are_about_each_other() -> None:
    assert all(rule.is_applicable(_answer(200, RUN), _answer(200, RUN)) for rule in SEQUENCE_RULES)
