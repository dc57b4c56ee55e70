"""The `test` options that specify a webhook receiver."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from contract_kit.errors import KitError
from contract_kit.read.document import nearest
from contract_kit.serve.receivers import EVERY, Receiver
from contract_kit.serve.signing import scheme


def receiver_of(
    receivers: Collection[str], sign: str | None, secret: str | None, *, allow_remote: bool
) -> Receiver:
    """Return the receiver that the options specify.

    Raises:
        KitError: An option can't be used.
    """
    if (sign is None) != (secret is None):
        raise KitError("Pass both --sign and --secret, or neither.")
    urls: dict[str, SplitResult] = {}
    for each in receivers:
        is_url = each.startswith(("http://", "https://"))
        name, _, text = ("", "", each) if is_url else each.partition("=")
        if name in urls:
            raise KitError(f"--receiver has two URLs for {name or 'all webhooks'}. Pass only one.")
        urls[name] = _url(text, allow_remote=allow_remote)
    if sign is None or secret is None:
        return Receiver(urls)
    value = os.environ.get(secret)
    if not value:  # the name isn't quoted: it might be the secret itself
        raise KitError("The environment variable for --secret isn't set or is empty. Set it first.")
    return Receiver(urls, *scheme(sign, value.encode()))


def webhooks_of(
    receiver: Receiver, listed: Sequence[str], chosen: Collection[str], document: str
) -> Collection[str]:
    """Return the ids of the webhooks to send: none to send all of them.

    Raises:
        KitError: The document has no webhooks, a URL is given for an unknown webhook, or a chosen webhook has
            no URL.
    """
    if not listed:
        raise KitError(f"{document} has no webhooks or callbacks, so there is nothing to send.")
    for name in receiver.urls.keys() - {EVERY, *listed}:
        near = nearest(name, list(listed)) or " `contract-kit mutants --webhooks` lists them."
        raise KitError(f"There is no webhook {name!r}.{near}")
    if EVERY in receiver.urls:
        return chosen
    for name in chosen:
        if name in listed and name not in receiver.urls:
            raise KitError(f"No --receiver has a URL for {name}. Pass --receiver URL.")
    return chosen or list(receiver.urls)


def _url(text: str, *, allow_remote: bool) -> SplitResult:
    try:
        url = urlsplit(text)
        host, _ = url.hostname or "", url.port
    except ValueError:
        host = ""
    if not host or url.scheme not in ("http", "https"):
        raise KitError("--receiver needs a URL such as http://127.0.0.1:8000/hooks, or NAME=URL.")
    if not allow_remote and not _is_loopback(host):
        raise KitError(f"{host} isn't this machine. To send broken deliveries there, pass --allow-remote.")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
