"""Certificates from our own CA: a valid certificate, and one for another host."""

import ssl
from enum import Enum
from functools import cache

import trustme

from ._server import HOST

AUTHORITY = trustme.CA()


class Certificate(Enum):
    """The host for which a certificate is issued."""

    VALID = HOST
    WRONG_HOST = "other.invalid"


@cache
def tls(certificate: Certificate) -> ssl.SSLContext:
    """Return the TLS context of a server with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(certificate.value).configure_cert(context)
    return context
