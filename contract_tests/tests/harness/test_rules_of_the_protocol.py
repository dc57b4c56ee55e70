"""Which statuses, methods, headers and keys break a protocol rule, and which don't."""

from typing import Any

import pytest
from bluejay_contract.exchange import Exchange, Key, Request

from .. import builders
from .findings import answered, broken_by, found_in


@pytest.mark.parametrize(
    ("status", "request_", "broken"),
    [
        (401, {"key": Key.WRONG}, []),
        (403, {"key": Key.WRONG}, []),
        (404, {"key": Key.WRONG}, ["known-undocumented-status"]),
        (299, {"key": Key.WRONG}, ["status-code-conformance", "ignored-auth"]),
        (300, {"key": Key.WRONG}, ["status-code-conformance"]),
        (404, {"exists": False}, []),
        (200, {"exists": False}, ["same-run"]),
        (299, {"exists": False}, ["status-code-conformance", "same-run"]),
        (300, {"exists": False}, ["status-code-conformance"]),
        (500, {"exists": False}, ["known-undocumented-status"]),
        (405, {}, ["unsupported-method"]),
        *((status, {}, ["status-code-conformance"]) for status in (201, 204, 300, 302, 400, 512, 528, 599)),
        *((status, {}, ["known-undocumented-status"]) for status in (401, 403, 404, 429, 502, 511, 520, 527)),
    ],
)
def test_the_expected_status_depends_on_the_key_and_the_run(
    status: int, request_: dict[str, Any], broken: list[str]
) -> None:
    found = [each for each in broken_by(answered({}, status, **request_)) if each.endswith(" at status")]
    assert found == [f"{rule} at status" for rule in broken]


@pytest.mark.parametrize("methods", ["GET", "HEAD,GET", "POST, GET"])
def test_a_405_breaks_no_rule_if_the_allow_header_contains_get(methods: str) -> None:
    assert broken_by(answered(b"", 405, headers={"allow": methods}, method="POST")) == []


@pytest.mark.parametrize("charset", ["", "; charset=UTF-8", "; charset=utf8", "; Charset=utf-8; q=1"])
def test_every_valid_spelling_of_the_json_content_type_is_accepted(charset: str) -> None:
    headers = {"content-type": f"Application/JSON{charset}"}
    assert broken_by(answered(builders.response(), headers=headers)) == []


NOT_NAMED = ["missing-header-named at $.detail", "validation-error-details at $.detail[0].loc"]


@pytest.mark.parametrize(
    ("location", "broken"),
    [
        (["header", "x-api-key"], []),
        (["header", "X-API-KEY", 0], []),
        (["HEADER", "X-API-Key"], NOT_NAMED),
        (["path", "SIMULATION_RUN_ID"], NOT_NAMED),
        (["header"], NOT_NAMED),
    ],
)
def test_header_names_are_compared_regardless_of_case(location: list[Any], broken: list[str]) -> None:
    error = {"loc": location, "msg": "Field required", "type": "missing"}
    assert broken_by(answered({"detail": [error]}, 422, Key.MISSING)) == broken


@pytest.mark.parametrize(
    ("key", "text", "is_held"),
    [
        ("secret-7", "my-secret-77", True),
        ("secret7", "secret7", True),
        ("secret7", "key=secret7;", True),
        ("secret7", "secret77", False),
        ("secret7", "a-secret7", False),
        ("a", "a conversation", True),
        ("200", "20026", False),
        ("x.z", "xyz", False),
    ],
)
def test_a_short_api_key_is_found_only_as_a_whole_word(key: str, text: str, is_held: bool) -> None:
    exchange = Exchange(Request("48213", Key.VALID, secret=key), 500, {"x-echo": text}, text.encode())
    held = [failure.path for failure in found_in(exchange) if failure.rule == "leaked-api-key"]
    assert held == ["body", "header x-echo"] * is_held
