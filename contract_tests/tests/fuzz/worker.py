"""One process of the fuzzer: `python -m contract_tests.tests.fuzz.worker`, started by the campaign."""

from __future__ import annotations

import argparse
import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from .session import Session

OURS = ["bluejay_api", "bluejay_results", "bluejay_contract.checks"]
_FROM_FOUND = 0.6
"""The share of bodies that start from what was found; most of that is malformed, and stays so."""


def main() -> None:
    """Judge mutated bodies until there were enough."""
    options = _options()
    if options.guided:
        _guided(options)
    from .corpus import seeds
    from .mutation import generator, mutated

    session, bodies = _session(options), seeds()
    random = generator(options.seed)
    while not session.is_over:
        session.take(mutated(random.choice(bodies), random, bodies))
    session.finish()


def _guided(options: argparse.Namespace) -> NoReturn:
    """Let atheris choose what to mutate: what reached code of ours that nothing had reached before."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=OURS):
        session = _session(options)
    from .corpus import seeds
    from .mutation import generator, mutated

    bodies, random = seeds(), generator(options.seed)

    def mutate(body: bytes, max_size: int, seed: int) -> bytes:
        random.seed(seed)
        start = body if random.random() < _FROM_FOUND else random.choice(bodies)
        return mutated(start, random, bodies)[:max_size]

    def take(body: bytes) -> None:
        session.take(body)
        if session.is_over:
            session.finish()
            os._exit(0)  # libFuzzer has no other end than a crash

    atheris.Setup(_command_line(options, bodies), take, custom_mutator=mutate)
    atheris.Fuzz()
    raise AssertionError("libFuzzer returned")


def _command_line(options: argparse.Namespace, bodies: tuple[bytes, ...]) -> list[str]:
    """Write the corpus; return how to start libFuzzer on it. The campaign watches time and memory."""
    from .mutation import MAX_BYTES

    corpus = options.folder / "corpus"
    corpus.mkdir()
    for number, body in enumerate(bodies):
        (corpus / str(number)).write_bytes(body)
    bodies_made = [f"-seed={options.seed}", f"-max_len={MAX_BYTES}", "-len_control=0", "-mutate_depth=2"]
    not_watched = ["-timeout=1000000", "-rss_limit_mb=0", f"-artifact_prefix={options.folder}/"]
    return ["fuzz", *bodies_made, *not_watched, str(corpus)]


def _session(options: argparse.Namespace) -> Session:
    from .session import Session  # with all that is judged: atheris has to see it being imported

    return Session(
        options.folder,
        bodies=options.bodies,
        seconds=options.seconds,
        commands_every=options.commands_every,
        crashes=options.crashes,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("crashes", type=Path)
    parser.add_argument("--bodies", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--commands-every", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--guided", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
