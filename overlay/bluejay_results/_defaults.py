"""Defaults that the clients and the command share; a module without imports, so that help needs no client."""

RETRIEVE_TIMEOUT = 60.0
WAIT_TIMEOUT = 25 * 60.0
POLL_INTERVAL = 10.0
"""In seconds."""

MAX_BODY_BYTES = 256 * 1024 * 1024
TOOL_CALL_GRACE = 180.0
"""Seconds after the end of a conversation in which its tool calls may still arrive."""
