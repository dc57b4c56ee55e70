"""Typed results of a Bluejay simulation run."""

from typing import TYPE_CHECKING, Any

from ._defaults import __version__ as __version__

if TYPE_CHECKING:
    from . import _public, client
    from ._public import *  # noqa: F403 - so that each public name is declared once
    from .client import *  # noqa: F403 - for the same reason

    __all__: list[str] = ["__version__"]
    __all__ += client.__all__
    __all__ += _public.__all__
else:  # a type checker would assume that `__getattr__` defines every name
    _OF_CLIENTS = ["AsyncBluejayClient", "BluejayClient", "Clock", "RunProgress"]

    def __getattr__(name: str) -> Any:
        """Import a public name on first use.

        Printing help therefore doesn't load the decoder, and reading a saved run loads no HTTP library.
        """
        if name in _OF_CLIENTS:
            from . import client as names
        elif name == "__all__" or not name.startswith("_"):
            from . import _public as names
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name == "__all__":
            return sorted(["__version__", *_OF_CLIENTS, *names.__all__])
        if name not in names.__all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals().update({each: getattr(names, each) for each in names.__all__})
        return globals()[name]

    def __dir__() -> list[str]:
        return __getattr__("__all__")
