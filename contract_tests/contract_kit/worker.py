"""Runs a client's function in a process of its own, so that it may print, exit, hang or die.

The standard library is all it needs. It reads one call a line from a socket, whose number it is given, and
writes one outcome a line to it; what the client prints goes elsewhere.

    python -m contract_kit.worker SOCKET package.module:function [package.module:Error ...]
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

BELIEVED = "believed"
REFUSED = "refused"
CRASHED = "crashed"


class UnusableError(Exception):
    """The client can't be called at all."""


class WrongNameError(UnusableError):
    """An option names nothing that can be called or raised."""


def main() -> None:
    """Tell whether the client can be called, then call it until there is nothing more to do."""
    number, function_name, *refusals = sys.argv[1:]
    sys.argv[1:] = []
    os.set_inheritable(int(number), False)  # a program that the client starts must not hold it open
    with socket.socket(fileno=int(number)) as connection, connection.makefile("rw") as lines:

        def tell(**what: str) -> None:
            lines.write(f"{json.dumps(what)}\n")
            lines.flush()

        try:
            function, refuses = _load_function(function_name), tuple(map(_load_error, refusals))
        except UnusableError as error:
            tell(unusable=str(error), by="name" if isinstance(error, WrongNameError) else "client")
            return
        tell(ready="")
        with asyncio.Runner() as runner:
            for line in lines:
                tell(**_outcome(function, refuses, runner, json.loads(line)))


def _outcome(
    function: Callable[..., Any],
    refuses: tuple[type[BaseException], ...],
    runner: asyncio.Runner,
    call: Iterable[Any],
) -> dict[str, str]:
    try:
        result = function(*call)
        if inspect.isawaitable(result):
            runner.run(wait_for(result))
    except refuses as error:
        return {"outcome": REFUSED, "detail": describe(error)}
    except BaseException as error:  # also what ends a program: here it ends one call
        return {"outcome": CRASHED, "detail": describe(error)}
    return {"outcome": BELIEVED, "detail": ""}


async def wait_for(result: Awaitable[Any]) -> None:
    """Wait for anything that can be awaited: a runner takes coroutines alone."""
    await result


def describe(error: BaseException) -> str:
    """Return an exception's type and the first line of its message."""
    try:
        message = str(error).strip().partition("\n")[0]
    except Exception as worse:
        message = f"its message can't be read: {type(worse).__name__}"
    return f"{type(error).__name__}: {message}"[:200].removesuffix(": ")


def _load_function(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = _load(name)
    if not callable(function):
        raise WrongNameError(f"{name} is no function. It is {type(function).__name__}.")
    try:
        signature = inspect.signature(function)
    except ValueError:  # of something written in C
        return function
    try:
        signature.bind("", "", {})
    except TypeError:
        raise WrongNameError(
            f"{name} must take three arguments (url, operation, arguments). It takes {signature}."
        ) from None
    return function


def _load_error(name: str) -> type[BaseException]:
    error = _load(name)
    if isinstance(error, type) and issubclass(error, BaseException):
        return error
    raise WrongNameError(f"{name} is no exception class. Give --refuses the class that the client raises.")


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
            f"Can't import {module}: {describe(error)}"
        ) from None
    except BaseException as error:  # a module may do anything while it is imported
        raise UnusableError(f"Can't import {module}: {describe(error)}") from None
    for attribute in attributes.split("."):
        try:
            found = getattr(found, attribute)
        except AttributeError:
            raise WrongNameError(f"{module} has no {attributes}.") from None
    return found


if __name__ == "__main__":
    main()
