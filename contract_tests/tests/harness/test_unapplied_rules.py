"""Which rules an exchange is about: of the others nothing is said."""

from typing import Any

import pytest
from bluejay_contract.checks import RULES, SEQUENCE_RULES, unapplied_rules
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request

from .. import builders

CONTRACT = Contract.load()
RUN = builders.encoded(builders.response())
OF_KEYS = {"key-needed", "missing-key-refused", "missing-key-named"}
OF_A_RUN = {rule.name for rule in RULES if rule.name.startswith(("results-", "verdicts-", "metric-"))}
OF_A_SCHEMA = {"schema", "new-value", "time-without-zone", "new-field"}
OF_A_REQUEST = {"documented-status", "expected-status", "method-refused", "same-run", "content-type"}


def _answer(status: int, body: bytes, key: Key = Key.VALID, **request: Any) -> Exchange:
    return Exchange(Request("48213", key, **request), status, JSON_HEADERS, body)


def _unapplied(*exchanges: Exchange) -> set[str]:
    return {rule.name for rule in unapplied_rules(CONTRACT, exchanges)}


def test_a_file_says_nothing_of_a_request() -> None:
    others = {"valid-request-accepted", "explained-422", "key-kept"}
    assert _unapplied(Exchange.saved(RUN)) == OF_A_REQUEST | OF_KEYS | others


def test_a_run_read_with_its_key_says_nothing_of_refusals() -> None:
    assert _unapplied(_answer(200, RUN, secret="key")) == OF_KEYS | {"explained-422"}


def test_a_request_without_a_key_says_nothing_of_valid_ones_nor_of_runs() -> None:
    unapplied = _unapplied(_answer(422, b"{}", Key.MISSING))
    assert {"valid-request-accepted", "key-kept", "new-result-status"} | OF_A_RUN < unapplied
    assert unapplied.isdisjoint(OF_KEYS | OF_A_SCHEMA | OF_A_REQUEST | {"explained-422", "json-body"})


def test_a_missing_key_that_is_refused_otherwise_need_not_be_named() -> None:
    assert _unapplied(_answer(401, b"{}", Key.MISSING)) & OF_KEYS == {"missing-key-named"}


def test_a_wrong_key_is_not_a_missing_one() -> None:
    assert _unapplied(_answer(422, b"{}", Key.WRONG)) & OF_KEYS == OF_KEYS - {"key-needed"}


def test_another_method_is_no_valid_request() -> None:
    assert "valid-request-accepted" in _unapplied(_answer(405, b"{}", method="POST"))


def test_a_status_that_the_contract_has_not_says_nothing_of_bodies_and_headers() -> None:
    unapplied = _unapplied(_answer(404, RUN))
    assert OF_A_SCHEMA | OF_A_RUN | {"content-type", "json-body", "explained-422"} < unapplied
    assert unapplied.isdisjoint({"documented-status", "unique-keys"})


@pytest.mark.parametrize("status", [200, 422])
def test_what_is_no_json_says_nothing_of_what_json_says(status: int) -> None:
    unapplied = _unapplied(_answer(status, b"<html>"))
    assert OF_A_SCHEMA | OF_A_RUN | {"unique-keys", "explained-422"} < unapplied
    assert "json-body" not in unapplied


def test_one_exchange_is_enough_for_a_rule() -> None:
    exchanges = _answer(200, RUN, secret="key"), _answer(422, b"{}", Key.MISSING), _answer(404, b"")
    assert _unapplied(*exchanges) == set()


@pytest.mark.parametrize("other", [_answer(503, RUN), _answer(200, b"<html>"), _answer(200, b"[]")])
@pytest.mark.parametrize("first", [True, False])
def test_two_reads_say_nothing_of_each_other_unless_both_have_a_run(other: Exchange, first: bool) -> None:
    reads = (other, _answer(200, RUN)) if first else (_answer(200, RUN), other)
    assert [rule.applies(*reads) for rule in SEQUENCE_RULES] == [False] * len(SEQUENCE_RULES)


def test_two_reads_of_a_run_are_about_each_other() -> None:
    assert all(rule.applies(_answer(200, RUN), _answer(200, RUN)) for rule in SEQUENCE_RULES)
