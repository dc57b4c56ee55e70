"""Builds valid HTTP/1.1 responses, for scripts to break."""

import gzip
import json
import zlib
from functools import cache

from bluejay_contract.stub import SCENARIOS

MIB = 1 << 20
RUN_ID = "48215"
_QUEUED = {"simulation_run_id": RUN_ID, "simulation_result_ids": ["482150001"], "agent_id": "7"}
SETTLED = json.dumps(json.loads(SCENARIOS["advancing"].bodies[-1]) | _QUEUED).encode()
"""A settled run that is also a valid response to queueing: each operation ignores the other's fields."""
JSON = "Content-Type: application/json"


def head(*headers: str, status: int = 200) -> bytes:
    """Return a status line and headers, including the empty line after them."""
    return "\r\n".join([f"HTTP/1.1 {status} Some reason", *headers, "", ""]).encode("latin-1")


def response(body: bytes = SETTLED, *headers: str, status: int = 200) -> bytes:
    """Return a complete response with the correct length."""
    return head(JSON, f"Content-Length: {len(body)}", *headers, status=status) + body


def chunk(data: bytes) -> bytes:
    """Return one chunk of a chunked body; an empty chunk ends the body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


@cache
def bomb(mebibytes: int) -> bytes:
    """Return the start of a gzip stream of zeros. Decompressed, it is a thousand times larger."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    one = deflate.compress(bytes(MIB)) + deflate.flush(zlib.Z_FULL_FLUSH)  # this block can be repeated
    return gzip.compress(b"")[:10] + one * mebibytes
