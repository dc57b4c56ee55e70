"""Calls a Python function in its own process, for `contract-kit test`.

If the function crashes, `contract-kit` continues with a new process.

This file needs only Python 3.11 or newer. It can be copied to wherever the client runs:

    contract-kit test DOC --worker "python worker.py package.module:function package.module:Error"

The function is called as `function(url, operation, arguments)`, or as `function(request)` if it takes only
one argument. The names after the function are the exceptions that the function raises to refuse a response.
The function gets an empty stdin, and everything that it prints goes to stderr, because the kit uses the real
stdin and stdout. The kit compares what the function returns, as a JSON tree (see `tree`).

For a generated client, the arguments are the adapter file, the generator, the client's package and options:
`generated_clients.py openapi-python-client shop_client strict`.
"""

from __future__ import annotations

import asyncio
import datetime
import enum
import functools
import hashlib
import importlib
import importlib.util
import inspect
import json
import math
import os
import re
import sys
import types
import uuid
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence, Set, ValuesView
from decimal import Decimal
from io import TextIOWrapper
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path, PurePath
from typing import Any, TypeAlias

ACCEPTED = "accepted"
REFUSED = "refused"
CRASHED = "crashed"
INCONCLUSIVE = "inconclusive"

MOST_BYTES = 500_000
MOST_ITEMS = 10_000
MOST_LEVELS = 100
TOO_LONG = f"the result has over {MOST_BYTES:,} bytes as JSON"
TOO_MANY = f"an iterator in the result has over {MOST_ITEMS:,} items"
TOO_DEEP = f"the result is nested more than {MOST_LEVELS} levels deep"


_Errors: TypeAlias = tuple[type[BaseException], ...]


class UnusableError(Exception):
    """The client can't be called at all."""

    reply = "unusable"


class WrongNameError(UnusableError):
    """An argument isn't the name of a function or an exception."""

    reply = "usage"


def main() -> None:
    """Report whether the client can be called, and then call it for each request."""
    names = sys.argv[1:]
    sys.argv[1:] = []
    requests, replies = _take_streams()

    def tell(result: str = "", **what: Any) -> None:
        fields = json.dumps(what)
        replies.write(f'{fields[:-1]}, "result": {result}}}\n' if result else f"{fields}\n")
        replies.flush()

    try:
        if not names:
            raise WrongNameError("Specify the function to call, as package.module:function.")
        if names[0].endswith(".py"):
            function, refuses, lacks = _load_adapter(*names)
        else:
            function, refuses, lacks = _load_function(names[0]), tuple(map(_load_error, names[1:])), ()
    except UnusableError as error:
        tell(**{error.reply: str(error)})
        return
    tell(ready=True)
    with asyncio.Runner() as runner:
        for line in requests:
            request = json.loads(line)
            tell(id=request["id"], **_outcome(function, refuses, lacks, runner, request))


def _take_streams() -> tuple[TextIOWrapper, TextIOWrapper]:
    """Return the real stdin and stdout, and replace them for the client and its child processes."""
    requests, replies = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    with open(os.devnull) as empty:  # noqa: PTH123 - no Path is needed to open it
        os.dup2(empty.fileno(), 0)
    os.dup2(2, 1)
    return requests, replies


def _outcome(
    function: Callable[..., Any],
    refuses: _Errors,
    lacks: _Errors,
    runner: asyncio.Runner,
    request: dict[str, Any],
) -> dict[str, str]:
    when = ""
    try:
        result = settled(function(request), runner.run)
        when = "reading the result raised "
        return {"outcome": ACCEPTED, "result": tree(result)}
    except NotComparableError as error:
        return {"outcome": ACCEPTED, "not_comparable": str(error)}
    except lacks as error:
        return {"outcome": INCONCLUSIVE, "detail": str(error)}
    except refuses as error:
        return {"outcome": REFUSED, "detail": when + describe(error)}
    except BaseException as error:  # includes SystemExit and KeyboardInterrupt, which end only this call
        return {"outcome": CRASHED, "detail": when + describe(error)}


