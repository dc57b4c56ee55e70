"""What a call to a client returned."""

from __future__ import annotations

from attrs import frozen


@frozen
class Returned:
    """What a client's function returned.

    Attributes:
        text: A JSON tree, which `docs/contract-kit-programs.md` describes; empty if the client returned
            nothing (`undefined`), or if its worker sends no `result`. Python's None is `null`.
        not_comparable: Why the result can't be compared; empty if it can.
    """

    text: str = ""
    not_comparable: str = ""


NOTHING = Returned()
