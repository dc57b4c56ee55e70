"""What can go wrong on the way: each message says what, where, and what to do next."""


class KitError(Exception):
    """The document or a request to the kit can't be used. The command exits with 2."""


class ClientUnusableError(KitError):
    """The client could not be run at all, so that nothing was learnt of it. The command exits with 3."""


class UncoverableError(Exception):
    """A part of the document can't be mutated. It is listed with this reason, and the rest goes on."""
