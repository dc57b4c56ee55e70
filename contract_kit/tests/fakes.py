"""A fake catalogue whose mutants each test chooses, and clients written by tests."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from contract_kit.derive.alternatives import Alternative
from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.exchange import Request, Response
from contract_kit.derive.model import CONTROL, Expect, Mutant, Operation, Operator
from contract_kit.derive.strictness import Strictness
from contract_kit.judge.results import Result
from contract_kit.prove.proving import Exactness
from contract_kit.read.document import Place, Skipped
from contract_kit.read.operations import Listed
from contract_kit.serve.clients import Client

JSON = {"Content-Type": "application/json"}
GET_ORDER = Operation("getOrder", "GET", "/orders/{id}", Request("GET", "/orders/7", {}, None, {"id": "7"}))
LIST_ORDERS = Operation("listOrders", "GET", "/orders", Request("GET", "/orders", {}, None, {}))
ORDER = b'{"id": 7, "status": "paid"}'


class FakeCatalogue(Catalogue):
    """A catalogue without a document. Its operations and mutants are passed in by a test."""

    def __init__(
        self, served: tuple[Mutant, ...], operations: tuple[Operation, ...] = (GET_ORDER, LIST_ORDERS)
    ) -> None:
        self.served = served
        self._operations = operations

    @property
    def operations(self) -> tuple[Operation, ...]:
        return self._operations

    @property
    def base_paths(self) -> list[str]:
        return ["/v2"]

    @property
    def listed(self) -> tuple[Listed, ...]:
        place = Place("")
        return tuple(Listed(each.id, each.method, each.path, place) for each in self._operations)

    def operation(self, name: str) -> Operation:
        return next(each for each in self._operations if each.id == name)

    def gaps(self, _: Collection[str] = ()) -> list[Skipped]:
        return []

    def mutants(self, operations: Collection[str] = (), sample: int | None = None) -> Iterator[Mutant]:
        assert (operations, sample) == ((), None), "The fake doesn't choose mutants."
        yield from self.served

    def valid(self, operation: Operation) -> Response:
        return Response(200, {"X-Operation": operation.id}, ORDER)

    def control(self, operation: Operation, _: str = "") -> Mutant:
        valid = self.valid(operation)
        given: dict[str, Any] = {"headers": valid.headers, "group": CONTROL, "expect": Expect.ACCEPT}
        return mutant(f"{operation.id}:control", valid.body, operation=operation, **given, location="")

    def alternatives(self, _: Mutant) -> Iterator[tuple[Mutant, Alternative]]:
        yield from ()

    def mutant(self, id_or_key: str) -> Mutant | None:
        return next((each for each in self.served if id_or_key in (each.id, each.key)), None)


def mutant(
    name: str,
    body: bytes = b'{"id": "seven"}',
    *,
    status: int = 200,
    headers: Mapping[str, str] = JSON,
    operation: Operation = GET_ORDER,
    operator: str = "type",
    strictness: Strictness = Strictness.MUST,
    source: str = "",
    **changes: Any,
) -> Mutant:
    """Return a mutant. By default, its body is an order whose id has the wrong type."""
    given: dict[str, Any] = {
        "expect": Expect.REFUSE,
        "group": "type",
        "parameter": "string",
        "location": "/id",
        "schema_location": "/components/schemas/Order/properties/id/type",
        "exactness": Exactness.EXACT,
        "breaks": "a string for an integer",
        "operator": Operator(operator, strictness, source),
        "valid_body": ORDER,
        "control": f"{operation.id}:control",
    }
    place = f"{operation.id}:{status}:/id"
    return Mutant(name, place, operation, Response(status, headers, body), **(given | changes))


MODULE = """\
import json, os, subprocess, sys, time, urllib.request

class RefusedError(Exception): pass

class Names:
    class InnerError(Exception): pass

def read(url):
    with urllib.request.urlopen(url + "/orders/7") as response:
        return response.read()

"""

Write: TypeAlias = Callable[..., Client]
Judge: TypeAlias = Callable[..., Result]


def is_gone(process: int) -> bool:
    """Wait up to a minute for a process to exit. Return whether it has exited."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False
