"""Writes the log of requests to stderr if BLUEJAY_LOG=debug is set."""

import logging
import os

from bluejay_results.errors import ConfigurationError


def log_to_stderr() -> None:
    """Write the log to stderr if BLUEJAY_LOG is debug; raise ConfigurationError for another value."""
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
