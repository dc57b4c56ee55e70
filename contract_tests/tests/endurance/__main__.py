"""The soak: `make soak MINUTES=20`.

For some minutes, the memory of the stub grows until it remembers its maximum number of requests.
"""

import argparse
import sys

from .samples import growth, not_flat, table
from .soak import Soak

_SAMPLES = 120


def main() -> int:
    """Run a soak, print its figures and return the exit code: 1 if a figure is not flat."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    seconds = parser.parse_args().minutes * 60
    soak = Soak(lambda soak: soak.samples[-1].seconds >= seconds, every=seconds / _SAMPLES)
    soak.run()
    samples = soak.samples
    trends = [
        f"by its trend, memory grew by {growth(samples, 'memory') / 1e6:+.2f} MB, "
        f"the stub's by {growth(samples, 'stub_memory') / 1e6:+.2f} MB"
    ]
    ends = ", ".join(f"{end} {count:,}" for end, count in soak.ended.most_common())
    grown = not_flat(samples)
    verdict = f"NOT FLAT: {', '.join(grown)}" if grown else "flat"
    sys.stdout.writelines(f"{line}\n" for line in (*table(samples), f"calls: {ends}", *trends, verdict))
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
