"""The kill matrix of a mutant of each kind, word by word: `matrix.txt`, which `make findings` writes."""

from pathlib import Path
from unittest.mock import patch

from bluejay_contract.contract import Contract
from bluejay_contract.matrix import kill_matrix
from bluejay_contract.mutants import catalogue

TEXT = Path(__file__).with_name("matrix.txt")
IDS = {
    "200:legal::filled-settled_with_failures",
    "200:type::null",
    "200:format:/simulation_run/created_at:no-zone",
    "200:body:deep",
    "422:legal::filled-missing_api_key",
    "protocol:status:302",
    "protocol:status:404",
    "protocol:key:200-wrong",
    "protocol:key:in-body",
    "protocol:method:200-to-POST",
    "cross-read:run-status-moves-forward:running",
    "retrieve_simulation_result:protocol:status:404",
    "queue_simulation_run:200:type::null",
    "queue_simulation_run:200:body:deep",
    "queue_simulation_run:protocol:body:success-under-422",
    "get_simulation_runs:200:body:error-under-200",
}


def text() -> str:
    """Return the matrix as Markdown and as JSON."""
    few = [each for each in catalogue(Contract.load()) if each.id in IDS]
    with patch("bluejay_contract.matrix.catalogue", lambda _: few):
        matrix = kill_matrix(Contract.load())
    return f"{matrix.to_markdown()}\n\n{matrix.to_json()}\n"


def test_the_judges_give_the_expected_matrix() -> None:
    assert text().splitlines() == TEXT.read_text().splitlines()


if __name__ == "__main__":
    TEXT.write_text(text())
