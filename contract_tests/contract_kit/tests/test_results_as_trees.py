"""Python clients' results as JSON trees: the worker's `tree` function, and its replies."""

import collections
import dataclasses
import datetime
import enum
import hashlib
import http.client
import ipaddress
import math
import pathlib
import types
import urllib.request
import urllib.response
import uuid
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

import attrs
import httpx
import msgspec
import pydantic
import pytest
import requests

from contract_kit.derive.model import Operation
from contract_kit.serve.clients import Call, Outcome
from contract_kit.serve.returned import Returned
from contract_kit.serve.shims.worker import NotComparableError, tree

from .fakes import GET_ORDER, Write


class _Text(str, enum.Enum):  # noqa: UP042 - the classes of old clients are written so
    PAID = "paid"


class _Modern(enum.StrEnum):
    PAID = "paid"


class _Number(enum.IntEnum):
    SEVEN = 7


class _Plain(enum.Enum):
    PAIR = (1, 2)


class _Odd(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "something else"


class Unset:
    """A class like the one whose instance generated clients use for a missing property."""


UNSET = Unset()


@attrs.define
class _Slotted:
    id: int = 7
    note: object = UNSET
    _secret: str = "x"


@attrs.define(slots=False)
class _Attrs:
    id: int = 7
    _secret: str = "x"


@dataclasses.dataclass
class _Data:
    id: int = 7


@dataclasses.dataclass(slots=True)
class _SlottedData:
    id: int = 7


class _Model(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")
    id: int = 7
    _secret: str = "x"


class _Empty(pydantic.BaseModel):
    pass


class _Struct(msgspec.Struct):
    id: int = 7
    note: str | msgspec.UnsetType = msgspec.UNSET


class _Tuple(NamedTuple):
    id: int = 7


class _Base:
    __slots__ = "id"

    def __init__(self) -> None:
        self.id = 7


class _Derived(_Base):
    __slots__ = ("note", "unassigned")

    def __init__(self) -> None:
        super().__init__()
        self.note = None


class _Hiding:
    """A class like those of generated clients that store `id` as `_id` and expose it as a property."""

    def __init__(self) -> None:
        self._id, self._secret = 7, "x"

    @property
    def id(self) -> int:
        return self._id

    @property
    def computed(self) -> int:
        raise AssertionError


class _Pages:
    def __init__(self) -> None:
        self._orders = [7, 8]

    def __iter__(self) -> Iterator[int]:
        return iter(self._orders)


class _Page(_Pages):
    def __init__(self) -> None:
        super().__init__()
        self.total = 2


class _OldPage:
    """A class that can be iterated over only because it has indexes."""

    def __init__(self) -> None:
        self.total = 2

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, index: int) -> int:
        return [7, 8][index]


class _Frame:
    """A class like `pandas.DataFrame`: iterating over it yields only the names of its columns."""

    def __init__(self) -> None:
        self._attrs, self._columns = {"source": "shop"}, {"id": [7, 8]}

    def keys(self) -> Iterable[str]:
        return self._columns.keys()

    def items(self) -> Iterable[tuple[str, list[int]]]:
        return self._columns.items()

    @property
    def attrs(self) -> dict[str, str]:
        return self._attrs

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __getitem__(self, name: str) -> list[int]:
        return self._columns[name]


class _ImageUrl:
    def __init__(self) -> None:
        self.id = 7


class _Yarl:
    __module__ = "yarl._url"

    def __init__(self) -> None:
        self.scheme = "http"

    def __str__(self) -> str:
        return "http://shop.example/"


class _Money:
    def __init__(self) -> None:
        self._cents = 110

    def __str__(self) -> str:
        return "1.10 EUR"


SEVEN = '{"id":7}'
BYTES = f'{{"$bytes":"{hashlib.sha256(b"x").hexdigest()}"}}'
VALUES: list[tuple[Any, str]] = [
    (None, "null"),
    (True, "true"),
    (False, "false"),
    (0, "0"),
    (10**30, f"1{'0' * 30}"),
    (1.0, "1.0"),
    (0.1, "0.1"),
    (math.nan, '{"$number":"NaN"}'),
    (math.inf, '{"$number":"Infinity"}'),
    (-math.inf, '{"$number":"-Infinity"}'),
    ("é\ud800", r'"\u00e9\ud800"'),
    (_Odd("paid"), '"paid"'),
    (_Text.PAID, '"paid"'),
    (_Modern.PAID, '"paid"'),
    (_Number.SEVEN, "7"),
    (_Plain.PAIR, "[1,2]"),
    (UNSET, ""),
    (msgspec.UNSET, ""),
    (attrs.NOTHING, ""),
    (dataclasses.MISSING, ""),
    (len, ""),
    ({"note": UNSET, "call": len}, "{}"),
    ([UNSET, 1], '[{"$absent":true},1]'),
    (Decimal("1.10"), '{"$decimal":"1.10"}'),
    (
        datetime.datetime(2026, 11, 19, 16, 4, tzinfo=datetime.UTC),
        '{"$date-time":"2026-11-19T16:04:00+00:00"}',
    ),
    (datetime.date(2026, 11, 19), '{"$date":"2026-11-19"}'),
    (datetime.time(16, 4), '{"$time":"16:04:00"}'),
    (datetime.timedelta(minutes=1, milliseconds=500), '{"$duration":"60.5"}'),
    (b"x", BYTES),
    (bytearray(b"x"), BYTES),
    (memoryview(b"x"), BYTES),
    (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
    (pathlib.Path("/a"), '"/a"'),
    (ipaddress.ip_address("10.0.0.1"), '"10.0.0.1"'),
    (ipaddress.ip_address("::1"), '"::1"'),
    (ipaddress.ip_network("10.0.0.0/8"), '"10.0.0.0/8"'),
    (httpx.URL("http://shop.example/"), '"http://shop.example/"'),
    (pydantic.AnyUrl("http://shop.example/"), '"http://shop.example/"'),
    (_Yarl(), '"http://shop.example/"'),
    (_ImageUrl(), SEVEN),
    (_Money(), '"1.10 EUR"'),
    (ValueError("no total"), '"no total"'),
    ({"$date": 1, 7: 2, _Text.PAID: 3}, '{"$$date":1,"7":2,"paid":3}'),
    (types.MappingProxyType({"id": 7}), SEVEN),
    (collections.OrderedDict(id=7), SEVEN),
    (httpx.Headers({"id": "7"}), '{"id":"7"}'),
    ({3, 1, 2}, "[1,2,3]"),
    (frozenset("ab"), '["a","b"]'),
    ({"b": 1, "a": 2}.keys(), '["a","b"]'),
    ({"b": 1, "a": 2}.values(), "[1,2]"),
    ([7, [8]], "[7,[8]]"),
    ((7, 8), "[7,8]"),
    (collections.deque([7, 8]), "[7,8]"),
    (range(3), "[0,1,2]"),
    (iter([7, 8]), "[7,8]"),
    ((each for each in [7, {"at": iter("a")}]), '[7,{"at":["a"]}]'),
    (_Pages(), "[7,8]"),
    (_Page(), '{"total":2,"$items":[7,8]}'),
    (_OldPage(), '{"total":2,"$items":[7,8]}'),
    (_Frame(), '{"id":[7,8]}'),
    (_Slotted(), SEVEN),
    (_Attrs(), SEVEN),
    (_Data(), SEVEN),
    (_SlottedData(), SEVEN),
    (_Model(), SEVEN),
    (_Model.model_validate({"extra": [_Model()]}), '{"id":7,"extra":[{"id":7}]}'),
    (_Empty(), "{}"),
    (_Struct(), SEVEN),
    (_Tuple(), SEVEN),
    (_Derived(), '{"note":null,"id":7}'),
    (_Hiding(), SEVEN),
    (types.SimpleNamespace(id=7), SEVEN),
    (object(), '{"$object":"object"}'),
    ([httpx.Response(200), 7], '[{"$absent":true},7]'),
    ({"raw": requests.Response(), "id": 7}, SEVEN),
]


@pytest.mark.parametrize(("value", "text"), VALUES, ids=[type(value).__name__ for value, _ in VALUES])
def test_a_python_value_is_serialized_as_the_expected_tree(value: Any, text: str) -> None:
    assert tree(value) == text


class _Later:
    def __await__(self) -> Iterator[Any]:
        return iter(())


def around(value: object, times: int) -> object:
    for _ in range(times):
        value = [value]
    return value


def cycle() -> object:
    order: dict[str, object] = {}
    order["items"] = [types.SimpleNamespace(order=order)]
    return order


def endless() -> Iterator[int]:
    while True:
        yield 7


INCOMPARABLE: dict[str, tuple[Callable[[], Any], str]] = {
    "httpx": (lambda: httpx.Response(200), "httpx.Response"),
    "requests": (requests.Response, "requests.Response"),
    "http.client": (lambda: http.client.HTTPResponse.__new__(http.client.HTTPResponse), "http.HTTPResponse"),
    "urllib": (
        lambda: urllib.response.addinfourl(BytesIO(), http.client.HTTPMessage(), ""),
        "urllib.addinfourl",
    ),
    "request": (lambda: urllib.request.Request("http://shop.example/"), "urllib.Request"),
    "a class of aiohttp": (type("ClientResponse", (), {"__module__": "aiohttp.client_reqrep"}), "aiohttp"),
    "a class of urllib3": (type("HTTPResponse", (), {"__module__": "urllib3.response"}), "urllib3"),
    "cycle": (cycle, "contains itself"),
    "too deep": (lambda: around(7, 101), "100 levels"),
    "text": (lambda: "x" * 500_000, "500,000 bytes"),
    "escapes": (lambda: "é" * 100_000, "500,000 bytes"),
    "items": (lambda: ["x" * 1000] * 1000, "500,000 bytes"),
    "keys": (lambda: {"x" * 1000 + str(each): None for each in range(1000)}, "500,000 bytes"),
    "50 MB": (lambda: range(10_000_000), "500,000 bytes"),
    "endless": (endless, "10,000 items"),
    "coroutine": (lambda: {"order": _Later()}, "_Later"),
    "integer": (lambda: 10**5000, "digits"),
}
"""Results that can't be compared, and a text that the reason must contain."""


@pytest.mark.parametrize("name", INCOMPARABLE)
def test_a_one_line_reason_explains_why_a_result_cannot_be_compared(name: str) -> None:
    make, datum = INCOMPARABLE[name]
    with pytest.raises(NotComparableError) as caught:
        tree(make())
    assert datum in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_largest_deepest_and_longest_allowed_results_are_compared() -> None:
    assert tree("x" * 499_998) == f'"{"x" * 499_998}"'
    assert tree(around(7, 100)) == f"{'[' * 100}7{']' * 100}"
    assert len(tree(iter([7] * 10_000))) == 20_001


def test_an_item_that_occurs_twice_is_not_a_cycle() -> None:
    item = {"id": 7}
    assert tree([item, item]) == f"[{SEVEN},{SEVEN}]"


def call(client: Any, operation: Operation = GET_ORDER, timeout: float = 20) -> Call:
    caller = client.caller(timeout)
    try:
        return caller.call("http://shop.example", operation)  # type: ignore[no-any-return]
    finally:
        caller.close()


ACCEPTED = (
    "async def seven(): return 7\nasync def items(number):\n    for each in range(number): yield each\n"
)
RETURNED = {
    "return {'id': 7}": Returned('{"id":7}'),
    "return '}\\n\"'": Returned('"}\\n\\""'),
    "pass": Returned("null"),
    "return seven()": Returned("7"),
    "async def twice(): return seven()\nreturn twice()": Returned("7"),
    "async def later(): return items(2)\nreturn later()": Returned("[0,1]"),
    "return items(2)": Returned("[0,1]"),
    "return (each for each in [7])": Returned("[7]"),
    "class Unset: ...\nreturn Unset()": Returned(),
    "return items(10**9)": Returned("", "an iterator in the result has over 10,000 items"),
    "return [seven()]": Returned("", "the result contains a coroutine that must be awaited"),
    "return 'x' * 50_000_000": Returned("", "the result has over 500,000 bytes as JSON"),
}


@pytest.mark.parametrize("body", RETURNED)
def test_the_worker_replies_with_what_the_function_returns(client: Write, body: str) -> None:
    assert call(client(ACCEPTED + body)) == Call(Outcome.ACCEPTED, returned=RETURNED[body])


@pytest.mark.parametrize(
    "start", ["def items():\n", "async def items():\n"], ids=["generator", "asynchronous generator"]
)
@pytest.mark.parametrize(
    ("then", "outcome"),
    [
        ("raise RefusedError('no')", Outcome.REFUSED),
        ("raise ValueError('no')", Outcome.CRASHED),
        ("raise KeyboardInterrupt('no')", Outcome.CRASHED),
        ("time.sleep(60)", Outcome.HUNG),
    ],
)
def test_a_generators_outcome_counts_as_the_calls_outcome(
    client: Write, start: str, then: str, outcome: Outcome
) -> None:
    found = call(client(f"{start}    yield 1\n    {then}\nreturn items()"), timeout=2)
    assert (found.outcome, found.returned) == (outcome, Returned())


RAISING = {
    "a property": "    def __init__(self): self._id = 7\n    @property\n    def id(self): raise {}",
    "an iterator": "    def __iter__(self): raise {}",
    "text": "    def __str__(self): raise {}",
}


@pytest.mark.parametrize("what", RAISING)
@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ("RefusedError", Outcome.REFUSED),
        ("ValueError", Outcome.CRASHED),
        ("SystemExit", Outcome.CRASHED),
        ("KeyboardInterrupt", Outcome.CRASHED),
        ("RecursionError", Outcome.CRASHED),
    ],
)
def test_an_error_raised_when_the_result_is_read_counts_as_raised_by_the_call(
    client: Write, what: str, error: str, outcome: Outcome
) -> None:
    """The client's caller gets the error, too, when it reads the result. The worker continues."""
    caller = client(f"class Odd:\n{RAISING[what].format(error)}\nreturn [Odd()]").caller(20)
    try:
        found = [caller.call("http://shop.example", GET_ORDER) for _ in range(2)]
    finally:
        caller.close()
    assert found == [found[0]] * 2
    assert (found[0].outcome, found[0].returned) == (outcome, Returned())
    assert found[0].detail.endswith(f"result raised {error}")
