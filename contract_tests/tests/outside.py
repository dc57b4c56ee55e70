"""The environment variables of the user who runs the tests; they must not affect clients and commands."""

import os

_PREFIXES = (
    *("bluejay_", "http_", "https_", "all_", "no_proxy", "ssl_"),
    *("columns", "force_color", "no_color", "tty_", "term", "github_", "makeflags", "makelevel", "mflags"),
)


def settings_from_outside() -> set[str]:
    """Return the names of these variables in the environment of this process."""
    return {name for name in os.environ if name.lower().startswith(_PREFIXES)}


def environment() -> dict[str, str]:
    """Return the environment of this process without these variables."""
    return {name: os.environ[name] for name in os.environ.keys() - settings_from_outside()}
