"""The version, and the defaults of the clients and the command. Imports nothing, to keep --help fast."""

__version__ = "0.1.0"

RETRIEVE_TIMEOUT = 60.0
WAIT_TIMEOUT = 25 * 60.0
POLL_INTERVAL = 10.0
"""The three durations above are in seconds."""

MAX_BODY_BYTES = 256 * 1024 * 1024
TOOL_CALL_GRACE = 180.0
"""The grace period: how long, in seconds, tool calls can still arrive after a conversation has ended."""
