"""Where requests go and with which key."""

from typing import Any
from unittest.mock import Mock

import httpx
import pytest
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    ConfigurationError,
    ConnectionFailedError,
    InvalidIdError,
)
from bluejay_results.client.config import MAX_SECONDS, MAX_URL_LENGTH, Config

CANARY = "canary-4f1d"


@pytest.mark.parametrize(
    ("key", "says"),
    [
        *((CANARY + fault, f"at position {len(CANARY) + 1}") for fault in ("\n", " ", "é", "\x00", "\x7f")),
        *((f"{quote}{CANARY}{quote}", "has quotes around it") for quote in ('"', "'", "`")),
    ],
)
def test_a_key_that_no_header_can_carry_or_in_quotes_is_refused_and_not_shown(key: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        BluejayClient(key)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        *("api.example.com", "ftp://api.example.com", "http://", "https://a b", "http://[::1"),
        *("http://a:99999", "http://a..b", f"http://{'a' * 64}.example"),
    ],
)
def test_a_url_that_is_not_http_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="not an http or https URL"):
        BluejayClient(CANARY, url)


def test_a_call_of_a_closed_client_is_refused() -> None:
    with BluejayClient(CANARY) as client:
        pass
    with pytest.raises(ConfigurationError, match=r"^The client is closed\. Make a new one\.$"):
        client.retrieve("48213")


def test_no_repr_or_attribute_of_a_client_shows_the_key() -> None:
    with BluejayClient(CANARY) as client:
        shown = f"{client} {client!r} {vars(client)} {client._config.api_key} {client._config!r}"
    assert CANARY not in shown


def test_a_client_that_could_not_be_made_has_a_repr() -> None:
    assert repr(BluejayClient.__new__(BluejayClient)) == "<BluejayClient without settings>"


def test_the_url_is_the_argument_rather_than_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLUEJAY_API_URL", "https://environment.example")
    with BluejayClient(CANARY, "https://argument.example") as client:
        assert repr(client) == "<BluejayClient https://argument.example>"


def _config(**settings: Any) -> Config:
    with BluejayClient(**({"api_key": CANARY, "base_url": "https://a.example"} | settings)) as client:
        return client._config


_WITH_BAD_PROXY = httpx.Client(proxy="http://127.0.0.1:99999")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        *(
            ({"api_key": key}, "No API key. Set BLUEJAY_API_KEY or pass api_key, a string.")
            for key in (None, "", b"bytes", 7, ["key"])
        ),
        (
            {"api_key": "ab c"},
            "The API key has a character at position 3 that no header can carry "
            "(a space, a line break or one outside ASCII). Copy it again.",
        ),
        ({"base_url": "http://a.example:0"}, "base_url 'http://a.example:0' is not an http or https URL."),
        *(
            ({"base_url": f"https://{url}"}, "base_url must have no user, query or fragment.")
            for url in ("u:p@a.example", "a.example?x=1", "a.example#x")
        ),
        ({"retries": -1}, "retries must be 0 or more, got -1."),
        ({"retries": "3"}, "retries must be 0 or more, got '3'."),
        ({"max_body_bytes": 0}, "max_body_bytes must be 1 or more, got 0."),
        (
            {"request_timeout": 0},
            "request_timeout must be a number of seconds above 0 and up to 2,000,000, got 0.",
        ),
        (
            {"request_timeout": "9"},
            "request_timeout must be a number of seconds above 0 and up to 2,000,000, got '9'.",
        ),
        ({"http_client": httpx.AsyncClient()}, "http_client must be an httpx.Client, got AsyncClient."),
        ({"http_client": _WITH_BAD_PROXY}, "A proxy can't have the port 99999. Check the proxies."),
    ],
)
def test_a_setting_that_can_not_be_used_is_refused_with_the_reason(
    settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _config(**settings)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("run_id", "message", "shown"),
    [
        (7, "The run id must be a string, got int.", None),
        (f"a{CANARY}", "The run id holds the API key; were the two mixed up?", None),
        ("..", "The run id '..' can't name a run.", ".."),
        ("", "The run id is empty. Did queue fail?", ""),
        ("9" * 100_000, "The run id is too long for a URL.", "9" * 100_000),
        ("a\n", "The run id has a control character at position 2: 'a\\n'.", "a\n"),
    ],
)
def test_a_run_id_that_is_refused_is_in_the_error_unless_it_holds_the_key(
    run_id: Any, message: str, shown: str | None
) -> None:
    with pytest.raises(InvalidIdError) as caught:
        _config().check_run_id(run_id)
    assert (str(caught.value), caught.value.run_id) == (message, shown)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://a.example:1", "http://a.example:1"),
        ("https://a.example/v1//", "https://a.example"),
        ("https://a.example//v1", "https://a.example"),
        ("https://a.example/X", "https://a.example/X"),
        ("https://a.example/X/v1", "https://a.example/X"),
    ],
)
def test_a_url_is_kept_without_v1_and_slashes_at_its_end(given: str, kept: str) -> None:
    assert _config(base_url=given).base_url == kept


