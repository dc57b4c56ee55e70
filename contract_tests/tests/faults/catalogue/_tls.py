"""TLS that must not be trusted, or no TLS."""

from bluejay_results import ConnectionFailedError, TLSError

from .._certificates import Certificate
from .._http import response
from .._row import RECOVERED, SHORTLY, Ends, Row, fails
from .._scripts import answers, speaks_first

_UNTRUSTED = fails(TLSError, says="Set SSL_CERT_FILE")
_FINE = answers(response())


def _trusting(name: str, kind: Certificate, ends: Ends = _UNTRUSTED, command: tuple[str, ...] = ()) -> Row:
    """Return a row in which the client trusts our authority."""
    return Row(f"a certificate {name}", _FINE, ends, certificate=kind, is_trusted=True, command=command)


TLS = (
    _trusting("that is sound, to compare", Certificate.VALID, RECOVERED, command=("show",)),
    _trusting("expired yesterday", Certificate.EXPIRED, command=SHORTLY),
    _trusting("valid from tomorrow on", Certificate.NOT_YET_VALID),
    _trusting("for another host", Certificate.WRONG_HOST, command=SHORTLY),
    _trusting("signed by itself", Certificate.SELF_SIGNED),
    Row("a certificate by an unknown authority", _FINE, _UNTRUSTED, certificate=Certificate.VALID),
    Row(
        "plain HTTP where TLS was asked for",
        speaks_first(response(status=400)),
        fails(TLSError, says="use http://"),
        url=lambda url: f"https{url[4:]}",
    ),
    Row(
        "TLS where plain HTTP was asked for",
        _FINE,
        fails(ConnectionFailedError, passes=True),
        certificate=Certificate.VALID,
        url=lambda url: f"http{url[5:]}",
    ),
)
