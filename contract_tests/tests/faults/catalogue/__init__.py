"""The rows of the fault matrix, by section."""

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
