"""Offers each exported mutant on the kit's own server, to compare the server with other tools."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from contract_kit.derive.catalogue import Catalogue
from contract_kit.export.selection import Obstacle, select
from contract_kit.serve.server import KitServer

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
NODE_MODULES = ROOT / ".build" / "tools" / "node_modules"
BROWSER = ROOT / ".build" / "browser" / "bin" / "python"
DOCUMENT = "document.json"
_EXAMPLE = ROOT / "examples" / "orders" / "openapi.yaml"
_ELSEWHERE = {"Location": {"required": True, "schema": {"type": "string"}}}
Request: TypeAlias = dict[str, Any]


def write_document() -> None:
    """Write the example document with two more responses: one without a body, and a redirect."""
    document = yaml.safe_load(_EXAMPLE.read_text())
    document["paths"]["/orders/{id}"]["get"]["responses"] |= {
        "204": {"description": ""},
        "307": {"description": "", "headers": _ELSEWHERE},
    }
    Path(DOCUMENT).write_text(json.dumps(document))


@contextmanager
def offered(obstacle: Obstacle, *operations: str) -> Iterator[list[Request]]:
    """Yield a request for each response that the format can express. Its `url` leads to the kit's server."""
    catalogue = Catalogue.load(DOCUMENT)
    with ExitStack() as stack:
        server = stack.enter_context(KitServer(catalogue, offers_only=True))
        requests = []
        for each in select(catalogue, operations, None, obstacle).served:
            request = each.mutant.operation.request
            offer = stack.enter_context(server.offer(each.mutant))
            given = {"id": each.mutant.id, "url": offer.url + request.path, "responses": len(each.responses)}
            requests.append(given | request.described())
        yield requests


def browsed(page: str, requests: list[Request]) -> Any:
    """Return the responses that a page in Chromium receives."""
    given = json.dumps({"page": page, "requests": requests})
    output = subprocess.check_output([BROWSER, str(HERE / "browsing.py")], input=given, text=True)
    return json.loads(output)
