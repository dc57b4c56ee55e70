"""The fuzzer: `make fuzz SECONDS=60`, or as many bodies as are asked for."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys

from .campaign import Plan, Result, run

GROWTH = 32 << 20
"""How much a worker may grow once it is warm (bytes): a hundred bytes lost a body are more, in a night."""

COMMANDS_EVERY = 10
"""The commands take some five times as long as the decoder, so not every body goes through them."""

_LISTED = 12


def report(result: Result) -> list[str]:
    """Return the figures of a campaign, a line each."""
    figures = result.figures
    rate = figures.bodies / figures.seconds if figures.seconds else 0
    memory = ", ".join(f"{warm / 1e6:.1f} -> {end / 1e6:.1f} MB" for warm, end in result.memory)
    return [
        f"bodies    {figures.bodies:,} through the decoder",
        f"          {figures.in_commands:,} of them through both commands as well",
        f"time      {figures.seconds:.0f} s, {rate:,.0f} bodies a second",
        "outcomes  " + ", ".join(f"{name} {count:,}" for name, count in figures.outcomes.most_common()),
        f"errors    {len(figures.shapes)} kinds, such as:",
        *(f"          {count:>9,}  {said}" for said, count in figures.shapes.most_common(_LISTED)),
        f"slowest   {figures.slowest * 1000:.0f} ms",
        f"memory    {memory} resident, warm and at the end",
        *(f"FAILED    {count:,} times {kind}" for kind, count in figures.failures.items()),
    ]


def has_passed(result: Result) -> bool:
    """Whether nothing came out that must not, and memory stayed flat."""
    return not result.figures.failures and all(end - warm <= GROWTH for warm, end in result.memory)


def main() -> int:
    """Run a campaign and print its figures; return the exit code."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--bodies", type=int, default=1_000_000_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--commands-every", type=int, default=COMMANDS_EVERY)
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    guided = importlib.util.find_spec("atheris") is not None
    by = "guided by coverage, by atheris" if guided else "not guided: atheris is not installed here"
    sys.stdout.write(f"Fuzzing, {by}, seed {options.seed}, {options.workers} workers\n")
    plan = Plan(
        bodies=options.bodies,
        seconds=options.seconds,
        commands_every=options.commands_every,
        workers=options.workers,
        seed=options.seed,
        guided=guided,
    )
    result = run(plan)
    sys.stdout.writelines(f"{line}\n" for line in report(result))
    return 0 if has_passed(result) else 1


if __name__ == "__main__":
    sys.exit(main())
