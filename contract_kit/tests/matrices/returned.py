"""A table of values that Python clients return, and of the JSON trees that the worker makes of them."""

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pydantic

from contract_kit.serve.shims.worker import NotComparableError, tree

from .texts import Case

MODULES = (
    *("attrs", "collections", "dataclasses", "datetime", "decimal", "enum", "http.client", "httpx", "io"),
    *("ipaddress", "functools", "itertools", "math", "msgspec", "pathlib", "pydantic", "requests", "types"),
    *("urllib.request", "uuid"),
)
"""The modules that the cases use."""


class Unset:
    """A class like the one whose instance generated clients use for a missing property."""


class Model(pydantic.BaseModel):
    """A model that keeps unknown properties."""

    model_config = pydantic.ConfigDict(extra="allow")
    id: int = 7
    _secret: str = "x"


class Base:
    """A class that declares one slot."""

    __slots__ = "id"

    def __init__(self) -> None:
        self.id = 7


class Derived(Base):
    """A class that declares more slots, one of them without a value."""

    __slots__ = ("note", "unassigned")

    def __init__(self) -> None:
        super().__init__()
        self.note = None


class Hiding:
    """A class like those of generated clients that store `id` as `_id` and expose it as a property."""

    def __init__(self) -> None:
        self._id, self._secret = 7, "x"

    @property
    def id(self) -> int:
        return self._id

    @property
    def computed(self) -> int:
        raise AssertionError


class Pages:
    """A class with items."""

    def __init__(self, **attributes: int) -> None:
        self._orders = [7, 8]
        self.__dict__.update(attributes)

    def __iter__(self) -> Iterator[int]:
        return iter(self._orders)


class OldPage:
    """A class that can be iterated over only because it has indexes."""

    def __init__(self) -> None:
        self.total = 2

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, index: int) -> int:
        return [7, 8][index]


class Frame:
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


class Money:
    """A class that only shows a text."""

    def __init__(self) -> None:
        self._cents = 110

    def __str__(self) -> str:
        return "1.10 EUR"


class Later:
    """A class that must be awaited."""

    def __await__(self) -> Iterator[Any]:
        return iter(())


def cycle() -> object:
    order: dict[str, object] = {}
    order["items"] = [SimpleNamespace(order=order)]
    return order


def of_module(name: str, module: str, **members: object) -> object:
    return type(name, (), {"__module__": module, **members})()


def trees(cases: Iterable[Case]) -> Iterator[str]:
    """Yield the tree of each expression's value, or why it can't be compared."""
    names = globals() | {each.partition(".")[0]: __import__(each) for each in MODULES}
    for case in cases:
        try:
            text = tree(eval(case.text, names))  # noqa: S307 - our own expressions
            yield (text if len(text) < 200 else f"{text[:20]}... of {len(text):,} bytes") or "nothing"
        except NotComparableError as error:
            yield f"not comparable: {error}"
