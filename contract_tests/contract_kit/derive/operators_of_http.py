"""The mutation operators that break connections, content encodings and headers; `operators` includes them."""

from __future__ import annotations

from .model import Operator, Strictness

MUST, SHOULD, MAY = Strictness.MUST, Strictness.SHOULD, Strictness.MAY

_HTTP, _HTTP_1 = "RFC 9110, section", "RFC 9112, section"
_INCOMPLETE = (
    f"{_HTTP_1} 8: A client that receives an incomplete response message, which can occur when a "
    "connection is closed prematurely [...], MUST record the message as incomplete."
)
_CODING = (
    f"{_HTTP} 8.4: Content-Encoding [...] indicates what content codings have been applied [...], and thus "
    "what decoding mechanisms have to be applied in order to obtain data in the media type referenced by "
    "the Content-Type header field."
)

OPERATORS_OF_HTTP: dict[str, Operator] = {
    "no-response": Operator(MUST, _INCOMPLETE),
    "cut": Operator(MUST, _INCOMPLETE),
    "cut-then-valid": Operator(MUST, _INCOMPLETE),
    "no-last-chunk": Operator(
        MUST,
        f"{_HTTP_1} 8: A message body that uses the chunked transfer coding is incomplete if the zero-sized "
        "chunk that terminates the encoding has not been received.",
    ),
    "length-too-long": Operator(
        MUST,
        f"{_HTTP_1} 8: A message that uses a valid Content-Length is incomplete if the size of the message "
        "body received (in octets) is less than the value given by Content-Length.",
    ),
    "length-too-short": Operator(
        MAY,
        f"{_HTTP_1} 6.3: a user agent MAY discard the remaining data or attempt to determine if that data "
        "belongs as part of the prior message body, which might be the case if the prior message's "
        "Content-Length value is incorrect.",
        "a client may discard the bytes after the announced length, or read them as a part of the body",
    ),
    "204-with-content": Operator(
        MAY,
        f"{_HTTP} 15.3.5: A 204 response is terminated by the end of the header section; it cannot contain "
        "content or trailers.",
        "a client reads no body after a 204, so it may accept the 204",
    ),
    "503-then-valid": Operator(
        MUST,
        f"{_HTTP} 15.6.4: The 503 (Service Unavailable) status code indicates that the server is currently "
        "unable to handle the request [...]. The server MAY send a Retry-After header field",
    ),
    "gzip-truncated": Operator(MUST, _CODING),
    "gzip-without-checksum": Operator(
        SHOULD,
        f'{_HTTP} 8.4.1.3: The "gzip" coding is an LZ77 coding with a 32-bit Cyclic Redundancy Check (CRC)',
        "a client may accept a body that it could decompress without the checksum",
    ),
    "encoding-unknown": Operator(
        SHOULD, _CODING, "a client may ignore a content encoding that it does not know"
    ),
    "header": Operator(
        SHOULD,
        "OpenAPI Specification, Header Object, schema: The schema defining the type used for the header; "
        f"{_HTTP} 5.1: Other recipients SHOULD ignore unrecognized header and trailer fields.",
        "a client may ignore a header that it does not use",
    ),
}
"""The operators by name."""
