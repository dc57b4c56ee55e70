"""Measure one case with pyperf: python -m benchmarks.worker CASE --worker ..."""

from __future__ import annotations

import pyperf

from .cases import CASES


def main() -> None:
    """Measure the case specified on the command line."""
    runner = pyperf.Runner()
    runner.argparser.add_argument("case", choices=CASES)
    case = CASES[runner.parse_args().case]
    runner.metadata["unit"] = case.unit
    runner.bench_time_func(case.name, case.prepare())


if __name__ == "__main__":
    main()
