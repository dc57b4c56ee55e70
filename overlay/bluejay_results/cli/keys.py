"""Finds the API key, and masks it in every message.

The program's start needs this module, so it doesn't import typer.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from bluejay_results._secrets import Secret, as_secret, never_show
from bluejay_results.errors import ConfigurationError

from ..writing.streams import write_message

_LONGEST = 4096
"""The maximum number of bytes to read from a key file, which might be an endless device."""
_READABLE_BY_OTHERS = 0o044
_NO_KEY = "No API key was found. Set BLUEJAY_API_KEY or pass --api-key-file."
_EMPTY_VARIABLE = (
    " BLUEJAY_API_KEY is set but empty. On GitHub, ${{ secrets.NAME }} is empty if the secret doesn't "
    "exist, and in workflow runs for pull requests from forks."
)


def hide_keys(arguments: Sequence[str]) -> None:
    """Mask the keys in the environment and in key files, before a message can quote an argument.

    A pipe is left alone, because it can be read only once.
    """
    never_show(os.environ.get("BLUEJAY_API_KEY", ""))
    paths = [os.environ.get("BLUEJAY_API_KEY_FILE", "")]
    for each, following in pairwise([*arguments, ""]):
        name, equals, value = each.partition("=")
        if name == "--api-key-file":
            paths.append(value if equals else following)
    for path in map(Path, filter(os.path.isfile, paths)):
        with suppress(OSError), path.open("rb") as file:
            never_show(file.read(_LONGEST).decode(errors="surrogateescape"))


def key_file(option: str | None) -> str | None:
    """Return the path of the key file, or None if no option or variable specifies one."""
    return option or os.environ.get("BLUEJAY_API_KEY_FILE") or None


def find_key(option: str | None) -> Secret:
    """Return the key from `--api-key-file` or, without this option, from the environment."""
    variable = as_secret(os.environ.get("BLUEJAY_API_KEY"))
    path = key_file(option)
    if option is None and variable and path:
        raise ConfigurationError("BLUEJAY_API_KEY and BLUEJAY_API_KEY_FILE are both set. Keep one of them.")
    if option is not None or path:
        name = "BLUEJAY_API_KEY_FILE" if option is None else "--api-key-file"
        key = _in_file(name, path or "")
    elif variable:
        key = Secret(variable.reveal().rstrip("\r\n"))  # `echo` adds a newline
    else:
        raise ConfigurationError(_NO_KEY + (_EMPTY_VARIABLE if "BLUEJAY_API_KEY" in os.environ else ""))
    never_show(key)
    return key


def _in_file(name: str, path: str) -> Secret:
    advice = "Pass the file that contains the API key."
    try:
        with Path(path).open("rb") as file:
            _warn_if_open_to_others(path, os.fstat(file.fileno()).st_mode)
            content = file.read(_LONGEST + 1)
    except OSError as error:
        raise ConfigurationError(f"{name}: {path}: {error.strerror}. {advice}") from None
    key = Secret(content.decode(errors="surrogateescape").rstrip("\r\n"))
    if not key or len(content) > _LONGEST:
        fault = "is longer than any key" if key else "is empty"
        raise ConfigurationError(f"{name}: {path} {fault}. {advice}")
    return key


def _warn_if_open_to_others(path: str, mode: int) -> None:
    """Warn if other users can read the key file.

    This is a warning rather than an error, because secrets are mounted into containers as files that every
    user can read.
    """
    if os.name == "posix" and stat.S_ISREG(mode) and mode & _READABLE_BY_OTHERS:
        write_message(f"warning: {path} is readable by other users; run chmod 600 {path}")
