"""Adapters that `worker.py` uses to call generated Python clients.

`ADAPTERS` maps each generator to a function that takes the name of the client's package, and options. It
returns a function that calls an operation, and the exceptions that the client raises to refuse a response.
This file needs only Python 3.11 or newer and the client's own packages.
"""

from __future__ import annotations

import contextlib
import datetime
import enum
import inspect
import json
import pkgutil
import types
import uuid
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

_Found = TypeVar("_Found")


class NotGeneratedError(Exception):
    """The client lacks something that an operation needs, so the worker reports the call as inconclusive."""


Adapter: TypeAlias = tuple[Callable[[dict[str, Any]], Any], tuple[type[BaseException], ...]]


def openapi_python_client(package: str, *options: str) -> Adapter:
    """Call `sync` in the operation's module. If `strict`, the client raises on undocumented statuses."""
    api = import_module(f"{package}.api")
    client = import_module(f"{package}.client").Client
    found = pkgutil.walk_packages(api.__path__, f"{api.__name__}.")
    modules = {_plain(name.rpartition(".")[2]): name for _, name, is_package in found if not is_package}

    def call(request: dict[str, Any]) -> Any:
        module = import_module(_of_operation(modules, request))
        hints = get_type_hints(module.sync_detailed)
        given = _arguments(module.sync_detailed, request)
        arguments = {name: _typed(hints[name], value) for name, value in given.items()}
        with client(base_url=request["url"], raise_on_unexpected_status="strict" in options) as opened:
            if hasattr(module, "sync"):
                return module.sync(client=opened, **arguments)
            module.sync_detailed(client=opened, **arguments)  # no documented response has a body
            return None

    unexpected = import_module(f"{package}.errors").UnexpectedStatus
    http_error = import_module("httpx").HTTPError
    return call, (unexpected, http_error, json.JSONDecodeError, UnicodeDecodeError)


def openapi_generator(package: str) -> Adapter:
    """Call a method of an API class, with the default configuration."""
    client = import_module(package)
    apis = [each for name, each in vars(client).items() if name.endswith("Api")]
    methods = {_plain(name): (api, name) for api in apis for name in vars(api)}

    def call(request: dict[str, Any]) -> Any:
        api, name = _of_operation(methods, request)
        with client.ApiClient(client.Configuration(host=request["url"])) as opened:
            method = getattr(api(opened), name)
            return _unwrapped(method(**_arguments(method, request)))

    http_error = import_module("urllib3.exceptions").HTTPError
    return call, (client.OpenApiException, ValueError, http_error)  # pydantic and the unions raise ValueError


def _unwrapped(value: Any) -> Any:
    """Unwrap generated union classes, whose values users read from `actual_instance`."""
    if hasattr(value, "actual_instance"):
        return _unwrapped(value.actual_instance)
    if isinstance(value, dict) or hasattr(value, "model_dump"):
        return {key: _unwrapped(each) for key, each in dict(value).items()}
    return [_unwrapped(each) for each in value] if isinstance(value, list) else value


def datamodel_code_generator(package: str, *options: str) -> Adapter:
    """Validate the body of an httpx response with its model. If `strict`, values aren't converted."""
    httpx, pydantic = import_module("httpx"), import_module("pydantic")
    models = _models(package)
    adapters: dict[str, Any] = {}

    def call(request: dict[str, Any]) -> Any:
        url = request["url"] + request["path"]
        response = httpx.request(
            request["method"], url, headers=request["headers"], json=request.get("body")
        ).raise_for_status()
        names = _models_of(request, response.status_code)
        if not names:
            return response.content
        name = next((each for each in names if each in models), "")
        if not name:
            raise NotGeneratedError(f"the package has no model {names[0]} for {request['operation']}")
        adapter = adapters.get(name) or adapters.setdefault(name, pydantic.TypeAdapter(models[name]))
        return adapter.validate_json(response.content, strict="strict" in options)

    return call, (pydantic.ValidationError, httpx.HTTPError)


def _models(package: str) -> dict[str, Any]:
    """Return a package's classes by name; `a.B` is the class `B` in the module `a`."""
    top = import_module(package)
    names = [name for _, name, _ in pkgutil.walk_packages(getattr(top, "__path__", ()), f"{package}.")]
    return {
        _plain(f"{module.__name__.removeprefix(package)}{name}"): value
        for module in map(import_module, reversed([package, *names]))
        for name, value in vars(module).items()
        if isinstance(value, type)
    }


def _models_of(request: dict[str, Any], status: int) -> tuple[str, ...]:
    """Return the names that a response's model can have: none if the response has no JSON schema."""
    responses = request["responses"]
    labels = (str(status), f"{status // 100}XX", "default")
    schema = next((responses[each]["schema"] for each in labels if each in responses), None)
    if schema is None:
        return ()
    # An unnamed schema's model is named after the operation.
    return (_plain(schema),) if schema else tuple(f"{name}response" for name in _names(request))


def _of_operation(functions: Mapping[str, _Found], request: dict[str, Any]) -> _Found:
    """Return the object whose name corresponds to the request's operation.

    Raises:
        NotGeneratedError: The generator created nothing for the operation.
    """
    for name in _names(request):
        if name in functions:
            return functions[name]
    raise NotGeneratedError(f"the client has no function for {request['operation']}")


def _names(request: dict[str, Any]) -> tuple[str, str]:
    """Return two names that generators use for an operation: if it has an operationId, and if it doesn't."""
    return _plain(request["operation"]), _plain(f"{request['template']}{request['method']}")


def _arguments(function: Callable[..., Any], request: dict[str, Any]) -> dict[str, Any]:
    """Return the request's arguments that a function accepts, by parameter name.

    A required parameter that matches no argument gets the body.
    """
    values = {"body": request["body"]} if "body" in request else {}
    for given in request["parameters"].values():
        for name, each in given.items():
            values.setdefault(_plain(name), each)  # generators number the second of `id` and `id[]`
    parameters = inspect.signature(function).parameters.items()
    found = {name: values[_plain(name)] for name, _ in parameters if _plain(name) in values}
    left = [name for name, each in parameters if each.default is each.empty and name not in found]
    return found | {name: request["body"] for name in left if name != "client" and "body" in request}


def _typed(hint: Any, value: Any) -> Any:
    """Convert a JSON value to a parameter's declared type; return it unchanged if no type fits."""
    for kind in get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,):
        with contextlib.suppress(Exception):  # the union's next type might fit
            if hasattr(kind, "from_dict"):
                return kind.from_dict(value)
            if get_origin(kind) is list and isinstance(value, list):
                return [_typed(get_args(kind)[0], each) for each in value]
            if isinstance(kind, type) and issubclass(kind, (enum.Enum, uuid.UUID)):
                return kind(value)
            if kind in (datetime.datetime, datetime.date):
                return kind.fromisoformat(value)
    return value


def _plain(name: str) -> str:
    """Return a name's letters and digits in lower case, because generators change other characters."""
    return "".join(filter(str.isalnum, name)).lower()


ADAPTERS: dict[str, Callable[..., Adapter]] = {
    "openapi-python-client": openapi_python_client,
    "openapi-generator": openapi_generator,
    "datamodel-code-generator": datamodel_code_generator,
}
