"""The result of a call to a client."""

from __future__ import annotations

from attrs import frozen


@frozen
class Returned:
    """The value that a client's function returned.

    Attributes:
        text: A JSON tree, as described in `docs/contract-kit-programs.md`; empty if the client returned
            nothing (`undefined`), or if its worker sends no `result`. Python's None is `null`.
        not_comparable: Why the value can't be compared; empty if it can be.
    """

    text: str = ""
    not_comparable: str = ""


NOTHING = Returned()
