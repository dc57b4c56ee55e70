"""Defaults of the clients and the command. This module imports nothing, so help text needs no client."""

RETRIEVE_TIMEOUT = 60.0
WAIT_TIMEOUT = 25 * 60.0
POLL_INTERVAL = 10.0
"""In seconds."""

MAX_BODY_BYTES = 256 * 1024 * 1024
TOOL_CALL_GRACE = 180.0
"""The grace period: seconds after a conversation's end in which its tool calls may still arrive."""
