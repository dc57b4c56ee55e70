"""Small clients in each Python generator's layout, for the document in `command.py`."""

from __future__ import annotations

from pathlib import Path

_CALL = """\
from http import HTTPStatus
import httpx
from ... import errors
from ...client import Client
from ...models import Order
from ...types import UNSET, Unset

def sync_detailed({arguments}) -> Order:
    response = httpx.request({request})
    if response.status_code == {status}:
        return Order.from_dict(response.json())
    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code)
    return None
sync = sync_detailed
"""
OPENAPI_PYTHON_CLIENT = {
    "__init__.py": "",
    "errors.py": "class UnexpectedStatus(Exception): ...\n",
    "types.py": "class Unset: ...\nUNSET = Unset()\n",
    "client.py": """\
class Client:
    def __init__(self, base_url, raise_on_unexpected_status=False):
        self.base_url, self.raise_on_unexpected_status = base_url, raise_on_unexpected_status
    def __enter__(self): return self
    def __exit__(self, *_): ...
""",
    "models.py": """\
import enum
class Status(str, enum.Enum):
    OPEN, PAID = "open", "paid"
class Order:
    @classmethod
    def from_dict(cls, source):
        order = cls()
        order.id, order.status, order.note = source["id"], Status(source["status"]), source.get("note")
        return order
    def to_dict(self):
        return {"id": self.id, "status": self.status.value}
""",
    "api/__init__.py": "",
    "api/orders/__init__.py": "",
    "api/orders/get_order.py": _CALL.format(
        arguments="id: int, *, client: Client, limit: int | Unset = UNSET",
        request='"GET", f"{client.base_url}/orders/{id}"',
        status=200,
    ),
    "api/orders/create_order.py": _CALL.format(
        arguments="*, client: Client, body: Order | Unset = UNSET",
        request='"POST", f"{client.base_url}/orders", json=body.to_dict()',
        status=201,
    ),
}
OPENAPI_GENERATOR = {
    "__init__.py": """\
import json, urllib3
from pydantic import BaseModel, StrictInt, StrictStr, validate_call
class OpenApiException(Exception): ...
class Order(BaseModel):
    id: StrictInt
    status: StrictStr
class Configuration:
    def __init__(self, host): self.host = host
class ApiClient:
    def __init__(self, configuration): self.host = configuration.host
    def __enter__(self): return self
    def __exit__(self, *_): ...
    def read(self, method, path, **options):
        response = urllib3.request(method, self.host + path, retries=False, timeout=5, **options)
        if not 200 <= response.status < 300:
            raise OpenApiException(response.status)
        return Order.model_validate_json(response.data)
class DefaultApi:
    def __init__(self, api_client): self.client = api_client
    @validate_call
    def get_order(self, id: StrictInt, _headers: dict | None = None) -> Order:
        return self.client.read("GET", f"/orders/{id}")
    @validate_call
    def create_order(self, order: Order, _headers: dict | None = None) -> Order:
        return self.client.read("POST", "/orders", json=order.model_dump())
"""
}
DATAMODEL_CODE_GENERATOR = {
    "__init__.py": """\
from pydantic import BaseModel
class Order(BaseModel):
    id: int
    status: str
"""
}
CLIENTS = {
    "openapi-python-client": OPENAPI_PYTHON_CLIENT,
    "openapi-generator": OPENAPI_GENERATOR,
    "datamodel-code-generator": DATAMODEL_CODE_GENERATOR,
}


def write(files: dict[str, str], package: str = "shop") -> Path:
    """Write a client to the current folder. Return the folder of its package."""
    for name, text in files.items():
        path = Path(package, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Path(package)
