"""Where requests go and with which key: arguments first, then the environment."""

import os
import re
from urllib.parse import quote, urlsplit

import httpx
from attrs import field, frozen

from ._secrets import Secret, as_secret, without_signatures
from .errors import ConfigurationError, InvalidRunIdError

PRODUCTION_URL = "https://api.getbluejay.ai"
MAX_URL_LENGTH = 65_536
"""The longest URL that httpx accepts."""


@frozen
class Config:
    """The settings that `BluejayClient` describes, checked; the base URL ends without `/v1` and a slash."""

    api_key: Secret = field(repr=False)
    base_url: str
    request_timeout: float
    retries: int
    max_body_bytes: int

    @classmethod
    def resolve(
        cls,
        api_key: str | Secret | None,
        base_url: str | None,
        request_timeout: float,
        retries: int,
        max_body_bytes: int,
    ) -> "Config":
        """Take what is not given from the environment; raise ConfigurationError if one can't be used."""
        api_key = as_secret(os.environ.get("BLUEJAY_API_KEY") if api_key is None else api_key)
        _check_count("retries", retries, 0)
        _check_count("max_body_bytes", max_body_bytes, 1)
        key = _checked_key(api_key)
        url, timeout = _checked_url(base_url, key), seconds("request_timeout", request_timeout)
        return cls(key, url, timeout, retries, max_body_bytes)

    def url_of(self, run_id: str) -> str:
        """Return what is asked for to read a run."""
        return f"{self.base_url}/v1/retrieve-simulation-results/{quote(run_id, safe='')}"

    def check_run_id(self, run_id: object) -> None:
        """Raise InvalidRunIdError for a run id that would change what the URL means or has the key in it."""
        if not isinstance(run_id, str):
            raise InvalidRunIdError(f"The run id must be a string, got {type(run_id).__name__}.")
        if self.api_key.redact(run_id) != run_id:
            raise InvalidRunIdError("The run id holds the API key; were the two mixed up?")
        if run_id in {"", ".", ".."}:
            raise InvalidRunIdError(f"The run id {run_id!r} can't name a run.", run_id=run_id)
        if match := re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", run_id):
            raise InvalidRunIdError(
                f"The run id has a control character at position {match.end()}: {run_id!r}.", run_id=run_id
            )
        if len(self.url_of(run_id)) > MAX_URL_LENGTH:
            raise InvalidRunIdError("The run id is too long for a URL.", run_id=run_id)


def seconds(name: str, value: object) -> float:
    """Return a duration as a float; raise ConfigurationError unless it is a finite number above 0."""
    if not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise ConfigurationError(f"{name} must be a finite number of seconds above 0, got {value!r}.")
    return float(value)


def _check_count(name: str, value: object, least: int) -> None:
    if not isinstance(value, int) or value < least:
        raise ConfigurationError(f"{name} must be {least} or more, got {value!r}.")


def _checked_key(key: Secret | None) -> Secret:
    if not key:
        raise ConfigurationError("No API key. Set BLUEJAY_API_KEY or pass api_key, a string.")
    if match := re.search(r"[^\x21-\x7e]", key.reveal()):
        raise ConfigurationError(
            f"The API key has a character at position {match.end()} that no header can carry "
            "(a space, a line break or one outside ASCII). Copy it again."
        )
    if re.fullmatch(r"""(["'`]).*\1""", key.reveal()):
        raise ConfigurationError("The API key has quotes around it. Remove them.")
    return key


def _checked_url(base_url: str | None, key: Secret) -> str:
    url = base_url or os.environ.get("BLUEJAY_API_URL") or PRODUCTION_URL
    name = "base_url" if base_url else "BLUEJAY_API_URL"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        httpx.URL(url).raw_host.decode("ascii").encode("idna")  # what the name look-up will do
    except (ValueError, httpx.InvalidURL):
        usable = False
    if not usable or re.search(r"[\x00-\x20\x7f]", url):
        shown = without_signatures(key.redact(repr(url)))
        advice = f" Did you mean {shown[0]}http://{shown[1:]}?" if re.match(r"[\w.-]+:\d+(/|$)", url) else ""
        raise ConfigurationError(f"{name} {shown} is not an http or https URL.{advice}")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError(f"{name} must have no user, query or fragment.")
    return url.rstrip("/").removesuffix("/v1").rstrip("/")
