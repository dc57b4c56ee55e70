"""The spellings in which a secret can come back in what a server says."""

import base64
import html
import json
from collections.abc import Iterable
from urllib.parse import quote


def spellings(secret: str) -> Iterable[str]:
    """Return a secret as it is and in every encoding of a server, each once."""
    # Bytes that are no UTF-8 come in as half surrogates; such a key is refused, in words that must not fail.
    encoded = secret.encode(errors="surrogatepass")
    return dict.fromkeys(
        (
            secret,
            json.dumps(secret)[1:-1],
            repr(secret)[1:-1],
            html.escape(secret),
            quote(encoded, safe=""),
            quote(encoded),
            base64.b64encode(encoded).decode().rstrip("="),
            base64.urlsafe_b64encode(encoded).decode().rstrip("="),
        )
    )
