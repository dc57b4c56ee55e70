"""The rows of the fault matrix, by section.

The words of a row, which `_row.py` defines and `_scripts.py` writes scripts for:

- row: one fault. The server runs its script, and a call by each of its ways must end as the row declares.
- script: what the server does with each connection, from the bytes to the silence or reset after them.
- way: how the service is used: `retrieve` or `wait`, by the sync or the async client, or the command.
  `retrieve_result` and `queue` get the same fault as `retrieve`, unless a row concerns only runs. A valid
  body is valid for each of them.
- recovered: the call returned its result, at once or after other attempts.
- fails: the call raised this error. It `passes` if the fault may be over in a moment, so that other attempts
  are allowed; otherwise there must be only one request.
- outlasted: the wait met the fault until its timeout; `beneath` is the error of its last poll.
- wait_ends: how a `wait` ends, if it differs from `retrieve`.
- queue_ends: how a `queue` ends, if it differs from `retrieve`. It must never repeat a request that may have
  arrived.
- point: where a script calls `reach()`. There, an interrupted row cancels the call or sends Ctrl-C.
- door: whether the server accepts connections, refuses them, or leaves them unanswered.
- role: whether the server is the service or a proxy in front of it.
- "to compare": a row without a fault, which shows that the rows beside it fail only because of their fault.
"""

from .._row import Row
from ._connecting import CONNECTING
from ._encoding import ENCODING
from ._framing import FRAMING
from ._interrupting import INTERRUPTING
from ._json import JSON_TEXT
from ._proxies import PROXIES
from ._redirects import REDIRECTS
from ._retrying import RETRYING
from ._size import SIZE
from ._slowness import SLOWNESS
from ._statuses import STATUSES
from ._tls import TLS

__all__ = ["SECTIONS"]

SECTIONS: dict[str, tuple[Row, ...]] = {
    "connection": CONNECTING,
    "silence and slowness": SLOWNESS,
    "TLS": TLS,
    "framing": FRAMING,
    "encoding": ENCODING,
    "size": SIZE,
    "JSON": JSON_TEXT,
    "statuses": STATUSES,
    "redirects": REDIRECTS,
    "retries": RETRYING,
    "proxies": PROXIES,
    "Ctrl-C and cancellation": INTERRUPTING,
}
