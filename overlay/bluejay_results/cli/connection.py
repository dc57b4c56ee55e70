"""Connects to the service: options, API key and request log.

Annotations aren't postponed here (PEP 563): typer would have to evaluate them every time it starts.
"""

import logging
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from attrs import frozen

from bluejay_results._secrets import Secret, as_secret, never_show
from bluejay_results.errors import ConfigurationError

from ..writing.streams import write_message
from .command import OptionGroup
from .options import option

if TYPE_CHECKING:
    from bluejay_results.client.sync_client import BluejayClient

_HEADING = "Connection"
_LONGEST = 4096
"""The maximum number of bytes to read from a key file, which might be an endless device."""
_READABLE_BY_OTHERS = 0o044
_NO_KEY = "No API key was found. Set BLUEJAY_API_KEY or pass --api-key-file."
_EMPTY_VARIABLE = (
    " BLUEJAY_API_KEY is set but empty. On GitHub, ${{ secrets.NAME }} is empty if the secret doesn't "
    "exist, and in workflow runs for pull requests from forks."
)


@frozen
class Connection(OptionGroup):
    """How to connect to the service."""

    base_url: Annotated[
        str | None,
        option(
            _HEADING,
            "URL",
            "The service's base URL (default: BLUEJAY_API_URL or, if it isn't set, production).",
        ),
    ] = None
    api_key_file: Annotated[
        str | None,
        option(_HEADING, "PATH", "Read the API key from a file. Warns if other users can read the file."),
    ] = None
    organization: Annotated[
        str | None,
        option(
            _HEADING,
            "ID",
            "The organization whose runs and conversations to read (default: BLUEJAY_ORGANIZATION_ID).",
        ),
    ] = None

    def client(self) -> "BluejayClient":
        """Create a client; the key and the organization come from the options or the environment."""
        from bluejay_results.client.sync_client import BluejayClient  # loaded late: --help doesn't need it

        _log_to_stderr()
        key = find_key(self.api_key_file)

        return BluejayClient(key.reveal(), self.base_url, organization_id=self.organization)


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


def _log_to_stderr() -> None:
    """Log to stderr if BLUEJAY_LOG is set to debug; raise ConfigurationError for any other value."""
    level = os.environ.get("BLUEJAY_LOG")
    if not level:
        return
    if level != "debug":
        raise ConfigurationError(f"BLUEJAY_LOG must be debug, got {level!r}.")
    logger = logging.getLogger("bluejay_results")
    logger.setLevel(logging.DEBUG)
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
