"""Calls a Python function in its own process, for `contract-kit test`.

If the function crashes, `contract-kit` goes on with a new process.

This file needs only Python 3.11 or newer. It can be copied to wherever the client runs:

    contract-kit test DOC --worker "python worker.py package.module:function package.module:Error"

The function is called as `function(url, operation, arguments)`, or as `function(request)` if it takes only
one argument. The names after the function are the exceptions that it raises to refuse a response. The
function gets an empty stdin, and everything that it prints goes to stderr, because the kit uses the real
stdin and stdout.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import sys
from collections.abc import Awaitable, Callable
from io import TextIOWrapper
from pathlib import Path
from typing import Any

ACCEPTED = "accepted"
REFUSED = "refused"
CRASHED = "crashed"


class UnusableError(Exception):
    """The client can't be called at all."""

    reply = "unusable"


class WrongNameError(UnusableError):
    """An argument isn't the name of a function or an exception."""

    reply = "usage"


def main() -> None:
    """Tell the kit whether the client can be called, then call the client for each request."""
    names = sys.argv[1:]
    sys.argv[1:] = []
    requests, replies = _take_streams()

    def tell(**what: Any) -> None:
        replies.write(f"{json.dumps(what)}\n")
        replies.flush()

    try:
        if not names:
            raise WrongNameError("Name the function to call, as package.module:function.")
        function, refuses = _load_function(names[0]), tuple(map(_load_error, names[1:]))
    except UnusableError as error:
        tell(**{error.reply: str(error)})
        return
    tell(ready=True)
    with asyncio.Runner() as runner:
        for line in requests:
            request = json.loads(line)
            tell(id=request["id"], **_outcome(function, refuses, runner, request))


def _take_streams() -> tuple[TextIOWrapper, TextIOWrapper]:
    """Return the real stdin and stdout; give the client and its child processes replacements."""
    requests, replies = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    with open(os.devnull) as empty:  # noqa: PTH123 - no Path is needed to open it
        os.dup2(empty.fileno(), 0)
    os.dup2(2, 1)
    return requests, replies


def _outcome(
    function: Callable[..., Any],
    refuses: tuple[type[BaseException], ...],
    runner: asyncio.Runner,
    request: dict[str, Any],
) -> dict[str, str]:
    try:
        result = function(request)
        if inspect.isawaitable(result):
            runner.run(wait_for(result))
    except refuses as error:
        return {"outcome": REFUSED, "detail": describe(error)}
    except BaseException as error:  # includes SystemExit and KeyboardInterrupt, which here end only one call
        return {"outcome": CRASHED, "detail": describe(error)}
    return {"outcome": ACCEPTED, "detail": ""}


async def wait_for(result: Awaitable[Any]) -> None:
    """Await any awaitable, because asyncio's runner accepts only coroutines."""
    await result


def describe(error: BaseException) -> str:
    """Return an exception's type and the first line of its message."""
    try:
        message = str(error).strip().partition("\n")[0]
    except Exception as worse:
        message = f"its message can't be read: {type(worse).__name__}"
    return f"{type(error).__name__}: {message}"[:200].removesuffix(": ")


def _load_function(name: str) -> Callable[[dict[str, Any]], Any]:
    function: Callable[..., Any] = _load(name)
    if not callable(function):
        raise WrongNameError(f"{name} is not a function. It is {type(function).__name__}.")
    if _takes(function, "", "", {}):
        return lambda request: function(request["url"], request["operation"], request["arguments"])
    if _takes(function, {}):
        return function
    raise WrongNameError(
        f"{name} must take three arguments (url, operation, arguments) or one (request). "
        f"It takes {inspect.signature(function)}."
    )


def _takes(function: Callable[..., Any], *arguments: Any) -> bool:
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    except ValueError:  # a function written in C may have no signature
        return True
    return True


def _load_error(name: str) -> type[BaseException]:
    error = _load(name)
    if isinstance(error, type) and issubclass(error, BaseException):
        return error
    raise WrongNameError(
        f"{name} is not an exception class. Give --refuses the class that the client raises."
    )


def _load(name: str) -> Any:
    module, _, attributes = name.partition(":")
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        found: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        is_named = error.name is not None and f"{module}.".startswith(f"{error.name}.")
        raise (WrongNameError if is_named else UnusableError)(
            f"Can't import the module {module}: {describe(error)}"
        ) from None
    except BaseException as error:  # a module may do anything when it is imported
        raise UnusableError(f"Can't import the module {module}: {describe(error)}") from None
    for attribute in attributes.split("."):
        try:
            found = getattr(found, attribute)
        except AttributeError:
            raise WrongNameError(f"There is no {attributes!r} in module {module}.") from None
    return found


if __name__ == "__main__":
    main()
