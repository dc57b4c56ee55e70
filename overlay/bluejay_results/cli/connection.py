"""Connects to the service: options and request log.

Annotations aren't postponed here (PEP 563): typer would have to evaluate them every time it starts.
"""

import logging
import os
from typing import TYPE_CHECKING, Annotated

from attrs import frozen

from bluejay_results.errors import ConfigurationError

from .command import OptionGroup
from .keys import find_key
from .options import option

if TYPE_CHECKING:
    from bluejay_results.client.sync_client import BluejayClient

_HEADING = "Connection"


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
