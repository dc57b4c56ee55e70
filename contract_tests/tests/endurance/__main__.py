"""The soak: `make soak MINUTES=20`."""

import argparse
import sys

from .soak import Soak, not_flat

_SAMPLES = 120
_SHOWN = 20


def main() -> int:
    """Run a soak, print the measured values, and return the exit code: 1 if memory or files grow."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    seconds = parser.parse_args().minutes * 60
    soak = Soak(lambda soak: soak.samples[-1].seconds >= seconds, every=seconds / _SAMPLES)
    soak.run()
    for each in soak.samples[:: _SAMPLES // _SHOWN]:
        sys.stdout.write(f"{each.seconds:6.0f} s {each.memory / 1e6:8.1f} MB {each.files:5} handles\n")
    ends = ", ".join(f"{end} {count:,}" for end, count in soak.ended.most_common())
    grown = not_flat(soak.samples)
    sys.stdout.write(f"calls: {ends}\n{'NOT FLAT: ' + ', '.join(grown) if grown else 'flat'}\n")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