def settled(result: Any, run: Callable[[Coroutine[Any, Any, Any]], Any] = asyncio.run) -> Any:
    """Await a result until it is no longer awaitable. Return an asynchronous iterator's items as a list.

    Raises:
        NotComparableError: The iterator has too many items.
        BaseException: The result or the iterator raised this when it was awaited.
    """
    if inspect.isawaitable(result) or hasattr(type(result), "__aiter__"):
        return run(_settled(result))
    return result


async def _settled(result: Any) -> Any:
    while inspect.isawaitable(result):
        result = await result
    if not hasattr(type(result), "__aiter__"):
        return result
    items: list[Any] = []
    async for item in result:
        if len(items) == MOST_ITEMS:
            raise NotComparableError(TOO_MANY)
        items.append(item)
    return items


def describe(error: BaseException) -> str:
    """Return an exception's type and the first line of its message."""
    try:
        message = str(error).strip().partition("\n")[0]
    except BaseException as worse:
        message = f"its message can't be read ({type(worse).__name__})"
    return f"{type(error).__name__}: {message}"[:200].removesuffix(": ")


class NotComparableError(Exception):
    """A result can't be compared with another result. The message explains why."""


def tree(value: Any) -> str:
    """Return a value as a JSON tree, as described in `docs/contract-kit-programs.md`; empty if it is absent.

    Iterators are exhausted.

    Raises:
        NotComparableError: The value is an HTTP response, contains itself, is too large or too deep, or
            contains something to be awaited or a number with thousands of digits.
        BaseException: An attribute, an iterator or `__str__` raised this, as it would for the caller.
    """
    if _is_http(type(value)):
        name = f"{type(value).__module__.partition('.')[0]}.{type(value).__name__}"
        raise NotComparableError(
            f"the result is an HTTP response ({name}); return what the client's users get"
        )
    found = _Reader().read(value)
    try:
        text = "" if found is _ABSENT else _encode(found)
    except ValueError as error:
        raise NotComparableError(f"the result can't be written as JSON ({describe(error)})") from None
    if len(text) > MOST_BYTES:
        raise NotComparableError(TOO_LONG)
    return text


_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_PLAIN = frozenset((str, int, bool, type(None)))
_ABSENT = object()
"""A placeholder for a value that a JSON tree leaves out."""

_UNSET = re.compile(
    "Unset|Undefined|NotGiven|Omit|NotSet|Sentinel|_Missing|_MISSING_TYPE|_Nothing"
    "|(Unset|Undefined|PydanticUndefined|NotGiven|NotSet)Type"
)
"""Matches names of classes whose instances mean that there is no value."""

_INFINITE = {math.inf: "Infinity", -math.inf: "-Infinity"}
_TEXTS = (uuid.UUID, PurePath, IPv4Address, IPv6Address, IPv4Network, IPv6Network)
_CODE = (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType)

_TAGS: tuple[tuple[Any, str, Callable[[Any], str]], ...] = (
    (Decimal, "$decimal", str),
    (datetime.datetime, "$date-time", datetime.datetime.isoformat),
    (datetime.date, "$date", datetime.date.isoformat),
    (datetime.time, "$time", datetime.time.isoformat),
    (datetime.timedelta, "$duration", lambda value: str(value.total_seconds())),
    ((bytes, bytearray, memoryview), "$bytes", lambda value: hashlib.sha256(value).hexdigest()),
)
"""Classes whose values JSON can't represent, with their keys in a JSON tree and how to get a value's text."""


def _is_http(kind: type) -> bool:
    """Whether a class is an HTTP library's response or request."""
    libraries = {"aiohttp", "http", "httpx", "httpx2", "requests", "urllib", "urllib3"}
    return any(
        each.__module__.partition(".")[0] in libraries
        and each.__name__.endswith(("Response", "Request", "addinfourl"))
        for each in kind.__mro__
    )


def _is_url(kind: type) -> bool:
    """Whether a class is a URL whose attributes are only parts of what its text contains."""
    return any(each.__module__.partition(".")[0] in {"furl", "hyperlink", "yarl"} for each in kind.__mro__)


