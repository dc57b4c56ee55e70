"""A document whose operations a client handles in all possible ways, and later versions of it."""

import json
from typing import Any

from contract_kit.read.operations import METHODS

from ..documents import json_response, openapi
from ..receivers import DOCUMENT as WEBHOOKS

TEXT, INTEGER = {"type": "string"}, {"type": "integer", "minimum": 1}
TIME = {"type": "string", "format": "date-time", "examples": ["2026-11-19T16:04:10Z"]}
SECONDS = {"type": "integer", "minimum": 1_700_000_000}


def thing(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object whose properties are required unless their names end with `_`."""
    required = [name for name in properties if not name.endswith("_")]
    named = {name.rstrip("_"): each for name, each in properties.items()}
    return {"type": "object", "required": required, "properties": named}


def states(*more: str) -> dict[str, Any]:
    return {"enum": ["open", "paid", *more]}


CODE = {"type": "string", "pattern": "^(?=.*a)(?=.*[0-9]{3})[a-z0-9]{8}$", "examples": ["ab123xyz"]}
"""A text for which the kit finds no other match of its pattern."""
ITEMS = {"type": "array", "items": TEXT, "minItems": 1}
SHARED = {"$ref": "#/components/schemas/Shared"}
WAYS: dict[str, tuple[Any, Any, str]] = {
    "alter": (thing(at=TIME), thing(at=SECONDS), "return time_of(body['at'])"),
    "lose": (
        thing(state=states()),
        thing(state=states("late")),
        "return {'open': 1, 'paid': 2}.get(body['state'])",
    ),
    "crash": (thing(id=INTEGER), thing(id_=INTEGER), "return body['id'] + 1"),
    "loop": (thing(items=ITEMS, next=TEXT), thing(items=ITEMS, next_=TEXT), "return follow(url, body)"),
    "strict": (
        thing(id=INTEGER, note_={"type": ["string", "null"], "maxLength": 9}),
        thing(id=INTEGER, note_={"type": ["string", "null"], "maxLength": 11}),
        "if type(body['id']) is not int or body['id'] < 1: raise RefusedError('id')\n"
        "    if len(body.get('note') or '') > 9: raise RefusedError('note')\n"
        "    return body",
    ),
    "refuse": (
        thing(size_={"type": ["integer", "null"]}),
        thing(size_=TEXT),
        "if body.get('size') is None: raise RefusedError('size')\n    return {'size': body['size'] * 2}",
    ),
    "pass": (thing(total={"type": "number"}), thing(total={"type": ["number", "null"]}), "return body"),
    "ignore": (
        thing(kind=states(), id=INTEGER),
        thing(kind=states("old"), id=INTEGER),
        "return {'id': body['id']}",
    ),
    "drop": (thing(word=TEXT), thing(word={"type": ["string", "boolean"]}), "return None"),
    "hide": (thing(code=TEXT), thing(code_=TEXT), "return object()"),
    "picky": (thing(mode=states()), thing(mode=states("fast")), "raise RefusedError('everything')"),
    "tire": (
        thing(name=TEXT),
        thing(name=TEXT, more_=TEXT),
        "SEEN.append(1)\n    if len(SEEN) > 5: raise RefusedError('too often')\n    return body",
    ),
    "guess": (
        thing(code=CODE),
        thing(code=CODE | {"type": ["string", "null"]}),
        "return body['code'] or ''",
    ),
    "double": (
        thing(amount={"type": "number", "minimum": 1}, status={"enum": ["new"]}),
        thing(amount={"enum": ["7.5"]}, status={"enum": ["new", "seen"]}),
        "return body['status'] and body['amount'] * 2.0",
    ),
    "range": (thing(low=INTEGER), thing(low=INTEGER | {"minimum": 0}), "return 2 * body['low'] + 1"),
    "count": (
        thing(id=INTEGER) | {"additionalProperties": False},
        thing(id=INTEGER, extra={"const": True}) | {"additionalProperties": False},
        "return f'{len(body)} properties'",
    ),
    "remember": (thing(name=TEXT), thing(name_=TEXT), "SEEN.append(1)\n    return len(SEEN)"),
    "recall": (
        ITEMS | {"items": thing(name=TEXT)},
        ITEMS | {"items": thing(name_=TEXT)},
        "return body[0]['name'].lower()",
    ),
    "mild": (SHARED, SHARED, "return body"),
    "harsh": (SHARED, SHARED, "if body['level'] == 'high': raise RefusedError('high')\n    return body"),
    "fierce": (SHARED, SHARED, "return {'open': 1, 'paid': 2}[body['level']]"),
    "fourth": (SHARED, SHARED, "return {'open': 1, 'paid': 2}.get(body['level'])"),
}
"""How the client handles an operation: its old and its new schema, and the code that gets the body."""
CLIENT = """\
import datetime, http.client, json, urllib.request

SEEN = []

class RefusedError(Exception): ...

def time_of(sent):
    if isinstance(sent, str):
        return datetime.datetime.fromisoformat(sent)
    return datetime.datetime.fromtimestamp(sent / 1000, datetime.UTC)

def get(url):
    try:
        with urllib.request.urlopen(url) as response:
            return json.load(response)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise RefusedError(str(error)) from error

def follow(url, body):
    while body["next"]:
        body = get(f"{url}/loop?cursor={body['next']}")
    return body["items"]

def call(url, operation, arguments):
    return globals()[f"do_{operation}"](url, arguments)

def shy(url, operation, arguments):
    return call(url, operation, arguments) if operation == "range" else None

def do_elsewhere(url, arguments): get(url + "/elsewhere/1")
def do_idle(url, arguments): ...
def do_retry(url, arguments):
    for _ in range(3): get(url + "/retry")
    raise RefusedError("no")
def do_turn(url, arguments):
    get(url + "/turn")
    get(url + "/turn?page=2")
    raise RefusedError("no")
def do_missing(url, arguments):
    try: return get(url + "/missing")
    except RefusedError as error: raise RefusedError("not found" if "404" in str(error) else "failed")

def do_unreadable(url, arguments): return get(url + "/unreadable")
"""
for _name, (_, _, _code) in WAYS.items():
    CLIENT += f"""
def do_{_name}(url, arguments):
    body = get(f"{{url}}/{_name}")
    {_code}
"""


def document(version: int = 0) -> dict[str, Any]:
    """Return the document, or its next version."""
    paths: dict[str, Any] = {
        f"/{name}": {"get": {"operationId": name, "responses": {"200": json_response(way[version])}}}
        for name, way in WAYS.items()
    }
    key = {"name": "key", "in": "path", "required": True, "schema": TEXT}
    for name, path, parameters in (
        ("elsewhere", "/elsewhere/{key}", [key]),
        ("idle", "/idle", []),
        ("retry", "/retry", []),
        ("turn", "/turn", []),
    ):
        paths[path] = {
            "get": {"operationId": name, "parameters": parameters, "responses": {"200": json_response(TEXT)}}
        }
    problem = json_response(thing(reason=states(*["gone"] * version)))
    paths["/missing"] = {
        "get": {"operationId": "missing", "responses": {"200": json_response(TEXT), "404": problem}}
    }
    broken = json_response({"$ref": "#/components/schemas/Nowhere"})
    paths["/unreadable"] = {
        "get": {
            "operationId": "unreadable",
            "responses": {"200": broken, "201": {"description": "", "content": {"text/csv": {}}}},
        }
    }
    return openapi(paths, schemas={"Shared": thing(level=states(*["high"] * version))})


def edges() -> dict[str, Any]:
    """Return a document with every method, and statuses at the limits of what MSW can express."""
    responses = {status: json_response(INTEGER) for status in ("200", "204", "205", "206", "300", "599")}
    paths = {f"/{each}": {each: {"responses": {"200": json_response(INTEGER)}}} for each in METHODS}
    return openapi(paths | {"/statuses": {"get": {"responses": responses}}})


def files() -> dict[str, str]:
    """Return the files that the command lines read, by name."""
    new = document(1)
    new["paths"]["/more"] = {"get": {"operationId": "fetchMore", "responses": {"204": {"description": ""}}}}
    new["servers"] = [{"url": "/v2"}]
    del new["paths"]["/idle"]
    return {
        "shop.json": json.dumps(document()),
        "new.json": json.dumps(new),
        "shop-again.json": json.dumps(document() | {"openapi": "3.1.1"}),
        "all.json": json.dumps(document() | {"webhooks": WEBHOOKS["webhooks"]}),
        "hooks.json": json.dumps(WEBHOOKS),
        "edges.json": json.dumps(edges()),
        "shop.py": CLIENT,
        "names.txt": "enum # known\n\n# a comment\n/components/schemas/**\n",
    }
