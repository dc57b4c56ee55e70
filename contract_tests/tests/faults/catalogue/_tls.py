"""TLS that must not be trusted, or that isn't there."""

from bluejay_results import ConnectionFailedError, TLSError

from .._certificates import Certificate
from .._http import response
from .._row import RECOVERED, SHORTLY, Row, fails
from .._scripts import answers, speaks_first

_UNTRUSTED = fails(TLSError, says="Set SSL_CERT_FILE")
_FINE = answers(response())


def _bad(certificate: Certificate, *, command: tuple[str, ...] = ()) -> Row:
    name = f"a certificate {certificate.value}"
    return Row(name, _FINE, _UNTRUSTED, certificate=certificate, is_trusted=True, command=command)


TLS = (
    Row(
        "a certificate that is sound, to compare",
        _FINE,
        RECOVERED,
        certificate=Certificate.VALID,
        is_trusted=True,
        command=("show",),
    ),
    _bad(Certificate.EXPIRED, command=SHORTLY),
    _bad(Certificate.NOT_YET_VALID),
    _bad(Certificate.WRONG_HOST, command=SHORTLY),
    _bad(Certificate.SELF_SIGNED),
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
