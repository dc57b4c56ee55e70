"""Where requests go and with which key."""

from typing import Any, cast
from unittest.mock import Mock

import httpx
import pytest
from bluejay_results import BluejayClient, ConfigurationError, InvalidRunIdError
from bluejay_results._config import MAX_URL_LENGTH, Config

CANARY = "canary-4f1d"


def test_no_key_is_said_with_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match="Set BLUEJAY_API_KEY"):
        BluejayClient()


@pytest.mark.parametrize("fault", ["\n", " ", "é", "\x00", "\x7f"])
def test_a_key_that_no_header_can_carry_is_refused_unseen(fault: str) -> None:
    with pytest.raises(ConfigurationError, match=f"at position {len(CANARY) + 1}") as caught:
        BluejayClient(CANARY + fault)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("quote", ['"', "'", "`"])
def test_a_key_that_was_pasted_with_its_quotes_is_refused_unseen(quote: str) -> None:
    with pytest.raises(ConfigurationError, match="has quotes around it") as caught:
        BluejayClient(f"{quote}{CANARY}{quote}")
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "api.example.com",
        "ftp://api.example.com",
        "http://",
        "https://a b",
        "http://[::1",
        "http://a:99999",
        "http://a..b",
        f"http://{'a' * 64}.example",
    ],
)
def test_what_is_no_http_url_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="not an http or https URL"):
        BluejayClient(CANARY, url)


@pytest.mark.parametrize("url", ["https://u:p@a.example", "https://a.example?x=1", "https://a.example#x"])
def test_a_url_with_more_than_a_place_is_refused_unseen(url: str) -> None:
    with pytest.raises(ConfigurationError, match="no user, query or fragment"):
        BluejayClient(CANARY, url)


def test_an_argument_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLUEJAY_API_URL", "https://environment.example")
    with BluejayClient(CANARY, "https://argument.example") as client:
        assert repr(client) == "<BluejayClient https://argument.example>"


def test_the_default_is_production() -> None:
    with BluejayClient(CANARY) as client:
        assert repr(client) == "<BluejayClient https://api.getbluejay.ai>"


@pytest.mark.parametrize(
    "setting", [{"retries": -1}, {"retries": "3"}, {"request_timeout": 0}, {"max_body_bytes": 0}]
)
def test_a_setting_that_makes_no_sense_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(setting))):
        BluejayClient(CANARY, **setting)


def test_a_closed_client_says_so() -> None:
    with BluejayClient(CANARY) as client:
        pass
    with pytest.raises(ConfigurationError, match=r"^The client is closed\. Make a new one\.$"):
        client.retrieve("48213")


def test_the_key_shows_in_no_form_of_a_client() -> None:
    with BluejayClient(CANARY) as client:
        shown = f"{client} {client!r} {vars(client)} {client._config.api_key} {client._config!r}"
    assert CANARY not in shown


def _config(**settings: Any) -> Config:
    with BluejayClient(**({"api_key": CANARY, "base_url": "https://a.example"} | settings)) as client:
        return client._config


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"api_key": None}, "No API key. Set BLUEJAY_API_KEY or pass api_key, a string."),
        ({"api_key": ""}, "No API key. Set BLUEJAY_API_KEY or pass api_key, a string."),
        (
            {"api_key": "ab c"},
            "The API key has a character at position 3 that no header can carry "
            "(a space, a line break or one outside ASCII). Copy it again.",
        ),
        (
            {"base_url": "http://a.example:0"},
            "base_url 'http://a.example:0' is not an http or https URL.",
        ),
        (
            {"base_url": "https://a.example#x"},
            "base_url must have no user, query or fragment.",
        ),
        ({"retries": -1}, "retries must be 0 or more, got -1."),
        ({"max_body_bytes": 0}, "max_body_bytes must be 1 or more, got 0."),
        ({"request_timeout": 0}, "request_timeout must be a finite number of seconds above 0, got 0."),
        ({"request_timeout": "9"}, "request_timeout must be a finite number of seconds above 0, got '9'."),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_do(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _config(**settings)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("run_id", "message", "shown"),
    [
        (7, "The run id must be a string, got int.", None),
        (f"a{CANARY}", "The run id holds the API key; were the two mixed up?", None),
        ("..", "The run id '..' can't name a run.", ".."),
        ("a\n", "The run id has a control character at position 2: 'a\\n'.", "a\n"),
    ],
)
def test_a_run_id_that_is_refused_is_in_the_error_unless_it_holds_the_key(
    run_id: Any, message: str, shown: str | None
) -> None:
    with pytest.raises(InvalidRunIdError) as caught:
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


def test_the_least_and_the_shortest_are_allowed() -> None:
    config = _config(retries=0, request_timeout=0.001)
    assert (config.retries, config.request_timeout) == (0, 0.001)


def test_a_client_that_could_not_be_made_is_shown_all_the_same() -> None:
    assert repr(BluejayClient.__new__(BluejayClient)) == "<BluejayClient without settings>"


@pytest.mark.parametrize("name", ["timeout", "poll_interval"])
def test_a_wait_that_makes_no_sense_is_refused_by_the_name_of_its_argument(name: str) -> None:
    with BluejayClient(CANARY) as client, pytest.raises(ConfigurationError, match=f"^{name} must be"):
        client.wait("r", **cast("Any", {name: -1}))


def test_what_is_not_given_is_by_default() -> None:
    with BluejayClient(CANARY) as client:
        config = client._config
    assert (config.request_timeout, config.retries, config.max_body_bytes) == (30, 3, 256 * 1024 * 1024)


def test_a_body_of_one_byte_can_be_the_most_that_is_read() -> None:
    assert _config(max_body_bytes=1).max_body_bytes == 1


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
def test_a_setting_of_the_environment_that_fails_is_told_with_what_to_check(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        BluejayClient(CANARY)
    assert str(caught.value) == (
        f"The HTTP settings of the environment fail: {reason}. Check the proxies and SSL_CERT_FILE."
    )


def test_the_words_of_such_a_failure_end_in_one_full_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BluejayClient, "_new_http_client", Mock(side_effect=ValueError("over the MAX.")))
    with pytest.raises(ConfigurationError, match=r"fail: over the MAX\. Check"):
        BluejayClient(CANARY)


def test_a_run_id_may_be_as_long_as_httpx_takes_a_url_and_no_longer() -> None:
    config = _config()
    longest = "9" * (MAX_URL_LENGTH - len(config.url_of("")))
    config.check_run_id(longest)
    assert str(httpx.URL(config.url_of(longest))) == config.url_of(longest)
    with pytest.raises(httpx.InvalidURL):
        httpx.URL(config.url_of(longest + "9"))
    with pytest.raises(InvalidRunIdError, match="too long"):
        config.check_run_id(longest + "9")
