"""The settings of a client: the base URL, the key, timeouts and ids."""

from typing import Any

import pytest
from bluejay_results import (
    BluejayClient,
    ConfigurationError,
    ConnectionFailedError,
    InvalidIdError,
)
from bluejay_results.client.config import MAX_SECONDS, Config

CANARY = "canary-4f1d"


@pytest.mark.parametrize(
    ("key", "says"),
    [
        *((CANARY + fault, f"at position {len(CANARY) + 1}") for fault in ("\n", " ", "é", "\x7f")),
        *((f"{quote}{CANARY}{quote}", "has quotes around it") for quote in ('"', "'", "`")),
    ],
)
def test_a_key_that_is_in_quotes_or_invalid_in_a_header_is_refused_and_not_shown(key: str, says: str) -> None:
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


def test_the_base_url_argument_overrides_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLUEJAY_API_URL", "https://environment.example")
    with BluejayClient(CANARY, "https://argument.example") as client:
        assert client._config.base_url == "https://argument.example"


def _config(**settings: Any) -> Config:
    with BluejayClient(**({"api_key": CANARY, "base_url": "https://a.example"} | settings)) as client:
        return client._config


MAX = "and up to 2,000,000"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        *(
            ({"api_key": key}, "No API key. Set BLUEJAY_API_KEY or pass api_key, a string.")
            for key in (None, "", b"bytes", 7, ["key"])
        ),
        (
            {"api_key": "ab c"},
            "The API key has a character at position 3 that no header can contain: "
            "a space, a line break or a character outside ASCII. Copy the key again.",
        ),
        ({"base_url": "http://a.example:0"}, "base_url 'http://a.example:0' is not an http or https URL."),
        *(
            ({"base_url": f"https://{url}"}, "base_url must have no user, query or fragment.")
            for url in ("u:p@a.example", "a.example?x=1", "a.example#x")
        ),
        *(
            (
                {"organization_id": value},
                "organization_id must be one line of ASCII text, neither empty nor with spaces around it.",
            )
            for value in ("", " ", "org-7 ", "org\n7", "örg", 7)
        ),
        ({"retries": -1}, "retries must be 0 or more, got -1."),
        ({"retries": "3"}, "retries must be 0 or more, got '3'."),
        ({"max_body_bytes": 0}, "max_body_bytes must be 1 or more, got 0."),
        *(
            (
                {"request_timeout": value},
                f"request_timeout must be a number of seconds above 0 {MAX}, got {value!r}.",
            )
            for value in (0, "9")
        ),
    ],
)
def test_an_invalid_setting_is_refused_with_the_reason(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _config(**settings)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("run_id", "message", "shown"),
    [
        (7, "The run id must be a string, got int.", None),
        (f"a{CANARY}", "The run id contains the API key. Were the two swapped?", None),
        ("..", "The run id can't be '..'. Check the id.", ".."),
        ("", "The run id is empty. Did queue fail?", ""),
        ("a\n", "The run id has a control character at position 2: 'a\\n'.", "a\n"),
    ],
)
def test_the_error_has_the_refused_run_id_if_the_id_does_not_contain_the_key(
    run_id: Any, message: str, shown: str | None
) -> None:
    with pytest.raises(InvalidIdError) as caught:
        _config().check_id("run id", run_id)
    assert str(caught.value) == message
    assert caught.value.run_id == shown


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
def test_v1_and_slashes_at_the_end_of_the_base_url_are_removed(given: str, kept: str) -> None:
    assert _config(base_url=given).base_url == kept


def test_omitted_settings_have_defaults() -> None:
    with BluejayClient(CANARY) as client:
        config = client._config
    assert config.base_url == "https://api.getbluejay.ai"
    assert config.request_timeout == 30
    assert config.retries == 3
    assert config.max_body_bytes == 256 * 1024 * 1024


@pytest.mark.parametrize(
    ("given", "environment", "kept"),
    [
        (None, None, None),
        (None, "", None),
        (None, "org 8", "org 8"),
        ("7", "org-8", "7"),
    ],
)
def test_the_organization_argument_overrides_the_environment(
    monkeypatch: pytest.MonkeyPatch, given: str | None, environment: str | None, kept: str | None
) -> None:
    monkeypatch.delenv("BLUEJAY_ORGANIZATION_ID", raising=False)
    if environment is not None:
        monkeypatch.setenv("BLUEJAY_ORGANIZATION_ID", environment)
    assert _config(organization_id=given).organization_id == kept


def test_an_invalid_organization_in_the_environment_is_refused_by_the_name_of_the_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BLUEJAY_ORGANIZATION_ID", "org-8\n")
    with pytest.raises(ConfigurationError, match=r"^BLUEJAY_ORGANIZATION_ID must be one line"):
        _config()


def test_zero_retries_one_millisecond_and_one_byte_are_allowed() -> None:
    config = _config(retries=0, request_timeout=0.001, max_body_bytes=1)
    assert config.retries == 0
    assert config.request_timeout == 0.001
    assert config.max_body_bytes == 1


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("HTTP_PROXY", "http://[::1", "a proxy is not a URL"),
        ("HTTP_PROXY", "ftp://a.example", "Unknown scheme for proxy URL URL('ftp://a.example')"),
        ("HTTPS_PROXY", "http://127.0.0.1:99999", "a proxy is not a URL"),
        ("HTTPS_PROXY", "http://user:pass/word@127.0.0.1", "a proxy is not a URL"),
        ("SSL_CERT_FILE", "/nowhere", "[Errno 2] No such file or directory"),
    ],
)
def test_an_invalid_http_setting_in_the_environment_is_reported_with_advice(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        BluejayClient(CANARY)
    assert str(caught.value) == (
        f"The HTTP settings in the environment can't be used: {reason}. Check the proxies and SSL_CERT_FILE."
    )


@pytest.mark.parametrize("option", ["timeout", "poll_interval", "tool_call_grace"])
@pytest.mark.parametrize("value", [1e10, 10**400, float("nan"), -1])
def test_a_duration_out_of_range_for_a_socket_is_refused(option: str, value: float) -> None:
    with BluejayClient(CANARY) as client, pytest.raises(ConfigurationError, match="up to 2,000,000"):
        client.wait("48213", **{option: value})  # type: ignore[arg-type]  # one of three numbers


def test_sockets_accept_the_longest_allowed_duration(closed: str) -> None:
    client = BluejayClient(CANARY, closed, request_timeout=MAX_SECONDS, retries=0)
    with client, pytest.raises(ConnectionFailedError):
        client.retrieve("48213", timeout=MAX_SECONDS)
