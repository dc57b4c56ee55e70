"""Runs the `contract-kit` command, in this process or a new one, and defines a document for it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest

from contract_kit.cli import main

NAIVE = ("orders.yaml", "--client", "client:naive", "--refuses", "client:RefusedError")
RIGHT = ("orders.yaml", "--client", "client:right", "--refuses", "client:RefusedError")
ONE = ("--operation", "getOrder", "--sample", "1")
"""Options for `test`: a client that accepts mutants, a client that handles them correctly, one mutant."""

PROGRAM = Path(sys.executable).with_name("contract-kit")
DOCUMENT = """\
openapi: 3.0.3
info: {title: Orders, version: "1"}
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        "200":
          description: An order
          content: {application/json: {schema: &schema {$ref: "#/components/schemas/Order"}}}
  /orders:
    post:
      operationId: createOrder
      requestBody: {required: true, content: &order {application/json: {schema: *schema}}}
      responses: {"201": {description: The new order, content: *order}}
components:
  schemas:
    Order:
      type: object
      required: [id, status]
      properties:
        id: {type: integer, minimum: 1}
        status: {type: string, enum: [open, paid]}
        note: {type: string, nullable: true, maxLength: 10}
"""
CLIENT = """\
import http.client, json, jsonschema_rs, urllib.request

VALID = jsonschema_rs.Draft202012Validator({
    "type": "object",
    "required": ["id", "status"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "status": {"enum": ["open", "paid"]},
        "note": {"type": ["string", "null"], "maxLength": 10},
    },
})

class RefusedError(Exception): pass

def refuse(constant):
    raise RefusedError(constant)

def naive(url, operation, arguments):
    if operation == "getOrder":
        request = urllib.request.Request(f"{url}/orders/{arguments['id']}")
    else:
        body = json.dumps(arguments["body"]).encode()
        request = urllib.request.Request(f"{url}/orders", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as response:
            if response.status not in (200, 201) or response.headers.get_content_type() != "application/json":
                raise RefusedError("not an order")
            return json.load(response, parse_constant=refuse)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise RefusedError(str(error)) from error

def right(url, operation, arguments):
    order = naive(url, operation, arguments)
    if not VALID.is_valid(order):
        raise RefusedError("invalid")

def picky(url, operation, arguments):
    naive(url, operation, arguments)
    raise RefusedError("everything")

def idle(url, operation, arguments): ...

def two(url, operation): ...
"""


class Ended(NamedTuple):
    """A command's exit code and output."""

    code: int
    out: str
    err: str


Run: TypeAlias = Callable[..., Ended]


def run(*arguments: str) -> Ended:
    """Run a command in this process."""
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    code: Any = None
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["contract-kit", *arguments])
        patch.setattr(signal, "signal", lambda *_: None)  # keep the test session's handlers
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    texts = []
    for each in (out, err):
        each.seek(0)
        texts.append(each.read())
    return Ended(int(code or 0), *texts)


@contextmanager
def started(*arguments: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Start the command as a process. At the end, kill the process if it is still running."""
    settings: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([PROGRAM, *arguments], **settings | options) as process:
        try:
            yield process
        finally:
            process.kill()


def run_pytest(folder: Path, suite: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_client.py").write_text(suite)
    # Loading other plugins takes seconds.
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "contract_kit.pytest_plugin"]
    return subprocess.run(
        [*command, *options], cwd=folder, env=alone, capture_output=True, text=True, check=False, timeout=300
    )


def read_all(terminal: int) -> bytes:
    """Read what is written to a terminal until no process has it open; then close this process's end."""
    received = b""
    with open(terminal, "rb", buffering=0) as stream:
        try:
            while piece := stream.read(1 << 16):
                received += piece
        except OSError:  # Linux reports a closed terminal this way
            pass
    return received
