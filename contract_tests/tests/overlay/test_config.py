"""Client settings: the base URL, the key, timeouts and ids."""

import re
from collections.abc import Iterable
from typing import Any

import pytest
from bluejay_results import BluejayClient, ConfigurationError, ConnectionFailedError, InvalidIdError
from bluejay_results.client.base import check_id
from bluejay_results.client.config import Config
from bluejay_results.client.deadline import MAX_SECONDS
from contract_kit.tests.tables import table

CANARY = "canary-4f1d"


def _config(**settings: Any) -> Config:
    with BluejayClient(**({"api_key": CANARY, "base_url": "https://a.example"} | settings)) as client:
        return client._config


INVALID: list[tuple[str, Iterable[Any], str]] = [
    ("api_key", (None, "", b"bytes", 7), "BLUEJAY_API_KEY"),
    ("api_key", (CANARY + each for each in ("\n", " ", "é", "\x7f")), f"position {len(CANARY) + 1}"),
    ("api_key", (f"{each}{CANARY}{each}" for each in ('"', "'", "`")), "quotes"),
    ("api_key", ("https://a.example",), "swapped"),
    (
        "base_url",
        (CANARY, "api.example.com", "ftp://api.example.com", "http://", "https://a b"),
        "not an http",
    ),
    ("base_url", ("http://[::1", "http://a:99999", "http://a.example:0", "http://a..b"), "not an http"),
    ("base_url", (f"http://{'a' * 64}.example",), "not an http"),
    (
        "base_url",
        (f"https://{each}" for each in ("u:p@a.example", "a.example?x=1", "a#x")),
        "not contain a user",
    ),
    ("organization_id", ("", " ", "org-7 ", "org\n7", "örg", 7), "organization_id"),
    ("retries", (-1, "3"), "retries"),
    ("max_body_bytes", (0,), "max_body_bytes"),
    ("request_timeout", (0, "9"), "request_timeout"),
]
"""Settings with their invalid values, and the text that each error message must contain."""


@table("name, value, data", [(name, each, data) for name, values, data in INVALID for each in values])
def test_the_error_about_an_invalid_setting_names_the_setting_but_not_the_key(
    name: str, value: Any, data: str
) -> None:
    with pytest.raises(ConfigurationError, match=data) as caught:
        _config(**{name: value})
    assert CANARY not in str(caught.value)


@table(
    "run_id, data, shown",
    [
        (7, "int", None),
        (f"a{CANARY}", "swapped", None),
        (".", r"'\.'", "."),
        ("", "''", ""),
        *((each, re.escape(repr(each)), each) for each in ("\x00", "a\n", "\ud800")),
    ],
)
def test_the_error_about_an_invalid_id_shows_the_id_unless_the_id_contains_the_key(
    run_id: Any, data: str, shown: str | None
) -> None:
    with pytest.raises(InvalidIdError, match=data) as caught:
        check_id(_config().api_key, "run id", run_id)
    assert caught.value.run_id == shown


@table(
    "given, kept",
    [
        ("https://a.example/v1//", "https://a.example"),
        ("https://a.example//v1", "https://a.example"),
        ("https://a.example/X", "https://a.example/X"),
        ("https://a.example/X/v1", "https://a.example/X"),
    ],
)
def test_trailing_slashes_and_a_trailing_v1_are_removed_from_a_base_url(given: str, kept: str) -> None:
    assert _config(base_url=given).base_url == kept


def test_omitted_settings_have_defaults() -> None:
    default, least = _config(base_url=None), _config(retries=0, request_timeout=0.001, max_body_bytes=1)
    assert default.base_url == "https://api.getbluejay.ai"
    assert (default.request_timeout, default.retries, default.max_body_bytes) == (30, 3, 256 * 1024 * 1024)
    assert (least.request_timeout, least.retries, least.max_body_bytes) == (0.001, 0, 1)


def test_an_argument_overrides_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLUEJAY_API_URL", "https://environment.example/v1")
    assert _config().organization_id is None
    for kept in (None, "org 8"):
        monkeypatch.setenv("BLUEJAY_ORGANIZATION_ID", kept or "")
        assert _config().organization_id == kept
    given = _config(organization_id="7")
    assert (given.organization_id, given.base_url) == ("7", "https://a.example")
    assert _config(base_url=None).base_url == "https://environment.example"


@pytest.mark.parametrize(
    ("name", "value", "data"),
    [
        ("BLUEJAY_ORGANIZATION_ID", "org-8\n", "BLUEJAY_ORGANIZATION_ID"),
        ("HTTP_PROXY", "http://[::1", "a proxy is not a valid URL"),
        ("HTTP_PROXY", "ftp://a.example", "ftp://a.example"),
        ("HTTPS_PROXY", "http://user:pass/word@127.0.0.1", "a proxy is not a valid URL"),
        ("SSL_CERT_FILE", "/nowhere", "No such file"),
    ],
)
def test_an_invalid_setting_in_the_environment_is_reported_without_a_password(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, data: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=data) as caught:
        _config()
    assert "word" not in str(caught.value)


@table(
    "option, value",
    [
        *(("timeout", each) for each in (1e10, 10**400, float("nan"), -1, "10")),
        *((option, -1) for option in ("poll_interval", "tool_call_grace")),
    ],
)
def test_a_duration_is_refused_if_it_is_not_a_valid_socket_timeout(option: str, value: Any) -> None:
    with BluejayClient(CANARY) as client, pytest.raises(ConfigurationError, match=f"^{option} .*2,000,000"):
        client.wait("48213", **{option: value})


def test_sockets_accept_the_longest_allowed_duration(closed: str) -> None:
    client = BluejayClient(CANARY, closed, request_timeout=MAX_SECONDS, retries=0)
    with client, pytest.raises(ConnectionFailedError):
        client.retrieve("48213", timeout=MAX_SECONDS)
