"""MSW exports: a client gets the same responses from MSW as from the kit's own server."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from contract_kit.export import msw

from ..command import Run
from .serving import DOCUMENT, HERE, NODE_MODULES, browsed, offered

PAGE = """\
<!doctype html>
<script src="node_modules/msw/lib/iife/index.js"></script>
<script type="importmap">{"imports": {"msw": "./msw.mjs"}}</script>
<script type="module">
import { handlers } from "./mocks/handlers.mjs";
const worker = MockServiceWorker.setupWorker();
globalThis.isReady = false;
globalThis.answerWith = (id) => worker.resetHandlers(...handlers(id));
await worker.start({ quiet: true });
globalThis.isReady = true;
</script>
"""
"""A page that loads MSW as a script with a global variable. With a bundler, it would import `msw`."""

TYPED = """\
import { setupServer } from "msw/node";
import { handlers, leftOut, mutants } from "./mocks/handlers.mjs";

const server = setupServer();
for (const { id, expect } of mutants) if (expect === "refuse") server.resetHandlers(...handlers(id));
export const texts: string[] = mutants.flatMap((each) => [each.operation, each.breaks, each.control]);
export const reasons: string[] = leftOut.map(({ id, reason }) => id + reason);
// @ts-expect-error -- no mutant has this expectation
mutants.filter((each) => each.expect === "refused");
// @ts-expect-error -- the field has another name
mutants.map((each) => each.reason);
// @ts-expect-error -- a mutant isn't its id
handlers(mutants[0]);
"""
"""A program that compiles only if the module has the expected types."""


@pytest.fixture(autouse=True)
def _exported(kit: Run) -> None:
    """Export the mutants to the folder `mocks`, next to the installed packages."""
    assert kit("export", DOCUMENT, "--to", "msw", "-o", "mocks").code == 0
    Path("node_modules").symlink_to(NODE_MODULES)


@contextmanager
def served() -> Iterator[str]:
    """Serve the current folder, and yield the server's URL."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Write nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(Path.cwd()))) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_node_client_gets_the_same_responses_from_msw_as_from_the_kits_server() -> None:
    shutil.copy(HERE / "sending.mjs", "sending.mjs")
    with offered(msw.obstacle) as requests:
        given = json.dumps({"requests": requests, "url": "http://orders.test/v1"})
        node = shutil.which("node") or "node"
        output = subprocess.check_output([node, "sending.mjs"], input=given, text=True)
    found = json.loads(output)
    assert len(found) == len(requests) > 400
    assert [each for each in found if each["real"] != each["mocked"]] == []


def test_a_chromium_page_gets_the_same_response_from_msw_as_from_the_kits_server() -> None:
    Path("index.html").write_text(PAGE)
    Path("msw.mjs").write_text("export const { http, HttpResponse } = MockServiceWorker;")
    shutil.copy(NODE_MODULES / "msw" / "lib" / "mockServiceWorker.js", "mockServiceWorker.js")
    with offered(msw.obstacle, "getOrder") as requests, served() as page:
        origin = "/".join(requests[0]["url"].split("/")[:3])
        real = browsed(f"{origin}/", [each | {"target": each["url"]} for each in requests])
        mocked = browsed(f"{page}/", [each | {"target": f"{page}/v1{each['path']}"} for each in requests])
    both = zip(requests, real, mocked, strict=True)
    assert [(each["id"], *got) for each, *got in both if got[0] != got[1]] == []
    assert len(requests) > 100


@pytest.mark.parametrize("resolution", ["bundler", "nodenext"])
def test_typescript_finds_the_exported_modules_types(resolution: str) -> None:
    Path("typed.mts").write_text(TYPED)
    module = "esnext" if resolution == "bundler" else resolution
    options = ("--strict", "--noEmit", "--target", "es2022", "--module", module)
    command = [str(NODE_MODULES / ".bin" / "tsc"), *options, "--moduleResolution", resolution, "typed.mts"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
