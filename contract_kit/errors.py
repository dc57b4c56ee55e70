"""The kit's exceptions. Each message explains what went wrong, where, and what to do next."""


class KitError(Exception):
    """The document, an option or another input is unusable. The command exits with code 2."""


class ClientUnusableError(KitError):
    """The client could not be run at all, so nothing is known about it. The command exits with code 3."""


class NothingCoveredError(KitError):
    """No operation in the document can be called."""


class UncoverableError(Exception):
    """No mutants can be made for a part of the document.

    The kit lists the part with this reason and continues with the others.
    """


class BrokenReferenceError(UncoverableError):
    """A reference's target doesn't exist in the document's files, so the document must be fixed."""
