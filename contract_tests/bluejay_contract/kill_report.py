"""Run the kill matrix, and write the reports and CONTRACT.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from contract_kit.errors import KitError

from .contract import Contract
from .contract_report import contract_markdown
from .matrix import kill_matrix


def main() -> int:
    """Run the command. Return 1 on a survivor, 2 on an unusable contract, otherwise 0."""
    parser = argparse.ArgumentParser(prog="python -m bluejay_contract.kill_report", description=__doc__)
    parser.add_argument("--contract", help="an OpenAPI document (default: the shipped one)")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(".build"),
        help="folder for mutants.json and mutants.md (default: .build)",
    )
    parser.add_argument("--report", type=Path, help="file to write CONTRACT.md to (default: none)")
    arguments = parser.parse_args()
    try:
        return _prove(Contract.load(arguments.contract), arguments.output, arguments.report)
    except KitError as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return 2


def _prove(contract: Contract, output: Path, report: Path | None) -> int:
    matrix = kill_matrix(contract, _progress if sys.stderr.isatty() else None)
    output.mkdir(parents=True, exist_ok=True)
    (output / "mutants.json").write_text(matrix.to_json(), encoding="utf-8")
    (output / "mutants.md").write_text(matrix.to_markdown(), encoding="utf-8")
    if report:
        report.write_text(contract_markdown(contract, matrix), encoding="utf-8")
    sys.stdout.write(f"{matrix.to_markdown()}\n")
    return 1 if matrix.survivors else 0


def _progress(count: int, total: int) -> None:
    sys.stderr.write(f"\r{count} of {total} judged" + ("\n" if count == total else ""))


if __name__ == "__main__":
    sys.exit(main())
