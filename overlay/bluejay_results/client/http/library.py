"""The HTTP libraries whose clients can be passed in: httpx, and httpx2 if the user has imported it.

Only this module mentions httpx2, and no code imports it. The classes of httpx2 have the same names as
those of httpx. Code that handles objects of a client that was passed in looks up the classes of both here.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx

if TYPE_CHECKING:
    import httpx2

BlockingHTTPClient: TypeAlias = "httpx.Client | httpx2.Client"
AsyncHTTPClient: TypeAlias = "httpx.AsyncClient | httpx2.AsyncClient"
HTTPResponse: TypeAlias = "httpx.Response | httpx2.Response"


def classes(*names: str) -> tuple[type[Any], ...]:
    """Return the classes with these names from each library, for `isinstance`."""
    found = (getattr(library, name, None) for library in _libraries() for name in names)
    return tuple(each for each in found if each)  # another thread may still be importing httpx2


def exceptions(*names: str) -> tuple[type[Exception], ...]:
    """Return the exceptions with these names from each library, for `except`."""
    return classes(*names)


def _libraries() -> list[ModuleType]:
    imported = sys.modules.get("httpx2")
    return [httpx, imported] if imported else [httpx]
