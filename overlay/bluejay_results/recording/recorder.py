"""Keeps the responses of one call, so that they can be saved even if the call fails."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from .._errors import UsageError
from .exchange import Exchange
from .har import save
from .recording import Recording, Settings


class Recorder:
    """Records the responses of one `wait`, `retrieve` or `runs`. `save` also works if the call failed.

    Use a new recorder for each call.
    """

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._exchanges: tuple[Exchange, ...] = ()

    def begin(self, settings: Settings) -> None:
        """Start recording a call.

        Raises:
            UsageError: The recorder has recorded another call.
        """
        if self._settings:
            raise UsageError("The recorder has recorded another call. Make a new recorder for each call.")
        self._settings = settings

    def keep(self, exchanges: Sequence[Exchange]) -> None:
        """Replace the recorded exchanges by these."""
        self._exchanges = tuple(exchanges)

    @property
    def has_response(self) -> bool:
        """Whether a response was received."""
        return any(each.status for each in self._exchanges)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the responses to a HAR file that only this user can read.

        Raises:
            UsageError: No response was received.
            OSError: The file can't be written.
        """
        if not self._settings or not self.has_response:
            raise UsageError("Nothing was received, so there is nothing to save.")
        save(Recording(self._settings, self._exchanges), path)
