"""Builds valid HTTP/1.1 responses, for scripts to break."""

import gzip
import json
import zlib
from functools import cache

from bluejay_contract.stub import SCENARIOS

from ._call import MIB, RESULT_ID, RUN_ID, SIMULATION_ID


def _sound_for_all(body: bytes) -> bytes:
    """Add the fields of the other operations' responses; each operation ignores the fields of the others."""
    others = {
        "simulation_result": json.loads(body)["simulation_results"][0],
        "simulation_run_id": RUN_ID,
        "simulation_result_ids": [RESULT_ID],
        "agent_id": "7",
        "simulation_runs": [
            {
                "id": int(RUN_ID),
                "experiment_id": int(SIMULATION_ID),
                "created_at": "2026-11-19T16:04:00Z",
                "status": "COMPLETED",
            }
        ],
    }
    return body[:-1] + b"," + json.dumps(others, separators=(",", ":")).encode()[1:]


_STARTED, *_, _ENDED = SCENARIOS["advancing"].bodies[1:]
RUNNING = _sound_for_all(_STARTED)
SETTLED = _sound_for_all(_ENDED.replace(b'"actual":[]', b'"actual":[{}]'))
"""Every tool was called, so that `wait` has nothing to fetch by id."""
JSON = "Content-Type: application/json"
HTML = "Content-Type: text/html"


def head(*headers: str, status: int = 200) -> bytes:
    """Return a status line and headers, including the empty line after them."""
    return "\r\n".join([f"HTTP/1.1 {status} Some reason", *headers, "", ""]).encode("latin-1")


def response(body: bytes = SETTLED, *headers: str, status: int = 200, media_type: str = JSON) -> bytes:
    """Return a complete response with the right length."""
    return head(media_type, f"Content-Length: {len(body)}", *headers, status=status) + body


def chunk(data: bytes) -> bytes:
    """Return one chunk of a chunked body; an empty chunk ends the body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def chunked(body: bytes, size: int = 512) -> bytes:
    """Return a complete response in chunks."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return head(JSON, "Transfer-Encoding: chunked") + b"".join(map(chunk, [*pieces, b""]))


def gzipped(body: bytes, *, encoding: str = "gzip") -> bytes:
    return response(gzip.compress(body), f"Content-Encoding: {encoding}")


@cache
def bomb(mebibytes: int) -> bytes:
    """Return the start of a gzip stream of zeros, which is a thousandth of its decompressed size."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    one = deflate.compress(bytes(MIB)) + deflate.flush(zlib.Z_FULL_FLUSH)  # can be repeated
    return gzip.compress(b"")[:10] + one * mebibytes
