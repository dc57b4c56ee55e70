"""Writes the log of requests to stderr if BLUEJAY_LOG=debug is set."""

import logging
import os

from bluejay_results.errors import ConfigurationError

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO}


def log_to_stderr() -> None:
    """Write the log to stderr if BLUEJAY_LOG is set; raise ConfigurationError for an unknown level."""
    level = os.environ.get("BLUEJAY_LOG", "").lower()
    if not level:
        return
    if level not in _LEVELS:
        raise ConfigurationError(f"BLUEJAY_LOG must be debug or info, got {level!r}.")
    logger = logging.getLogger("bluejay_results")
    logger.setLevel(_LEVELS[level])
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
