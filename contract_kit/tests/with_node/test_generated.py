"""`contract-kit test --generated` with clients in the layouts of TypeScript generators."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from contract_kit.errors import KitError
from contract_kit.serve.generated import doubt_about, worker_of

from ..command import DOCUMENT
from ..matrices.calls import in_folder
from ..matrices.generated import outcome
from ..matrices.texts import Case, files
from ..tables import table

FILES = files(Path(__file__).with_name("clients.txt"))
"""Small clients, and a stand-in for tsx, which loads .ts files. Node.js 20 can't load them."""
SDK = FILES["sdk/sdk.gen.js"]
TSX = "node_modules/tsx/package.json"
CHANGES = {
    "": {},
    "no function for createOrder": {"sdk/sdk.gen.js": SDK.replace("createOrder", "other")},
    "tsx": {"app/client.ts": FILES["orval/client.js"]},
    "no tsx": {"client.ts": "export const one: number = 1;", TSX: "{}"},
    "broken": {"broken.js": "throw new RangeError('broken');"},
    "needy": {"needy.js": "import 'absent-package';"},
}


def results(given: Iterable[Case]) -> Iterator[str]:
    """Yield what each JavaScript client does: `CLIENT; CHANGE`."""
    for case in given:
        client, _, change = case.text.partition("; ")
        with in_folder({**FILES, **CHANGES[change], "orders.yaml": DOCUMENT}):
            yield outcome(client)


def test_a_missing_node_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(KitError, match=r"Node\.js 20"):
        worker_of("orval:orval/client.js", None)


@table("version, is_tested", [("7.13.2", True), ("99.1.0", False), ("6.0.0", False)])
def test_an_untested_generator_version_causes_a_warning(version: str, is_tested: bool) -> None:
    with in_folder({"node_modules/orval/package.json": json.dumps({"version": version})}):
        assert (doubt_about("orval:orval/client.js", None) == "") is is_tested
