"""What a request needs, from the options and the environment."""

from bluejay_results.client.config import Config as Config

from .key import KeyOptions, find_key


def settings(base_url: str | None, key: KeyOptions, max_bytes: int) -> Config:
    """Return the settings for single requests; raise ConfigurationError if one can't be used."""
    return Config.resolve(find_key(key), base_url, request_timeout=30, retries=0, max_body_bytes=max_bytes)
