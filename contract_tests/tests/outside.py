"""The settings of whoever runs the tests, which must not change what a client or a command does."""

import os

_PREFIXES = (
    *("bluejay_", "http_", "https_", "all_", "no_proxy", "ssl_"),
    *("columns", "force_color", "no_color", "tty_", "term", "github_", "makeflags", "makelevel", "mflags"),
)


def settings_from_outside() -> set[str]:
    """Return the names of the variables of this process that contain such settings."""
    return {name for name in os.environ if name.lower().startswith(_PREFIXES)}


def environment() -> dict[str, str]:
    """Return the environment of this process without these variables."""
    return {name: os.environ[name] for name in os.environ.keys() - settings_from_outside()}
