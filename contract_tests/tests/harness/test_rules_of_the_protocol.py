"""Which statuses, methods, headers and keys break a rule of the protocol, and which break none."""

from typing import Any

import pytest
from bluejay_contract.exchange import Exchange, Key, Request

from .. import builders
from .exchanges import answered, broken_by, found_in


@pytest.mark.parametrize(
    ("status", "key", "broken"),
    [
        (401, Key.WRONG, []),
        (403, Key.WRONG, []),
        (401, Key.VALID, ["known-undocumented-status"]),
        (404, Key.WRONG, ["known-undocumented-status"]),
        (405, Key.VALID, ["unsupported-method"]),
        (500, Key.VALID, ["known-undocumented-status"]),
        (511, Key.VALID, ["known-undocumented-status"]),
        (512, Key.VALID, ["status-code-conformance"]),
        (520, Key.VALID, ["known-undocumented-status"]),
        (527, Key.VALID, ["known-undocumented-status"]),
        (528, Key.VALID, ["status-code-conformance"]),
        (299, Key.WRONG, ["status-code-conformance", "ignored-auth"]),
        (300, Key.WRONG, ["status-code-conformance"]),
    ],
)
def test_the_rules_that_a_status_breaks_depend_on_the_key(status: int, key: Key, broken: list[str]) -> None:
    assert broken_by(answered({}, status, key)) == [f"{rule} at status" for rule in broken]


NO_ERROR = "same-run at status: expected an error, because there is no such run, received"


@pytest.mark.parametrize(
    ("status", "request_", "says"),
    [
        (200, {"exists": False}, f"{NO_ERROR} 200"),
        (299, {"exists": False}, f"{NO_ERROR} 299"),
        (300, {"exists": False}, "status-code-conformance at status: "),
        (500, {"exists": False}, "known-undocumented-status at status: "),
        (405, {}, "unsupported-method at status: expected no 405, because GET is documented, received 405"),
    ],
)
def test_a_wrong_status_is_reported_with_the_expectation(
    status: int, request_: dict[str, Any], says: str
) -> None:
    assert any(says in str(failure) for failure in found_in(answered({}, status, **request_)))


def test_an_unknown_run_may_get_a_404() -> None:
    assert broken_by(answered({}, 404, exists=False)) == []


@pytest.mark.parametrize("methods", ["GET", "HEAD,GET", "POST, GET"])
def test_a_405_may_allow_get_among_other_methods(methods: str) -> None:
    assert broken_by(answered(b"", 405, headers={"allow": methods}, method="POST")) == []


@pytest.mark.parametrize("charset", ["", "; charset=UTF-8", "; charset=utf8", "; Charset=utf-8; q=1"])
def test_no_spelling_of_the_json_content_type_breaks_a_rule(charset: str) -> None:
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
def test_a_key_of_under_eight_characters_counts_as_a_whole_word_only(
    key: str, text: str, is_held: bool
) -> None:
    exchange = Exchange(Request("48213", Key.VALID, secret=key), 500, {"x-echo": text}, text.encode())
    held = [failure.path for failure in found_in(exchange) if failure.rule == "leaked-api-key"]
    assert held == ["body", "header x-echo"] * is_held
