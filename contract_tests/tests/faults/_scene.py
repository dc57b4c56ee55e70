"""The servers of one call: the misbehaving one, and another that must not get a request."""

from contextlib import ExitStack
from typing import Self

import attrs

from ._call import KEY, Call, Way
from ._certificates import AUTHORITY, tls
from ._row import Role, Row
from ._scripts import silent
from ._server import FaultServer

GRACE = 30.0
"""Seconds in which a client must close its connections."""


class Scene:
    """Everything on the network for one call of a row. Use as a context manager."""

    def __init__(self, row: Row, way: Way) -> None:
        self._row = row
        self.way = way
        context = tls(row.certificate) if row.certificate else None
        self.server = FaultServer(row.script, tls=context, door=row.door)
        self.bystander = FaultServer(silent)

    @property
    def call(self) -> Call:
        options = self._row.options
        if self._row.role is Role.PROXY:
            options = attrs.evolve(options, proxy=self.server.url)
        return Call(self.way, self._row.url(self.server.url), options, self._environment)

    def wrong(self) -> list[str]:
        """Return the deviations that the servers have seen."""
        found = [f"the script failed: {error!r}" for error in self.server.failures]
        if not self._row.leaks and (left := self.server.left_open(GRACE)):
            found.append(f"{left} connections are still open after close()")
        if self.bystander.log.accepted:
            found.append("another origin was asked")
        if any(each.startswith(b"CONNECT") and KEY.encode() in each for each in self.server.log.requests):
            found.append("the proxy was shown the key")
        return found

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        self._stack.enter_context(self.server)
        self.server.log.elsewhere = self._stack.enter_context(self.bystander).url
        self._environment = dict(self._row.environment)
        if self._row.role is Role.PROXY_OF_THE_ENVIRONMENT:
            self._environment |= {"HTTP_PROXY": self.server.url, "HTTPS_PROXY": self.server.url}
        if self._row.is_trusted:
            path = self._stack.enter_context(AUTHORITY.cert_pem.tempfile())
            self._environment |= {"SSL_CERT_FILE": path}
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()
