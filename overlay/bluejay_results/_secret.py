"""A string that is used but never shown."""

from typing import NoReturn

MASK = "<redacted>"


class Secret(str):
    """A string for a header that every way of printing it masks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return format(MASK, format_spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not pickled")

    def redact(self, text: str) -> str:
        """Return `text` with every occurrence of the secret masked."""
        return text.replace(str.__str__(self), MASK)
