"""What a person is told about an error."""

from bluejay_results.errors import BluejayError, ContractViolationError, WaitTimeoutError

_OPTIONS = {
    "base_url": "--base-url",
    "timeout": "--timeout",
    "poll_interval": "--poll-interval",
}
"""What a message of the client starts with, and the option for it."""


def describe(error: BluejayError) -> str:
    """Return what went wrong, where, and what to do next."""
    first, space, rest = str(error).replace("max_body_bytes", "--max-bytes").partition(" ")
    parts = [f"{_OPTIONS.get(first, first)}{space}{rest}"]
    if isinstance(error, ContractViolationError) and error.url:
        parts.append("Check the base URL; if it is right, the service has changed: upgrade this package.")
    if isinstance(error, WaitTimeoutError) and error.run:
        from ._state import count  # loaded late: it brings the models

        parts.append(f"[{count(error.run)}, {error.run.app_url}]")
    if error.url:
        parts.append(f"[{error.url}]")
    return " ".join(parts)
