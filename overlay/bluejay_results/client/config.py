"""A client's settings, from its arguments and the environment."""

import os
import re
from typing import Any
from urllib.parse import urlsplit

import httpx
from attrs import field, frozen

from .._defaults import __version__
from .._secrets import Secret, as_secret, shown
from ..errors import ConfigurationError
from .deadline import seconds

HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": f"bluejay-results/{__version__}",
}
"""The headers sent with every request, in addition to the operation's."""
PRODUCTION_URL = "https://api.getbluejay.ai"


@frozen
class Config:
    """A client's validated settings; see `BluejayClient`.

    The base URL has no trailing `/v1` or slash.
    """

    api_key: Secret = field(repr=False)
    base_url: str
    request_timeout: float
    retries: int
    max_body_bytes: int
    organization_id: str | None = None

    @classmethod
    def resolve(
        cls,
        api_key: str | Secret | None,
        base_url: str | None,
        request_timeout: float,
        retries: int,
        max_body_bytes: int,
        organization_id: str | None = None,
    ) -> "Config":
        """Read omitted settings from the environment; raise ConfigurationError for an invalid setting."""
        api_key = as_secret(os.environ.get("BLUEJAY_API_KEY") if api_key is None else api_key)
        check_count("retries", retries, 0)
        check_count("max_body_bytes", max_body_bytes, 1)
        key = _checked_key(api_key)
        url, timeout = _checked_url(base_url), seconds("request_timeout", request_timeout)
        organization = _checked_organization(organization_id)
        return cls(key, url, timeout, retries, max_body_bytes, organization)


def check_count(name: str, value: object, least: int, most: int | None = None) -> None:
    """Raise ConfigurationError unless a value is an integer within a range."""
    if not isinstance(value, int) or value < least or (most is not None and value > most):
        allowed = f"at least {least}" if most is None else f"between {least} and {most}"
        raise ConfigurationError(f"{name} must be {allowed}, got {shown(value)}.")


def _checked_key(key: Secret | None) -> Secret:
    if not key:
        raise ConfigurationError("No API key was found. Set BLUEJAY_API_KEY or pass api_key as a string.")
    if re.match("https?://", key.reveal()):
        raise ConfigurationError("The API key is a URL. Were the API key and the base URL swapped?")
    if match := re.search(r"[^\x21-\x7e]", key.reveal()):
        raise ConfigurationError(
            f"The character at position {match.end()} of the API key isn't allowed in an HTTP header, "
            "because it is a space, a line break or not ASCII. Copy the key again."
        )
    if re.fullmatch(r"""(["'`]).*\1""", key.reveal()):
        raise ConfigurationError("The API key is enclosed in quotes. Remove them.")
    return key


def _checked_organization(given: object) -> str | None:
    found = (os.environ.get("BLUEJAY_ORGANIZATION_ID") or None) if given is None else given
    if found is None:
        return None
    if not isinstance(found, str) or not re.fullmatch(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?", found):
        name = "BLUEJAY_ORGANIZATION_ID" if given is None else "organization_id"
        raise ConfigurationError(f"{name} must be non-empty ASCII text, without leading or trailing spaces.")
    return found


def _checked_url(base_url: str | None) -> str:
    url: Any = base_url or os.environ.get("BLUEJAY_API_URL") or PRODUCTION_URL
    name = "base_url" if base_url else "BLUEJAY_API_URL"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        httpx.URL(url).raw_host.decode("ascii").encode("idna")  # the DNS lookup also encodes the host
    except (ValueError, TypeError, AttributeError, httpx.InvalidURL):
        usable = False
    if not usable or re.search(r"[\x00-\x20\x7f]", url):
        raise ConfigurationError(f"{name} is not an http or https URL, such as {PRODUCTION_URL}.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError(f"{name} must not contain a user name, a query string or a fragment.")
    return str(url).rstrip("/").removesuffix("/v1").rstrip("/")