def test_settings_that_are_not_given_have_defaults() -> None:
    with BluejayClient(CANARY) as client:
        config = client._config
    defaults = ("https://api.getbluejay.ai", 30, 3, 256 * 1024 * 1024)
    assert (config.base_url, config.request_timeout, config.retries, config.max_body_bytes) == defaults


def test_no_retries_a_millisecond_and_one_byte_are_allowed() -> None:
    config = _config(retries=0, request_timeout=0.001, max_body_bytes=1)
    assert (config.retries, config.request_timeout, config.max_body_bytes) == (0, 0.001, 1)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("HTTP_PROXY", "http://[::1", "a proxy is not a URL"),
        ("HTTP_PROXY", "ftp://a.example", "Unknown scheme for proxy URL URL('ftp://a.example')"),
        (
            "ALL_PROXY",
            "socks5://a.example",
            "Using SOCKS proxy, but the 'socksio' package is not installed. Make sure to install httpx using "
            "`pip install httpx[socks]`",
        ),
        ("SSL_CERT_FILE", "/nowhere", "[Errno 2] No such file or directory"),
    ],
)
def test_an_http_setting_of_the_environment_that_fails_is_reported_with_what_to_check(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        BluejayClient(CANARY)
    assert str(caught.value) == (
        f"The HTTP settings of the environment fail: {reason}. Check the proxies and SSL_CERT_FILE."
    )


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_a_proxy_of_the_environment_with_an_impossible_port_is_refused(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:99999")
    with pytest.raises(ConfigurationError, match="can't have the port 99999"):
        kind(CANARY)


@pytest.mark.parametrize("option", ["timeout", "poll_interval", "tool_call_grace"])
@pytest.mark.parametrize("value", [1e10, 10**400, float("inf"), float("nan"), -1])
def test_a_duration_that_no_socket_takes_is_refused(option: str, value: float) -> None:
    with BluejayClient(CANARY) as client, pytest.raises(ConfigurationError, match="up to 2,000,000"):
        client.wait("r", **{option: value})  # type: ignore[arg-type]  # one of three numbers


def test_the_longest_duration_is_taken_by_sockets(closed: str) -> None:
    client = BluejayClient(CANARY, closed, request_timeout=MAX_SECONDS, retries=0)
    with client, pytest.raises(ConnectionFailedError):
        client.retrieve("r", timeout=MAX_SECONDS)


def test_a_failure_that_ends_in_a_full_stop_is_reported_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BluejayClient, "_new_http_client", Mock(side_effect=ValueError("over the MAX.")))
    with pytest.raises(ConfigurationError, match=r"fail: over the MAX\. Check"):
        BluejayClient(CANARY)


def test_a_run_id_may_be_as_long_as_httpx_allows_in_a_url_and_no_longer() -> None:
    config = _config()
    longest = "/" + "9" * (MAX_URL_LENGTH - len(config.base_url) - 1)
    config.check_url("run id", longest)
    assert str(httpx.URL(config.base_url + longest)) == config.base_url + longest
    with pytest.raises(httpx.InvalidURL):
        httpx.URL(config.base_url + longest + "9")
    with pytest.raises(InvalidIdError, match="too long"):
        config.check_url("run id", longest + "9")
