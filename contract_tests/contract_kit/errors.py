"""The kit's exceptions: each message explains what went wrong, where, and what to do next."""


class KitError(Exception):
    """The document, an option or another input can't be used. The command exits with code 2."""


class ClientUnusableError(KitError):
    """The client could not be run at all, so nothing is known about it. The command exits with code 3."""


class NothingCoveredError(KitError):
    """No operation in the document can be called."""


class UncoverableError(Exception):
    """A part of the document can't be mutated.

    The kit lists the part with this reason and continues with the rest.
    """


class BrokenReferenceError(UncoverableError):
    """A reference leads nowhere in the document's files, so the document must be fixed."""
