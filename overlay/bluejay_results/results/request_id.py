"""Finds the request id in the headers of a response."""

from collections.abc import Mapping


def request_id_in(headers: Mapping[str, str]) -> str | None:
    """Return the request id that the service assigned, to quote to its support; None if it sent none."""
    return headers.get("x-request-id") or None
