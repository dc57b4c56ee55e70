"""Where requests go and with which key."""

import pytest
from bluejay_results import BluejayClient, ConfigurationError

CANARY = "canary-4f1d"


def test_no_key_is_said_with_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match="Set BLUEJAY_API_KEY"):
        BluejayClient()


@pytest.mark.parametrize("fault", ["\n", " ", "é", "\x00", "\x7f"])
def test_a_key_that_no_header_can_carry_is_refused_unseen(fault: str) -> None:
    with pytest.raises(ConfigurationError, match=f"at position {len(CANARY)}") as caught:
        BluejayClient(CANARY + fault)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["api.example.com", "ftp://api.example.com", "http://", "https://a b", "http://[::1", "http://a:99999"],
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


@pytest.mark.parametrize("setting", [{"retries": -1}, {"request_timeout": 0}])
def test_a_setting_that_makes_no_sense_is_refused(setting: dict[str, int]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(setting))):
        BluejayClient(CANARY, **setting)  # type: ignore[arg-type]  # one of several settings


def test_the_key_shows_in_no_form_of_a_client() -> None:
    with BluejayClient(CANARY) as client:
        shown = f"{client} {client!r} {vars(client)} {client._config.api_key!s} {client._config.api_key:>20}"
    assert CANARY not in shown
