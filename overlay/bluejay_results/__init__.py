"""Typed results of a Bluejay simulation run."""

from typing import TYPE_CHECKING, Any

from ._version import __version__ as __version__

if TYPE_CHECKING:
    from ._public import *  # noqa: F403
    from ._public import __all__ as __all__
else:  # a type checker would assume that `__getattr__` defines every name

    def __getattr__(name: str) -> Any:
        """Load the public names when the first is used, so that the command's help loads no decoder."""
        if name == "__all__" or not name.startswith("_"):
            import bluejay_results._public as public

            globals().update({each: getattr(public, each) for each in public.__all__}, __all__=public.__all__)
        if name not in globals():
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return globals()[name]

    def __dir__() -> list[str]:
        return __getattr__("__all__")
