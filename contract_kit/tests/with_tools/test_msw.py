"""MSW exports: a client gets the same responses from MSW as from the kit's own server."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from contract_kit.derive.catalogue import Catalogue
from contract_kit.export.selection import select
from contract_kit.serve.server import KitServer

from ..command import Run

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
NODE_MODULES = ROOT / ".build" / "tools" / "node_modules"
NODE = shutil.which("node") or "node"

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
    """Export the example's mutants, with two more responses: one without a body, and a redirect."""
    document = yaml.safe_load((ROOT / "examples" / "orders" / "openapi.yaml").read_text())
    elsewhere = {"Location": {"required": True, "schema": {"type": "string"}}}
    document["paths"]["/orders/{id}"]["get"]["responses"] |= {
        "204": {"description": ""},
        "307": {"description": "", "headers": elsewhere},
    }
    Path("document.json").write_text(json.dumps(document))
    assert kit("export", "document.json", "--to", "msw", "-o", "mocks").code == 0
    Path("node_modules").symlink_to(NODE_MODULES)


def test_a_client_gets_the_same_responses_from_msw_as_from_the_kits_server() -> None:
    shutil.copy(HERE / "sending.mjs", "sending.mjs")
    catalogue, requests = Catalogue.load("document.json"), []
    with ExitStack() as stack:
        server = stack.enter_context(KitServer(catalogue, offers_only=True))
        for each in select(catalogue, (), None).served:
            request = each.mutant.operation.request
            url = stack.enter_context(server.offer(each.mutant)).url + request.path
            requests.append({"id": each.mutant.id, "url": url} | request.described())
        given = json.dumps({"requests": requests, "url": "http://orders.test/v1"})
        found = json.loads(subprocess.check_output([NODE, "sending.mjs"], input=given, text=True))
    assert len(found) == len(requests) > 400
    assert [each for each in found if each["real"] != each["mocked"]] == []


def test_in_the_documented_example_the_client_accepts_a_broken_response() -> None:
    text = (ROOT / "docs" / "other-tools.md").read_text()
    commands, code = re.findall(r"^```(?:sh|js)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[:2]
    Path("examples").symlink_to(ROOT / "examples")
    Path(code.split()[1]).write_text(code)
    shutil.rmtree("mocks")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for command in commands.splitlines()[1:]:  # the first installs MSW
        ended = subprocess.run(
            command.split(), env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
        )
    assert ended.returncode == 1
    assert re.search(r"^(ok \d+ - |✔ )getOrder:control", ended.stdout, re.MULTILINE), ended.stdout
    failed = r"^(not ok \d+ - |✖ )getOrder:200:(minimum|format|type):/"
    assert re.search(failed, ended.stdout, re.MULTILINE), ended.stdout


@pytest.mark.parametrize("resolution", ["bundler", "nodenext"])
def test_typescript_finds_the_exported_modules_types(resolution: str) -> None:
    Path("typed.mts").write_text(TYPED)
    module = "esnext" if resolution == "bundler" else resolution
    options = ("--strict", "--noEmit", "--target", "es2022", "--module", module)
    command = [str(NODE_MODULES / ".bin" / "tsc"), *options, "--moduleResolution", resolution, "typed.mts"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
