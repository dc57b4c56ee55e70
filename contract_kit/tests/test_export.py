"""`contract-kit export`: what is exported or left out. `make test-tools` uses the exports."""

from pathlib import Path

import pytest

from contract_kit.export.selection import select

from .command import Run
from .documents import answering, catalogue, json_response, openapi

THING = catalogue(
    openapi(
        answering(
            {
                "200": json_response({"properties": {"id": {"type": "integer"}}}),
                "404": json_response({"type": "string"}),
            }
        )
    )
)
EXPORT = ("export", "orders.yaml", "--to", "msw", "-o", "mocks", "--sample", "9")


@pytest.mark.parametrize("sample", [None, 20])
def test_an_export_lists_each_valid_response_before_its_mutants(sample: int | None) -> None:
    served = select(THING, (), sample).served
    bases = [each.mutant.base for each in served]
    assert [base for number, base in enumerate(bases) if base not in bases[:number]] == ["", "404"]
    assert bases == sorted(bases)
    controls = [each.mutant.id for each in served if each.mutant.id == each.control]
    assert [each.control for each in served] == [controls[base == "404"] for base in bases]


def test_each_mutant_is_exported_or_left_out_with_a_reason() -> None:
    found = select(THING, (), None)
    exported = {each.mutant.id for each in found.served if each.mutant.id != each.control}
    left_out = {each.mutant.id: each.reason for each in found.left_out if each.reason}
    assert exported.isdisjoint(left_out)
    assert exported | left_out.keys() == {each.id for each in THING.mutants()}


def test_an_export_replaces_an_earlier_export(kit: Run) -> None:
    assert kit(*EXPORT).code == 0
    fresh = {each: each.read_bytes() for each in Path("mocks").iterdir()}
    Path("mocks/handlers.mjs").write_text("old")
    assert kit(*EXPORT).code == 0
    assert {each: each.read_bytes() for each in Path("mocks").iterdir()} == fresh


@pytest.mark.parametrize(
    "name", ["notes.txt", "mappings/mine.json", "handlers.mjs.bak", ".hidden", "handlers.mjs"]
)
def test_an_export_into_a_folder_with_a_foreign_file_or_a_link_changes_nothing(kit: Run, name: str) -> None:
    other = Path("mocks", name)
    other.parent.mkdir(parents=True)
    if name == "handlers.mjs":
        Path("kept.mjs").write_text("mine")
        other.symlink_to(Path("kept.mjs").absolute())
    else:
        other.write_text("mine")
    before = {each: each.read_bytes() for each in Path().rglob("*") if each.is_file()}
    ended = kit(*EXPORT)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert {each: each.read_bytes() for each in Path().rglob("*") if each.is_file()} == before
