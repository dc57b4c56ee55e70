"""The export for MSW: in Node.js, a client gets from MSW what it gets from the kit's own server."""

import json
import shutil
import subprocess
from pathlib import Path

from contract_kit.export import msw

from ..command import Run
from .serving import DOCUMENT, HERE, NODE_MODULES, offered


def test_in_node_a_client_gets_each_mutant_as_from_the_kits_server(kit: Run) -> None:
    assert kit("export", str(DOCUMENT), "--to", "msw", "-o", "mocks").code == 0
    Path("node_modules").symlink_to(NODE_MODULES)
    shutil.copy(HERE / "sending.mjs", "sending.mjs")
    with offered(msw.obstacle) as requests:
        given = json.dumps({"requests": requests, "url": "http://orders.test/v1"})
        output = subprocess.check_output(
            [shutil.which("node") or "node", "sending.mjs"], input=given, text=True
        )
    found = json.loads(output)
    assert len(found) == len(requests) > 400
    assert [each for each in found if each["real"] != each["mocked"]] == []
