"""Invalid certificates of every kind, and valid ones, from our own authority."""

import datetime
import ssl
from enum import Enum
from functools import cache

import trustme

from ._server import HOST

_DAY = datetime.timedelta(days=1)


class Certificate(Enum):
    """What is wrong with a server's certificate."""

    VALID = "nothing"
    EXPIRED = "expired yesterday"
    NOT_YET_VALID = "valid from tomorrow on"
    WRONG_HOST = "for another host"
    SELF_SIGNED = "signed by itself"


AUTHORITY = trustme.CA()
"""The authority that signs all certificates except the last."""


@cache
def tls(certificate: Certificate) -> ssl.SSLContext:
    """Return the TLS context of a server with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate is Certificate.SELF_SIGNED:
        _install_self_signed(context)
    else:
        _issued(certificate).configure_cert(context)
    return context


def _issued(certificate: Certificate) -> trustme.LeafCert:
    now = datetime.datetime.now(datetime.UTC)
    if certificate is Certificate.EXPIRED:
        return AUTHORITY.issue_cert(HOST, not_before=now - 2 * _DAY, not_after=now - _DAY)
    if certificate is Certificate.NOT_YET_VALID:
        return AUTHORITY.issue_cert(HOST, not_before=now + _DAY)
    return AUTHORITY.issue_cert("other.invalid" if certificate is Certificate.WRONG_HOST else HOST)


def _install_self_signed(context: ssl.SSLContext) -> None:
    itself = trustme.CA()
    with itself.cert_pem.tempfile() as certificate, itself.private_key_pem.tempfile() as key:
        context.load_cert_chain(certificate, key)
