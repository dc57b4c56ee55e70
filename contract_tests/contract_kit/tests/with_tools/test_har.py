"""HAR exports: with Playwright, a page in Chromium gets the same responses as from the kit's own server."""

import json
from pathlib import Path

from contract_kit.export import har

from ..command import Run
from .serving import DOCUMENT, browsed, offered

URL = "/v1/orders/42"


def test_chromium_gets_the_same_response_from_a_har_export_as_from_the_kits_server(kit: Run) -> None:
    with offered(har.obstacle, "getOrder") as requests:
        origin = "/".join(requests[0]["url"].split("/")[:3])
        options = ("--to", "har", "-o", "mocks", "--url", origin + URL)
        assert kit("export", DOCUMENT, *options, "--operation", "getOrder").code == 0
        mutants = json.loads(Path("mocks/mutants.json").read_bytes())["mutants"]
        real = [each | {"target": each["url"]} for each in requests]
        mocked = [
            each | {"target": mutant["url"], "har": f"mocks/{mutant['file']}"}
            for each, mutant in zip(requests, mutants, strict=True)
        ]
        found = browsed(f"{origin}/", [*real, *mocked])
    assert [each["id"] for each in mutants] == [each["id"] for each in requests]
    both = zip(mutants, found[: len(real)], found[len(real) :], strict=True)
    assert [each for each in both if each[1] != each[2]] == []
    assert len(mutants) > 100
