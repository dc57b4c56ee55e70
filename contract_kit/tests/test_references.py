"""References can lead only to regular files in the document's folder, unless `--ref-root` allows more."""

import json
import os
from pathlib import Path

import pytest

from .command import Run
from .documents import of_schema
from .tables import table

COMMANDS = (
    "mutants api/openapi.json",
    "export api/openapi.json --to msw -o new",
    "diff api/openapi.json orders.yaml",
    "diff orders.yaml api/openapi.json",
    "serve api/openapi.json",
    "test api/openapi.json --exec true",
)
TEXT = {"type": "string", "minLength": 2}


@pytest.fixture
def api(folder: Path) -> Path:
    """Return a folder for a document, next to a file to which the document may not refer."""
    (folder / "shared.json").write_text(json.dumps(TEXT))
    (folder / "api" / "below").mkdir(parents=True)
    (folder / "api" / "link.json").symlink_to(folder / "shared.json")
    (folder / "api" / "linked").symlink_to(folder)
    os.mkfifo(folder / "api" / "pipe")
    return folder / "api"


def write(api: Path, reference: str) -> None:
    """Write a document whose response's schema is in another file."""
    document = of_schema({"$ref": reference.format(folder=api.parent)})
    (api / "openapi.json").write_text(json.dumps(document))


@table(
    "reference",
    ["../shared.json", "{folder}/shared.json", "below/../../shared.json", "link.json", "linked/shared.json"],
)
def test_a_reference_that_leads_out_of_the_documents_folder_is_refused(
    kit: Run, api: Path, reference: str
) -> None:
    """It can be relative or absolute, or lead through links."""
    write(api, reference)
    ended = kit("mutants", "api/openapi.json")
    [line] = ended.err.splitlines()
    assert (ended.code, ended.out) == (2, "")
    assert ("--ref-root" in line, Path(reference).name in line) == (True, True)


@table("command", COMMANDS)
def test_every_command_refuses_a_reference_to_a_file_outside_the_folder(
    kit: Run, api: Path, command: str
) -> None:
    write(api, "../shared.json")
    ended = kit(*command.split())
    assert (ended.code, ended.err.count("\n"), "--ref-root" in ended.err) == (2, 1, True)


@table("command, root", [(command, root) for command in COMMANDS[:4] for root in (".", "{folder}")])
def test_files_in_the_ref_root_folder_may_be_read(kit: Run, api: Path, command: str, root: str) -> None:
    write(api, "../shared.json")
    ended = kit(*command.split(), "--ref-root", root.format(folder=api.parent))
    assert (ended.code in (0, 1), "--ref-root" in ended.err) == (True, False)


def test_a_document_may_still_refer_to_its_own_folder_and_to_a_schema_that_leads_back(
    kit: Run, api: Path
) -> None:
    name = {"$ref": "../openapi.json#/components/schemas/Name"}
    (api / "below" / "shapes.json").write_text(json.dumps({"$defs": {"Box": {"properties": {"name": name}}}}))
    document = of_schema({"$ref": "below/shapes.json#/$defs/Box"}, Name=TEXT)
    (api / "openapi.json").write_text(json.dumps(document))
    for options in ((), ("--ref-root", "api/linked")):
        ended = kit("mutants", "api/openapi.json", "--jsonl", *options)
        locations = {json.loads(line).get("schema_location") for line in ended.out.splitlines()}
        assert (ended.code, "/components/schemas/Name/minLength" in locations) == (0, True)


@table("reference", ["/dev/stdin", "/dev/zero", "pipe", "a%00b.json", "x" * 5000, "http://["])
def test_no_reference_makes_the_kit_wait_or_crash(kit: Run, api: Path, reference: str) -> None:
    write(api, reference)
    ended = kit("mutants", "api/openapi.json", "--ref-root", "/")
    assert (ended.code, ended.err.count("\n")) == (2, 1)


@table("file", ["/dev/zero", "api/pipe"])
def test_a_document_must_be_a_regular_file(kit: Run, api: Path, file: str) -> None:
    assert api.exists()
    ended = kit("mutants", file)
    assert (ended.code, ended.err.count("\n"), file in ended.err) == (2, 1, True)