class _Reader:
    """Converts a value to an object that `json` can serialize. Stops early if the value is too large."""

    def __init__(self) -> None:
        self._bytes = 0
        self._parents: set[int] = set()

    def read(self, value: Any) -> Any:
        """Convert a value, or return `_ABSENT`."""
        kind: Any = type(value)
        if kind in _PLAIN or (kind is float and math.isfinite(value)):
            self._count(len(value) if kind is str else 1)
            return value
        parents = self._parents
        if (key := id(value)) in parents:
            raise NotComparableError(f"the result contains itself ({kind.__name__})")
        if len(parents) == MOST_LEVELS:
            raise NotComparableError(TOO_DEEP)
        parents.add(key)
        if kind is dict:
            found: Any = self.members(value.items())
        elif kind is list:
            found = self.items(value)
        else:
            found = _how_to_read(kind)(self, value)
        parents.remove(key)
        return found

    # Most of the time is spent in the next two methods, so they convert plain values without a function call.

    def members(self, members: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        size = 2
        for name, value in members:
            kind: Any = type(value)
            if kind is str:
                size += len(value)
            elif kind not in _PLAIN:
                value = self.read(value)
                if value is _ABSENT:
                    continue
            if type(name) is not str or name[:1] == "$":
                name = _name(name)
            found[name] = value
            size += len(name) + 5
            if size > MOST_BYTES:
                raise NotComparableError(TOO_LONG)
        self._count(size)
        return found

    def items(self, items: Iterable[Any]) -> list[Any]:
        found: list[Any] = []
        size = 2
        for value in items:
            kind: Any = type(value)
            if kind is str:
                size += len(value)
            elif kind not in _PLAIN:
                value = self.read(value)
                if value is _ABSENT:
                    value = {"$absent": True}
            found.append(value)
            size += 2
            if size > MOST_BYTES:
                raise NotComparableError(TOO_LONG)
        self._count(size)
        return found

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MOST_BYTES:
            raise NotComparableError(TOO_LONG)

    def iterator(self, value: Iterable[Any]) -> list[Any]:
        """Exhaust an iterator, and convert its items."""
        return self.items(_items(value))

    def attributes(self, value: Any) -> Any:
        """Convert an object's public attributes, including properties, and its items."""
        kind: Any = type(value)
        own = dict(getattr(value, "__dict__", ()))
        own |= {name: getattr(value, name) for name in _slots(kind) if hasattr(value, name)}
        if is_pydantic := hasattr(kind, "__pydantic_extra__"):
            own |= value.__pydantic_extra__ or {}
        shown = _properties(kind)
        public = [(name, each) for name, each in own.items() if name[:1] != "_"]
        public += [
            (name[1:], getattr(value, name[1:])) for name in own if name[:1] == "_" and name[1:] in shown
        ]
        found = self.members(public)
        if is_pydantic:  # iterates over its attributes
            return found
        if getattr(kind, "__iter__", None) or (hasattr(kind, "__len__") and hasattr(kind, "__getitem__")):
            items = self.iterator(value)
            return {**found, "$items": items} if found else items
        if public:
            return found
        return {"$object": kind.__name__} if kind.__str__ is object.__str__ else self.read(str(value))


def _name(key: Any) -> str:
    name = str(key.value if isinstance(key, enum.Enum) else key)
    return f"${name}" if name[:1] == "$" else name


def _items(value: Iterable[Any]) -> Iterable[Any]:
    for number, item in enumerate(value):
        if number == MOST_ITEMS:
            raise NotComparableError(TOO_MANY)
        yield item


@functools.cache
def _how_to_read(kind: type) -> Callable[[_Reader, Any], Any]:
    """Return the function that converts values of a class."""
    if _UNSET.fullmatch(kind.__name__) or issubclass(kind, _CODE) or _is_http(kind):
        return lambda *_: _ABSENT
    if issubclass(kind, enum.Enum):  # before str and int, because an enum can also be one of these
        return lambda reader, value: reader.read(value.value)
    for tagged, key, text in _TAGS:
        if issubclass(kind, tagged):
            return lambda _, value: {key: text(value)}
    if kind is float:
        return lambda _, value: value if math.isfinite(value) else {"$number": _INFINITE.get(value, "NaN")}
    if issubclass(kind, _TEXTS) or _is_url(kind):
        return lambda reader, value: reader.read(str(value))
    for base, exactly in ((str, str.__str__), (int, int.__index__), (float, float.__float__)):
        if issubclass(kind, base):
            return lambda reader, value: reader.read(exactly(value))
    if issubclass(kind, Mapping) or all(hasattr(kind, each) for each in ("keys", "items", "__getitem__")):
        return lambda reader, value: reader.members(value.items())
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return lambda reader, value: reader.members(zip(kind._fields, value, strict=False))
    if issubclass(kind, Set | frozenset | set):
        return lambda reader, value: sorted(reader.items(value), key=json.dumps)  # sets are unordered
    if issubclass(kind, (Sequence, ValuesView)):
        return lambda reader, value: reader.items(value)
    if hasattr(kind, "__next__"):
        return _Reader.iterator
    if hasattr(kind, "__await__") or hasattr(kind, "__anext__"):
        return _refuse
    return _Reader.attributes


def _refuse(_: _Reader, value: Any) -> Any:
    raise NotComparableError(f"the result contains a {type(value).__name__} that must be awaited")


@functools.cache
def _slots(kind: type) -> tuple[str, ...]:
    """Return the names of the attributes that a class declares in `__slots__`."""
    names = [vars(each).get("__slots__", ()) for each in kind.__mro__]
    return tuple(name for each in names for name in ([each] if isinstance(each, str) else each))


@functools.cache
def _properties(kind: type) -> frozenset[str]:
    wanted = (property, functools.cached_property)
    return frozenset(
        name for each in kind.__mro__ for name, what in vars(each).items() if isinstance(what, wanted)
    )


_ADVICE = "Install it, or use --python PATH to choose an interpreter that has it."


def _load_adapter(
    file: str, generator: str = "", package: str = "", *options: str
) -> tuple[Callable[[dict[str, Any]], Any], _Errors, _Errors]:
    """Load a generator's adapter for the client in a package.

    Return the function to call, the exceptions with which it refuses a response, and those that it raises if
    the client can't call an operation.
    """
    spec: Any = importlib.util.spec_from_file_location("generated_clients", file)
    adapters = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(adapters)
    try:
        _import(package)
        return *adapters.ADAPTERS[generator](package, *options), (adapters.NotGeneratedError,)
    except UnusableError as error:
        raise type(error)(f"{error}. {_ADVICE}") from None
    except BaseException as error:  # a module can do anything when it is imported
        problem = describe(error)
        if isinstance(error, ModuleNotFoundError) and not f"{error.name}.".startswith(f"{package}."):
            raise UnusableError(f"{generator} needs more packages: {problem}. {_ADVICE}") from None
        raise WrongNameError(f"{package} is not a client generated by {generator} ({problem}).") from None


def _load_function(name: str) -> Callable[[dict[str, Any]], Any]:
    function: Callable[..., Any] = _load(name)
    if not callable(function):
        raise WrongNameError(f"{name} is not a function, but of type {type(function).__name__}.")
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
    except ValueError:  # a function written in C might have no signature
        return True
    return True


def _load_error(name: str) -> type[BaseException]:
    error = _load(name)
    if isinstance(error, type) and issubclass(error, BaseException):
        return error
    raise WrongNameError(
        f"{name} is not an exception class. Pass the class that the client raises to --refuses."
    )


def _load(name: str) -> Any:
    module, _, attributes = name.partition(":")
    found = _import(module)
    for attribute in attributes.split("."):
        try:
            found = getattr(found, attribute)
        except AttributeError:
            raise WrongNameError(f"The module {module} has no attribute {attributes!r}.") from None
    return found


def _import(module: str) -> Any:
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        is_named = error.name is not None and f"{module}.".startswith(f"{error.name}.")
        raise (WrongNameError if is_named else UnusableError)(
            f"Can't import the module {module} ({describe(error)})"
        ) from None
    except BaseException as error:  # a module can do anything when it is imported
        raise UnusableError(f"Can't import the module {module} ({describe(error)})") from None


if __name__ == "__main__":
    main()
