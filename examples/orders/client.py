"""A typical client: it checks the status, checks that the body is JSON, and reads what it needs."""

from typing import Any

import httpx

HTTP = httpx.Client()
CALLS = {
    "listOrders": ("GET", "/orders"),
    "placeOrder": ("POST", "/orders"),
    "getOrder": ("GET", "/orders/{id}"),
}


class OrderError(Exception):
    """The service refused the request, or its response can't be read."""


def call(url: str, operation: str, arguments: dict[str, Any]) -> float:
    """Call an operation and return the total of the order, or of all orders."""
    method, path = CALLS[operation]
    try:
        response = HTTP.request(method, url + path.format(**arguments), json=arguments.get("body"))
        if response.status_code not in (200, 201):
            raise OrderError(f"status {response.status_code}")
        body = response.json()
        return sum(float(order["total"]) for order in body.get("orders", [body]))
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise OrderError(str(error)) from error
