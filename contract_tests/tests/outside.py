"""The user's environment variables, which must not affect clients and commands under test."""

import os

from contract_kit.tests.environment import SETTINGS

_PREFIXES = ("bluejay_", *SETTINGS)


def settings_from_outside() -> set[str]:
    """Return the names of these variables in the environment of this process."""
    return {name for name in os.environ if name.lower().startswith(_PREFIXES)}


def environment() -> dict[str, str]:
    """Return the environment of this process without these variables."""
    return {name: os.environ[name] for name in os.environ.keys() - settings_from_outside()}
