"""The fuzzer: `make fuzz SECONDS=60`, optionally with BODIES, in several processes."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from .session import Session

COMMANDS_EVERY = 10
"""The commands take about five times as long as the decoder, so they read only some of the bodies."""

OURS = ["bluejay_api", "bluejay_results", "bluejay_contract.checks"]
_FROM_FOUND = 0.6
"""The share of bodies that start from bodies found earlier, most of which are malformed."""


def main() -> int:
    """Start the workers, or run as one; return the exit code, which is 1 if a failure was found."""
    options = _options()
    if options.worker:
        return _worker(options)
    is_guided = importlib.util.find_spec("atheris") is not None
    by = "guided by coverage, by atheris" if is_guided else "not guided: atheris is not installed here"
    sys.stdout.write(f"Fuzzing, {by}, seed {options.seed}, {options.workers} workers\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", __package__, "--worker", *sys.argv[1:]]
    command.append(f"--bodies={-(-options.bodies // options.workers)}")
    seeds = range(options.seed, options.seed + options.workers)
    workers = [subprocess.Popen([*command, f"--seed={seed}"]) for seed in seeds]
    codes = [worker.wait() for worker in workers]
    return int(any(codes))


def _worker(options: argparse.Namespace) -> int:
    with TemporaryDirectory(prefix="fuzz-") as folder:
        if importlib.util.find_spec("atheris"):
            _guided(options, Path(folder))
        from .corpus import seeds
        from .mutation import generator, mutated

        session, bodies, random = _session(options, Path(folder)), seeds(), generator(options.seed)
        while not session.is_over:
            session.take(mutated(random.choice(bodies), random, bodies))
        return _end(session)


def _guided(options: argparse.Namespace, folder: Path) -> NoReturn:
    """Let atheris choose the bodies to mutate: those that reached new code."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=OURS):
        session = _session(options, folder)
    from .corpus import seeds
    from .mutation import MAX_BYTES, generator, mutated

    bodies, random = seeds(), generator(options.seed)

    def mutate(body: bytes, max_size: int, seed: int) -> bytes:
        random.seed(seed)
        start = body if random.random() < _FROM_FOUND else random.choice(bodies)
        return mutated(start, random, bodies)[:max_size]

    def take(body: bytes) -> None:
        session.take(body)
        if session.is_over:
            code = _end(session)
            shutil.rmtree(folder)
            os._exit(code)  # libFuzzer can end only with a crash

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, body in enumerate(bodies):
        (corpus / str(number)).write_bytes(body)
    made = [f"-seed={options.seed}", f"-max_len={MAX_BYTES}", "-len_control=0", "-mutate_depth=2"]
    not_watched = ["-timeout=1000000", "-rss_limit_mb=0", f"-artifact_prefix={folder}/"]
    atheris.Setup(["fuzz", *made, *not_watched, str(corpus)], take, custom_mutator=mutate)
    atheris.Fuzz()
    raise AssertionError("libFuzzer returned")


def _session(options: argparse.Namespace, folder: Path) -> Session:
    from .session import Session  # this imports the tested code, which atheris must instrument

    limits = {"bodies": options.bodies, "seconds": options.seconds}
    return Session(folder, **limits, commands_every=COMMANDS_EVERY, crashes=options.crashes)


def _end(session: Session) -> int:
    code = session.finish()
    sys.stdout.writelines(f"{line}\n" for line in session.report())
    sys.stdout.flush()
    return code


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--bodies", type=int, default=1_000_000_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--crashes", type=Path, default=Path(__file__).parent / "crashes")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
